//! [`Decomposition`]: the fields and alternatives of rules as rules of their own.

use hashbrown::HashMap;

use crate::error::{PatternError, Span};
use crate::id::RuleId;
use crate::pattern::branch::{Branch, Choice, expand};
use crate::pattern::{Alternative, Pattern, ValueTest};
use crate::rules::RuleSet;

use super::held::Held;
use super::part;

/// A rule set extended by its parts: each field, and each alternative of a field, is a rule of its
/// own. A matcher of the extended set returns the rules and the parts that an event satisfies.
///
/// The first rules are the rules of the original set, with their ids. The parts follow. Equal parts
/// of several rules are one rule.
///
/// ```
/// use galop::explain::Decomposition;
/// use galop::{Matcher, RuleSet, Scratch};
///
/// let mut rules = RuleSet::new();
/// let rule = rules.add(r#"{"source":["aws.ec2"],"detail":{"state":["stopped","terminated"]}}"#)?;
///
/// let decomposition = Decomposition::new(&rules)?;
/// let matcher = Matcher::new(decomposition.rule_set())?;
/// let event = br#"{"source":"aws.s3","detail":{"state":"stopped"}}"#;
/// let mut scratch = Scratch::new();
/// let ids = matcher.matches(&mut scratch, event)?;
///
/// let [source, state] = decomposition.fields(rule) else { panic!() };
/// assert!(!ids.contains(&rule));
/// assert!(!ids.contains(&source.id()));
/// assert!(ids.contains(&state.id()));
/// let reached = state.alternatives().map(|alternative| ids.contains(&alternative.id()));
/// assert_eq!(reached.collect::<Vec<_>>(), [true, false]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Decomposition {
    set: RuleSet,
    shapes: Vec<Shape>,
}

/// The fields of a rule, and the branches that combine them.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) fields: Vec<FieldPart>,
    pub(crate) branches: Vec<Branch>,
    /// The factored `$or`s. An inner one precedes the one around it.
    pub(crate) choices: Vec<Choice>,
}

/// A field of a rule.
#[derive(Debug)]
pub struct FieldPart {
    pub(crate) path: Box<[u8]>,
    id: RuleId,
    span: Span,
    alternatives: Vec<AlternativePart>,
    /// False if a later field with the same path takes the place of this one in every branch.
    in_play: bool,
}

/// An alternative of a field.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct AlternativePart {
    id: RuleId,
    /// The index of the alternative in the field that is the part `id`.
    index: u32,
    span: Span,
}

impl FieldPart {
    /// Returns the path: the names joined by dots. An unpaired surrogate is replaced by `U+FFFD`.
    #[must_use]
    pub fn path(&self) -> String {
        String::from_utf8_lossy(&self.path).into_owned()
    }

    /// Returns the id of the field in [`Decomposition::rule_set`].
    #[must_use]
    pub fn id(&self) -> RuleId {
        self.id
    }

    /// Returns the position of the last name of the field in the text of the pattern.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }

    /// Returns false if a later field with the same path takes the place of this one everywhere. Such
    /// a field has no effect.
    #[must_use]
    pub fn is_in_play(&self) -> bool {
        self.in_play
    }

    /// Returns the alternatives, in the order of the text.
    pub fn alternatives(&self) -> impl ExactSizeIterator<Item = AlternativePart> {
        self.alternatives.iter().copied()
    }
}

impl AlternativePart {
    /// Returns the id of the alternative in [`Decomposition::rule_set`]. If only fields are parts,
    /// it is the id of the field.
    #[must_use]
    pub fn id(&self) -> RuleId {
        self.id
    }

    /// Returns the position of the alternative in the text of the pattern.
    #[must_use]
    pub fn span(&self) -> Span {
        self.span
    }
}

impl Decomposition {
    /// Decomposes a rule set. Takes time and memory in proportion to the text of the patterns, and to
    /// their expanded branches.
    ///
    /// # Errors
    ///
    /// Returns an error with the code `rule-set-full` if the rules and their parts are more than
    /// [`RuleId::MAX_RULES`].
    pub fn new(rules: &RuleSet) -> Result<Decomposition, PatternError> {
        Decomposition::of(rules, true)
    }

    /// Decomposes a rule set into fields only. Its matcher is smaller and faster. An alternative then
    /// has the id of its field.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Decomposition::new`].
    pub fn of_fields(rules: &RuleSet) -> Result<Decomposition, PatternError> {
        Decomposition::of(rules, false)
    }

    fn of(rules: &RuleSet, has_alternatives: bool) -> Result<Decomposition, PatternError> {
        let mut parts = Parts { set: rules.clone(), known: HashMap::new(), has_alternatives };
        let mut shapes = Vec::with_capacity(rules.len());
        for (_, pattern) in rules {
            shapes.push(parts.shape(pattern)?);
        }
        Ok(Decomposition { set: parts.set, shapes })
    }

    /// Returns the rules and their parts.
    #[must_use]
    pub fn rule_set(&self) -> &RuleSet {
        &self.set
    }

    /// Returns the number of rules of the original set.
    #[must_use]
    pub fn rules(&self) -> usize {
        self.shapes.len()
    }

    /// Returns the fields of a rule in the order of the text, or none if the original set has no
    /// such rule.
    #[must_use]
    pub fn fields(&self, rule: RuleId) -> &[FieldPart] {
        self.shapes.get(rule.as_usize()).map_or(&[], |shape| &shape.fields)
    }

    /// Returns the text of an alternative in the notation of a pattern.
    #[must_use]
    pub fn text(&self, alternative: AlternativePart) -> String {
        self.test(alternative).map_or_else(String::new, ToString::to_string)
    }

    pub(crate) fn test(&self, alternative: AlternativePart) -> Option<&ValueTest> {
        let pattern = self.set.get(alternative.id)?;
        part::alternatives(pattern).get(alternative.index as usize).map(|alternative| &alternative.test)
    }

    pub(crate) fn shape(&self, rule: RuleId) -> Option<&Shape> {
        self.shapes.get(rule.as_usize())
    }
}

/// A path and the alternatives on it.
type FieldKey = (Box<[u8]>, Box<[ValueTest]>);

struct Parts {
    set: RuleSet,
    /// The parts by path and alternatives.
    known: HashMap<FieldKey, RuleId>,
    /// True if alternatives are parts.
    has_alternatives: bool,
}

impl Parts {
    fn shape(&mut self, pattern: &Pattern) -> Result<Shape, PatternError> {
        let expansion = expand(pattern, 0);
        let mut in_play = vec![false; expansion.fields.len()];
        let of_choices = expansion.choices.iter().flat_map(|choice| &choice.alternatives);
        for &field in expansion.branches.iter().chain(of_choices).flat_map(|branch| &branch.fields) {
            in_play[field as usize] = true;
        }
        let mut fields = Vec::with_capacity(expansion.fields.len());
        for (field, in_play) in expansion.fields.into_iter().zip(in_play) {
            let id = self.part(&field.path, field.alternatives)?;
            let mut alternatives = Vec::with_capacity(field.alternatives.len());
            for (index, alternative) in field.alternatives.iter().enumerate() {
                let (id, index) = if self.has_alternatives {
                    (self.part(&field.path, std::slice::from_ref(alternative))?, 0)
                } else {
                    (id, index as u32)
                };
                alternatives.push(AlternativePart { id, index, span: alternative.span });
            }
            fields.push(FieldPart { path: field.path, id, span: field.span, alternatives, in_play });
        }
        Ok(Shape { fields, branches: expansion.branches, choices: expansion.choices })
    }

    fn part(&mut self, path: &[u8], alternatives: &[Alternative]) -> Result<RuleId, PatternError> {
        let tests: Box<[ValueTest]> =
            alternatives.iter().map(|alternative| alternative.test.clone()).collect();
        let key = (path.into(), tests);
        if let Some(id) = self.known.get(&key) {
            return Ok(*id);
        }
        let id = self.set.add_pattern(part::field(path, key.1.to_vec()))?;
        self.known.insert(key, id);
        Ok(id)
    }
}

/// Memory for [`Shape::failing`].
#[derive(Debug, Default)]
pub(crate) struct Costs {
    /// For each choice, the fewest failing fields of an alternative, and this alternative.
    choices: Vec<(u32, u32)>,
}

impl Shape {
    /// Returns the branch if there is only one, and no choice.
    pub(crate) fn single(&self) -> Option<&Branch> {
        match self.branches.as_slice() {
            [branch] if branch.choices.is_empty() => Some(branch),
            _ => None,
        }
    }

    /// Returns the least number of fields that fail in a branch, and stores the costs of the choices,
    /// which [`Shape::nearest`] needs.
    pub(crate) fn failing(&self, held: &Held, costs: &mut Costs) -> u32 {
        costs.choices.clear();
        for choice in &self.choices {
            let best = self.best(&choice.alternatives, held, &costs.choices);
            costs.choices.push(best);
        }
        self.best(&self.branches, held, &costs.choices).0
    }

    /// Returns the least number of fields that fail in one of the branches, and the index of the branch.
    fn best(&self, branches: &[Branch], held: &Held, choices: &[(u32, u32)]) -> (u32, u32) {
        let mut best = (u32::MAX, 0);
        for (index, branch) in branches.iter().enumerate() {
            let of_fields =
                branch.fields.iter().filter(|field| !held.has(self.fields[**field as usize].id)).count();
            let costs = branch.choices.iter().map(|&choice| choices[choice as usize].0);
            let of_choices = costs.fold(0, u32::saturating_add);
            let cost = of_choices.saturating_add(of_fields as u32);
            if cost < best.0 {
                best = (cost, index as u32);
            }
        }
        best
    }

    /// Returns the fields of the branch with the fewest failing fields, in ascending order.
    pub(crate) fn nearest(&self, held: &Held, costs: &mut Costs) -> Vec<u32> {
        self.failing(held, costs);
        let (_, branch) = self.best(&self.branches, held, &costs.choices);
        let mut fields = Vec::new();
        let mut open: Vec<&Branch> = self.branches.get(branch as usize).into_iter().collect();
        while let Some(branch) = open.pop() {
            fields.extend_from_slice(&branch.fields);
            for &choice in &branch.choices {
                let (_, alternative) = costs.choices[choice as usize];
                open.extend(self.choices[choice as usize].alternatives.get(alternative as usize));
            }
        }
        fields.sort_unstable();
        fields
    }
}
