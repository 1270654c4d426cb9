//! The numbers of a rule set.

use std::collections::{BTreeMap, HashMap, HashSet};

use galop::error::{Operator, Span};
use galop::lint::{self, Level, Lints, WarningKind};
use galop::pattern::{AnythingBut, Member, Name, Object, ValueTest};
use galop::{Matcher, Pattern, RuleId};
use serde::Serialize;

use crate::quotas::{self, BUS_RULES, BUS_WILDCARD_RULES, Bus};
use crate::rules::{Accepted, Rules};

/// The numbers of a rule set. Lists are in the order in which they are printed.
#[derive(Debug, Serialize)]
pub(super) struct Stats<'r> {
    pub(super) rules: usize,
    pub(super) files: u64,
    pub(super) refused: u64,
    pub(super) disabled: u64,
    pub(super) schedules: u64,
    pub(super) compiled: Compiled,
    /// The fields of all patterns, which have lists of alternatives.
    pub(super) fields: usize,
    pub(super) alternatives: usize,
    /// The distinct alternatives.
    pub(super) distinct_alternatives: usize,
    /// The distinct pairs of a path and an alternative.
    pub(super) predicates: usize,
    /// The predicates that several rules have.
    pub(super) shared_predicates: usize,
    pub(super) ors: usize,
    pub(super) rules_with_or: usize,
    pub(super) operators: Vec<Uses>,
    pub(super) rules_by_fields: Vec<Bucket>,
    pub(super) most_shared: Vec<Shared>,
    pub(super) extremes: Vec<Extreme<'r>>,
    pub(super) same_patterns: Vec<Same<'r>>,
    pub(super) buses: Vec<BusStats<'r>>,
}

/// The numbers of the compiled set.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Compiled {
    pub(super) bytes: usize,
    pub(super) bytes_per_rule: usize,
    pub(super) branches: usize,
    pub(super) paths: usize,
    /// The distinct lists of alternatives on a path.
    pub(super) lists: usize,
}

impl Compiled {
    pub(super) fn of(matcher: &Matcher) -> Compiled {
        let (stats, bytes) = (matcher.stats(), matcher.memory_usage());
        Compiled {
            bytes,
            bytes_per_rule: bytes / stats.rules.max(1),
            branches: stats.branches,
            paths: stats.paths,
            lists: stats.field_tests,
        }
    }
}

/// The uses of an operator.
#[derive(Debug, Serialize)]
pub(super) struct Uses {
    pub(super) name: &'static str,
    pub(super) alternatives: u64,
    pub(super) rules: u64,
}

/// The number of rules with a number of fields.
#[derive(Debug, Serialize)]
pub(super) struct Bucket {
    pub(super) fields: usize,
    pub(super) rules: u64,
}

/// A predicate that several rules have.
#[derive(Debug, Serialize)]
pub(super) struct Shared {
    pub(super) path: String,
    pub(super) alternative: String,
    pub(super) rules: u64,
}

/// The rule with the most of something. The first of several is taken.
#[derive(Debug, Serialize)]
pub(super) struct Extreme<'r> {
    pub(super) measure: &'static str,
    pub(super) value: usize,
    pub(super) rule: &'r str,
    pub(super) file: &'r str,
    pub(super) line: usize,
}

/// A rule with the pattern of an earlier rule.
#[derive(Debug, Serialize)]
pub(super) struct Same<'r> {
    pub(super) rule: &'r str,
    pub(super) earlier: &'r str,
}

/// An event bus and the quotas of the service.
#[derive(Debug, Serialize)]
pub(super) struct BusStats<'r> {
    /// `None` for all rules that name no bus.
    pub(super) bus: Option<&'r str>,
    pub(super) rules: usize,
    pub(super) wildcard_rules: usize,
    pub(super) within_quotas: bool,
}

/// The maximum number of shared predicates that are listed.
const SHARED: usize = 100;

impl<'r> Stats<'r> {
    pub(super) fn of(rules: &'r Rules, compiled: Compiled) -> Stats<'r> {
        let mut counter = Counter::default();
        let mut extremes = Extremes::default();
        let mut by_fields: BTreeMap<usize, u64> = BTreeMap::new();
        let mut rules_with_or = 0;
        for (rule, (_, pattern)) in rules.accepted.iter().zip(rules.set.iter()) {
            let shape = counter.add(pattern);
            *by_fields.entry(shape.fields).or_default() += 1;
            rules_with_or += usize::from(shape.ors > 0);
            extremes.add(rule, pattern, &shape);
        }
        let Counter { operators, predicates, fields, alternatives, ors, .. } = counter;
        let mut operators: Vec<Uses> = operators
            .into_iter()
            .map(|(name, (alternatives, rules))| Uses { name, alternatives, rules })
            .collect();
        operators.sort_by_key(|uses| (std::cmp::Reverse(uses.alternatives), uses.name));
        let distinct: HashSet<&ValueTest> = predicates.keys().map(|(_, test)| *test).collect();
        let shared: Vec<_> = predicates.iter().filter(|(_, uses)| uses.rules > 1).collect();
        Stats {
            rules: rules.accepted.len(),
            files: rules.files,
            refused: rules.refused,
            disabled: rules.disabled,
            schedules: rules.schedules,
            compiled,
            fields,
            alternatives,
            distinct_alternatives: distinct.len(),
            predicates: predicates.len(),
            shared_predicates: shared.len(),
            ors,
            rules_with_or,
            operators,
            rules_by_fields: by_fields.into_iter().map(|(fields, rules)| Bucket { fields, rules }).collect(),
            most_shared: most_shared(&shared, rules),
            extremes: extremes.list(),
            same_patterns: same_patterns(rules),
            buses: buses(rules),
        }
    }
}

/// A path and an alternative.
type Predicate<'p> = (String, &'p ValueTest);

/// The rules that have a predicate.
#[derive(Debug)]
struct PredicateUses {
    rules: u64,
    /// The last rule that has it.
    last: usize,
    /// The position of the first use among all uses.
    first: usize,
    /// The rule of the first use, and the place in its pattern.
    rule: usize,
    span: Span,
}

/// Counts the parts of patterns.
#[derive(Default)]
struct Counter<'p> {
    /// The alternatives and the rules of each operator.
    operators: BTreeMap<&'static str, (u64, u64)>,
    predicates: HashMap<Predicate<'p>, PredicateUses>,
    fields: usize,
    alternatives: usize,
    ors: usize,
    /// The number of patterns.
    patterns: usize,
}

/// The size of one pattern.
#[derive(Debug, Default)]
struct Shape {
    fields: usize,
    alternatives: usize,
    ors: usize,
    /// The most names on a path.
    depth: usize,
}

impl<'p> Counter<'p> {
    fn add(&mut self, pattern: &'p Pattern) -> Shape {
        let mut shape = Shape::default();
        let mut operators = HashSet::new();
        self.object(pattern.root(), "", &mut shape, &mut operators);
        for name in operators {
            self.operators.entry(name).or_default().1 += 1;
        }
        self.fields += shape.fields;
        self.alternatives += shape.alternatives;
        self.ors += shape.ors;
        self.patterns += 1;
        shape
    }

    /// Counts an object. The recursion is bounded by the maximum depth of a pattern.
    fn object(
        &mut self,
        object: &'p Object,
        path: &str,
        shape: &mut Shape,
        operators: &mut HashSet<&'static str>,
    ) {
        for member in &object.members {
            match member {
                Member::Nested { name, object } => {
                    self.object(object, &below(path, name), shape, operators);
                }
                Member::Or { alternatives, .. } => {
                    shape.ors += 1;
                    for object in alternatives {
                        self.object(object, path, shape, operators);
                    }
                }
                Member::Field { name, alternatives } => {
                    let path = below(path, name);
                    shape.fields += 1;
                    shape.depth = shape.depth.max(path.split('.').count());
                    for alternative in alternatives {
                        let name = operator(&alternative.test);
                        operators.insert(name);
                        self.operators.entry(name).or_default().0 += 1;
                        let first = self.alternatives + shape.alternatives;
                        shape.alternatives += 1;
                        let uses = self.predicates.entry((path.clone(), &alternative.test));
                        let rule = self.patterns;
                        let uses = uses.or_insert_with(|| PredicateUses {
                            rules: 1,
                            last: rule,
                            first,
                            rule,
                            span: alternative.span,
                        });
                        uses.rules += u64::from(uses.last != rule);
                        uses.last = rule;
                    }
                }
            }
        }
    }
}

/// Returns the path of a member of the object at `path`.
fn below(path: &str, name: &Name) -> String {
    let name = name.text.as_str().map_or_else(|| name.text.to_string(), str::to_owned);
    if path.is_empty() { name } else { format!("{path}.{name}") }
}

/// Returns the name of an alternative's operators, or of its type if it is a value.
fn operator(test: &ValueTest) -> &'static str {
    match test {
        ValueTest::String(_) => "string",
        ValueTest::Number(_) => "number",
        ValueTest::True | ValueTest::False => "true or false",
        ValueTest::Null => "null",
        ValueTest::PrefixIgnoreCase(_) => "prefix equals-ignore-case",
        ValueTest::SuffixIgnoreCase(_) => "suffix equals-ignore-case",
        ValueTest::AnythingBut(AnythingBut::Prefix(_)) => "anything-but prefix",
        ValueTest::AnythingBut(AnythingBut::Suffix(_)) => "anything-but suffix",
        ValueTest::AnythingBut(AnythingBut::EqualsIgnoreCase(_)) => "anything-but equals-ignore-case",
        ValueTest::AnythingBut(AnythingBut::Wildcard(_)) => "anything-but wildcard",
        other => other.operator().map_or("value", Operator::name),
    }
}

/// Finds the rules with the most of each measure.
#[derive(Default)]
struct Extremes<'r>(BTreeMap<&'static str, Extreme<'r>>);

impl<'r> Extremes<'r> {
    /// The measures in the order in which they are printed.
    const MEASURES: [&'static str; 6] =
        ["names on a path", "fields", "alternatives", "bytes", "$or", "combinations of $or"];

    fn add(&mut self, rule: &'r Accepted, pattern: &Pattern, shape: &Shape) {
        let values = [
            shape.depth,
            shape.fields,
            shape.alternatives,
            pattern.text_length(),
            shape.ors,
            pattern.combinations(),
        ];
        for (measure, value) in Extremes::MEASURES.into_iter().zip(values) {
            if self.0.get(measure).is_none_or(|most| most.value < value) {
                let (file, line) = (&*rule.pattern.file, rule.pattern.begin.line);
                self.0.insert(measure, Extreme { measure, value, rule: &rule.id, file, line });
            }
        }
    }

    /// Returns the rules. A set without `$or` has none for the measures of `$or`.
    fn list(mut self) -> Vec<Extreme<'r>> {
        let has_or = self.0.get("$or").is_some_and(|most| most.value > 0);
        let measures = Extremes::MEASURES.into_iter().filter(|measure| has_or || !measure.contains("$or"));
        measures.filter_map(|measure| self.0.remove(measure)).collect()
    }
}

/// Returns the predicates that most rules have, most first. Predicates of equally many rules are in
/// the order of the files.
fn most_shared(shared: &[(&Predicate<'_>, &PredicateUses)], rules: &Rules) -> Vec<Shared> {
    let mut shared = shared.to_vec();
    shared.sort_by_key(|(_, uses)| (std::cmp::Reverse(uses.rules), uses.first));
    shared.truncate(SHARED);
    let text = |uses: &PredicateUses| {
        let pattern = &rules.accepted[uses.rule].pattern.text;
        pattern.get(uses.span.start..uses.span.end).unwrap_or_default().to_owned()
    };
    let shared = shared.into_iter();
    shared
        .map(|((path, _), uses)| Shared { path: path.clone(), alternative: text(uses), rules: uses.rules })
        .collect()
}

/// Returns the rules that have the pattern of an earlier rule, in the sense of `check`, on any bus.
fn same_patterns(rules: &Rules) -> Vec<Same<'_>> {
    let mut lints = Lints::all(Level::Allow);
    lints.set(WarningKind::SamePattern, Level::Warn);
    let id = |rule: RuleId| rules.accepted[rule.as_usize()].id.as_str();
    let warnings = lint::lint_with(&rules.set, &lints).into_iter();
    warnings
        .filter_map(|warning| Some(Same { rule: id(warning.rule()), earlier: id(warning.other_rule()?) }))
        .collect()
}

/// Returns the event buses, with the most rules first.
fn buses(rules: &Rules) -> Vec<BusStats<'_>> {
    let buses = quotas::buses(rules).into_iter();
    let mut buses: Vec<_> = buses
        .map(|(bus, Bus { rules, wildcard_rules })| BusStats {
            bus,
            rules,
            wildcard_rules,
            within_quotas: rules <= BUS_RULES && wildcard_rules <= BUS_WILDCARD_RULES,
        })
        .collect();
    buses.sort_by_key(|bus| (bus.within_quotas, std::cmp::Reverse(bus.rules)));
    buses
}
