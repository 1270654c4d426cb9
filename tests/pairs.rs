//! Every pair of alternatives in one field, decided with each of the engine's optimisations and by
//! the oracle.
//!
//! The alternatives of a field are joined by "or", but each optimisation stores them differently:
//! as numbers of values in sorted lists, as bits of masks that values set and clear, as exits of a
//! switch, as bits of an index. One alternative must not overwrite the bits of another. The table
//! of [`alternatives`] has every form of the language.

use std::collections::BTreeSet;
use std::fmt::Write;

use galop::error::Operator;
use galop::tuning::{Toggle, Tuning};
use galop::{Matcher, RuleSet, Scratch};
use galop_harness::alternatives::{self, FORMS, LITERALS, VALUES, form, parsed};
use galop_harness::{kernel, oracle};

/// Returns a rule with two alternatives.
type Shape = fn(&str, &str) -> String;

fn in_one_field(one: &str, other: &str) -> String {
    format!(r#"{{"f":[{one},{other}]}}"#)
}

/// Both in one field, with another field of the same array element.
fn in_an_element(one: &str, other: &str) -> String {
    format!(r#"{{"e":{{"f":[{one},{other}],"g":["x"]}}}}"#)
}

fn in_two_branches(one: &str, other: &str) -> String {
    format!(r#"{{"$or":[{{"f":[{one}]}},{{"f":[{other}]}}]}}"#)
}

/// Both in one field, with a `$or` that may be compiled as a choice.
fn beside_a_choice(one: &str, other: &str) -> String {
    format!(r#"{{"f":[{one},{other}],"$or":[{{"g":["x"]}},{{"g":["y"]}}]}}"#)
}

/// A way to decide rules.
struct Optimisation {
    name: &'static str,
    tuning: Tuning,
    /// The maximum number of rules in one set.
    rules: usize,
    /// True if the set has other rules on the same path too.
    crowd: bool,
}

const ALL: usize = usize::MAX;
/// The number of bits of a word.
const WORD: usize = 64;

/// Returns a tuning in which only the changed optimisations are on.
fn only(change: impl FnOnce(&mut Tuning)) -> Tuning {
    let mut tuning = Tuning::default();
    (tuning.switches, tuning.gates, tuning.groups) = (Toggle::Off, Toggle::Off, Toggle::Off);
    (tuning.indexes, tuning.choices) = (Toggle::Off, Toggle::Off);
    change(&mut tuning);
    tuning
}

fn optimisations() -> Vec<Optimisation> {
    let always = Toggle::On;
    let alone = only(|_| {});
    let group = only(|it| it.groups = always);
    let switch = only(|it| it.switches = always);
    let gate = only(|it| (it.gates, it.groups) = (always, always));
    let index = only(|it| it.indexes = always);
    let after_switch = only(|it| (it.switches, it.groups) = (always, always));
    let group_with_index = only(|it| (it.groups, it.indexes) = (always, always));
    let switch_with_index = only(|it| (it.switches, it.indexes) = (always, always));
    let choices = only(|it| it.choices = always);
    let choices_in_group = only(|it| (it.choices, it.groups) = (always, always));
    let choices_with_all = only(|it| {
        (it.choices, it.groups, it.indexes, it.switches) = (always, always, always, always);
    });
    let of = |name, tuning, rules| Optimisation { name, tuning, rules, crowd: false };
    vec![
        of("a rule alone", alone, 1),
        of("a rule alone, automatic", Tuning::default(), 1),
        of("a rule alone in a group", group, 1),
        of("a rule alone in a switch", switch, 1),
        of("a rule alone with an index", index, 1),
        of("rules one by one", alone, ALL),
        of("a group of two", group, 2),
        of("a group of one word", group, WORD),
        of("a group of many words", group, ALL),
        of("a switch", switch, ALL),
        of("a switch for few", switch, WORD),
        of("groups after a switch", after_switch, ALL),
        of("a gate", gate, ALL),
        of("an index", index, ALL),
        of("an index for few", index, WORD),
        of("a group of one word with an index", group_with_index, WORD),
        of("a group of many words with an index", group_with_index, ALL),
        of("a switch with an index", switch_with_index, ALL),
        of("choices", choices, ALL),
        of("choices in a group", choices_in_group, WORD),
        of("choices with all optimisations", choices_with_all, ALL),
        of("automatic for few", Tuning::default(), WORD),
        of("automatic", Tuning::default(), ALL),
        Optimisation { name: "automatic in a crowd", tuning: Tuning::default(), rules: WORD, crowd: true },
        Optimisation { name: "a group in a crowd", tuning: group, rules: WORD, crowd: true },
        Optimisation { name: "a switch in a crowd", tuning: switch_with_index, rules: WORD, crowd: true },
    ]
}

/// Returns all optimisations but the one for a single rule. In the other shapes, a branch of `$or`
/// or another field ensures that the rule is not alone.
fn optimisations_of_sets() -> Vec<Optimisation> {
    optimisations().into_iter().filter(|it| it.rules > 1 || it.tuning == Tuning::default()).collect()
}

/// Returns rules on the paths of all shapes, with values and tests similar to the table.
fn crowd() -> Vec<String> {
    let mut crowd = Vec::new();
    for number in 0..16 {
        for alternative in [
            format!(r#""10.0.0.{number}""#),
            format!(r#""v{number}""#),
            number.to_string(),
            format!(r#"{{"anything-but":["10.0.0.{number}","::{number}"]}}"#),
            format!(r#"{{"anything-but":{{"prefix":"1{number}"}}}}"#),
            format!(r#"{{"prefix":"{number}"}}"#),
            format!(r#"{{"wildcard":"*{number}*a"}}"#),
            format!(r#"{{"equals-ignore-case":"Ab{number}"}}"#),
            format!(r#"{{"cidr":"10.{number}.0.0/16"}}"#),
            format!(r#"{{"numeric":[">",{number}]}}"#),
        ] {
            crowd.push(format!(r#"{{"f":[{alternative}]}}"#));
            crowd.push(format!(r#"{{"e":{{"f":[{alternative}],"g":["x"]}}}}"#));
        }
    }
    crowd
}

/// Returns the pairs of the table as rules of a shape. Each unordered pair is in one order.
///
/// Alternatives that differ only in their order are compiled once, in the order of their first use.
/// The two orders are therefore in different sets.
fn rules(shape: Shape, is_reversed: bool) -> Vec<String> {
    let alternatives: Vec<&str> = alternatives::alternatives().collect();
    let mut rules = Vec::new();
    for (at, &one) in alternatives.iter().enumerate() {
        for &other in &alternatives[at..] {
            rules.push(if is_reversed { shape(other, one) } else { shape(one, other) });
        }
    }
    rules
}

fn values() -> impl Iterator<Item = &'static str> {
    VALUES.into_iter().chain(LITERALS)
}

/// Returns each value alone, absence, and arrays of two values.
fn events() -> Vec<String> {
    let values: Vec<&str> = values().collect();
    let mut events = vec!["{}".to_owned(), r#"{"f":[]}"#.to_owned(), r#"{"f":{"f":1}}"#.to_owned()];
    for (at, value) in values.iter().enumerate() {
        events.push(format!(r#"{{"f":{value}}}"#));
        // Spellings of the same value are adjacent in the table. Other values are some places
        // apart.
        for distance in [1, 21] {
            let other = values[(at + distance) % values.len()];
            events.push(format!(r#"{{"f":[{value},{other}]}}"#));
        }
    }
    events
}

/// Returns each value with a value of another field, and two values with two.
fn events_with_another_field() -> Vec<String> {
    let values: Vec<&str> = values().collect();
    let mut events = vec![r#"{"g":"x"}"#.to_owned(), r#"{"g":"z","f":1}"#.to_owned()];
    for (at, value) in values.iter().enumerate() {
        let g = if at % 2 == 0 { "x" } else { "y" };
        events.push(format!(r#"{{"g":"{g}","f":{value}}}"#));
        events.push(format!(r#"{{"g":["y","x"],"f":[{value},{}]}}"#, values[(at + 1) % values.len()]));
    }
    events
}

/// Returns arrays of elements. Some elements have a matching value in the other field.
fn events_with_elements() -> Vec<String> {
    let values: Vec<&str> = values().collect();
    let mut events = vec![
        r#"{"e":[{"g":"x"}]}"#.to_owned(),
        r#"{"e":[{"g":"x"},{"f":1,"g":"y"}]}"#.to_owned(),
        r#"{"e":{"g":"x"}}"#.to_owned(),
    ];
    for (at, value) in values.iter().enumerate() {
        let (next, other) = (values[(at + 1) % values.len()], values[(at + 13) % values.len()]);
        events.push(format!(r#"{{"e":[{{"f":{value},"g":"x"}}]}}"#));
        events.push(format!(
            r#"{{"e":[{{"f":{other},"g":"y"}},{{"f":{value},"g":"x"}},{{"f":{next},"g":["z"]}}]}}"#
        ));
    }
    // Enough values for the index to sort them.
    let all: Vec<String> = values.iter().map(|value| format!(r#"{{"f":{value},"g":"y"}}"#)).collect();
    events.push(format!(r#"{{"e":[{}]}}"#, all.join(",")));
    events.push(format!(r#"{{"e":[{},{{"g":"x","f":["::1",1.0]}}]}}"#, all.join(",")));
    events
}

/// Returns the matching rules of each event, by the oracle.
fn expected(rules: &[String], events: &[String]) -> Vec<Vec<usize>> {
    let parse = |rule: &String| oracle::Pattern::parse(rule.as_bytes()).expect("the table is valid");
    let patterns: Vec<oracle::Pattern> = rules.iter().map(parse).collect();
    let verdicts = events.iter().map(|event| {
        let event = oracle::Event::parse(event.as_bytes()).expect("the events are valid");
        (0..patterns.len()).filter(|&rule| patterns[rule].matches(&event)).collect()
    });
    verdicts.collect()
}

fn rule_set<'a>(rules: impl IntoIterator<Item = &'a String>) -> RuleSet {
    let mut set = RuleSet::with_limits(alternatives::limits());
    for rule in rules {
        set.add(rule).expect("the table is valid");
    }
    set
}

fn build(tuning: Tuning, rules: &RuleSet) -> Matcher {
    let mut builder = kernel::builder();
    // A set of all pairs exceeds the default work limit of one event.
    builder.tuning(tuning).event_limits(kernel::event_limits(|it| it.work = u64::MAX));
    builder.build(rules).expect("the rules are within the limits")
}

/// Decides all rules with one optimisation. Returns the matching rules of each event.
fn decided(optimisation: &Optimisation, rules: &[String], events: &[String]) -> Vec<Vec<usize>> {
    let crowd = if optimisation.crowd { crowd() } else { Vec::new() };
    // The numbers of values and tests depend on the rules before and after.
    let (before, after) = crowd.split_at(crowd.len() / 2);
    let mut verdicts = vec![Vec::new(); events.len()];
    let mut scratch = Scratch::new();
    let length = optimisation.rules.min(rules.len());
    for (part, start) in rules.chunks(length).zip((0..).step_by(length)) {
        let matcher = build(optimisation.tuning, &rule_set(before.iter().chain(part).chain(after)));
        for (event, verdicts) in events.iter().zip(&mut verdicts) {
            let ids = matcher.matches(&mut scratch, event.as_bytes()).expect("the events are valid");
            let own = ids.iter().filter_map(|id| id.as_usize().checked_sub(before.len()));
            verdicts.extend(own.filter(|&rule| rule < part.len()).map(|rule| start + rule));
        }
    }
    verdicts
}

/// Compares each optimisation with the oracle, for both orders of each pair.
fn every_optimisation_agrees_with_the_oracle(
    optimisations: &[Optimisation],
    shape: Shape,
    events: &[String],
) {
    let mut message = String::new();
    for is_reversed in [false, true] {
        let rules = rules(shape, is_reversed);
        let expected = expected(&rules, events);
        let (hits, all) = (expected.iter().map(Vec::len).sum::<usize>(), rules.len() * events.len());
        assert!((all / 10..all * 9 / 10).contains(&hits), "{hits} of {all} verdicts are matches");
        for optimisation in optimisations {
            let found = decided(optimisation, &rules, events);
            let wrong = differences(&found, &expected);
            let Some(&(event, rule)) = wrong.first() else { continue };
            let verdict = if expected[event].contains(&rule) { "misses" } else { "finds" };
            let (rule, event) = (&rules[rule], &events[event]);
            writeln!(message, "{}: {} wrong; it {verdict} {rule} in {event}", optimisation.name, wrong.len())
                .expect("writing to a string does not fail");
        }
    }
    assert!(message.is_empty(), "the oracle disagrees with\n{message}");
}

/// Returns the pairs of event and rule on which two lists of verdicts differ.
fn differences(found: &[Vec<usize>], expected: &[Vec<usize>]) -> Vec<(usize, usize)> {
    let mut differences = Vec::new();
    for ((found, expected), event) in found.iter().zip(expected).zip(0..) {
        // Ids ascend, so equal sets are equal lists.
        if found != expected {
            let (found, expected) = (BTreeSet::from_iter(found), BTreeSet::from_iter(expected));
            differences.extend(found.symmetric_difference(&expected).map(|&&rule| (event, rule)));
        }
    }
    differences
}

#[test]
fn pairs_in_one_field_agree() {
    every_optimisation_agrees_with_the_oracle(&optimisations(), in_one_field, &events());
}

#[test]
fn pairs_in_elements_of_arrays_agree() {
    every_optimisation_agrees_with_the_oracle(
        &optimisations_of_sets(),
        in_an_element,
        &events_with_elements(),
    );
}

#[test]
fn pairs_in_two_branches_agree() {
    every_optimisation_agrees_with_the_oracle(&optimisations_of_sets(), in_two_branches, &events());
}

#[test]
fn pairs_beside_a_choice_agree() {
    every_optimisation_agrees_with_the_oracle(
        &optimisations_of_sets(),
        beside_a_choice,
        &events_with_another_field(),
    );
}

/// Returns the variants of an enumeration of the syntax tree. The function reads the source file,
/// because a non-exhaustive enumeration cannot be matched exhaustively from outside.
fn variants(name: &str) -> BTreeSet<String> {
    let source = include_str!("../src/pattern/ast.rs");
    let (_, body) = source.split_once(&format!("pub enum {name} {{\n")).expect("the enumeration is there");
    let (body, _) = body.split_once("\n}").expect("the enumeration ends");
    let lines = body.lines().filter_map(|line| line.strip_prefix("    "));
    let names = lines.filter(|line| line.starts_with(|char: char| char.is_ascii_uppercase()));
    names.map(|line| line.split(['(', ',', ' ']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn table_has_every_form() {
    let mut forms = variants("ValueTest");
    assert!(forms.remove("AnythingBut") && forms.len() >= 15, "{forms:?}");
    forms.extend(variants("AnythingBut").into_iter().map(|excluded| format!("AnythingBut.{excluded}")));
    let table: BTreeSet<String> = FORMS.iter().map(|(form, _)| (*form).to_owned()).collect();
    assert_eq!(table, forms);
    for (name, variants) in FORMS {
        for alternative in variants {
            assert_eq!(form(&parsed(alternative)), name, "{alternative}");
        }
    }
    let operators: BTreeSet<&str> =
        alternatives::alternatives().filter_map(|it| parsed(it).operator()).map(Operator::name).collect();
    assert_eq!(operators, Operator::ALL.into_iter().map(Operator::name).collect());
}

/// A distinction that no value shows is not tested. Each alternative must match some values and
/// reject others.
#[test]
fn values_match_and_miss_each_alternative() {
    let events: Vec<String> =
        values().map(|value| format!(r#"{{"f":{value}}}"#)).chain(["{}".to_owned()]).collect();
    for alternative in alternatives::alternatives() {
        let rules = [format!(r#"{{"f":[{alternative}]}}"#)];
        let hits: usize = expected(&rules, &events).iter().map(Vec::len).sum();
        assert!((1..events.len()).contains(&hits), "{alternative} meets {hits} of {}", events.len());
    }
}

/// An optimisation in use takes memory of its own. An ignored tuning would take none.
#[test]
fn each_optimisation_is_used() {
    let always = Toggle::On;
    for shape in [in_one_field as Shape, in_two_branches] {
        let rules = rules(shape, false);
        let memory = |tuning| build(tuning, &rule_set(&rules)).memory_usage();
        let none = only(|_| {});
        let used = [
            only(|it| it.groups = always),
            only(|it| it.switches = always),
            only(|it| it.gates = always),
            only(|it| it.indexes = always),
        ];
        let memories: BTreeSet<usize> = used.into_iter().chain([none]).map(memory).collect();
        assert_eq!(memories.len(), 5, "{memories:?}");
    }
    let rules = rules(in_two_branches, false);
    let branches = |tuning| build(tuning, &rule_set(&rules)).stats().branches;
    assert_eq!(branches(only(|it| it.choices = always)), rules.len());
    assert_eq!(branches(only(|_| {})), rules.len() * 2);
}
