//! Every conformance case is a test with a name: `cargo test --test corpus -- numeric` runs those
//! about numbers.
//!
//! A case is run with the oracle, with a matcher of its only rule, and with a matcher of the rules
//! of all cases. The results must be equal. Parsed events are matched too if the parsers accept the
//! event. The cases of each file also share one scratch. Each rule set is also matched forwards and
//! backwards.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::LazyLock;

use galop::error::{JsonErrorKind, PatternErrorKind};
use galop::{Extensions, Matcher, PatternLimits, RuleId, RuleSet, Scratch};
use galop_harness::cases::{self, Case, Expect, Limits};
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
use galop_harness::parsed;
use galop_harness::{kernel, oracle};
use libtest_mimic::{Arguments, Failed, Trial};

/// Limits of patterns whose cases would be long texts: `tests/limits/patterns.rs` has them.
const LIMITS: [&str; 4] = ["rule-set-full", "paths-too-long", "too-many-values", "too-many-stars"];

/// The number of rules before the rules of the cases, and again after them, in the matcher of all
/// rules.
const DECOYS: usize = 1_000;

static CASES: LazyLock<Result<Vec<Case>, String>> = LazyLock::new(|| {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus/cases");
    cases::read(&directory).map_err(|error| error.to_string())
});

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    libtest_mimic::run(&arguments, trials()).exit_code()
}

fn trials() -> Vec<Trial> {
    let cases: &'static [Case] = match &*CASES {
        Ok(cases) => cases,
        Err(error) => return vec![Trial::test("the corpus can be read", || Err(error.into()))],
    };
    let mut files: BTreeMap<&Path, Vec<&Case>> = BTreeMap::new();
    let mut sets: BTreeMap<&str, Vec<&Case>> = BTreeMap::new();
    for case in cases {
        files.entry(&case.file).or_default().push(case);
        if let Some(group) = &case.group {
            sets.entry(&group.id).or_default().push(case);
        }
    }
    let mut trials = vec![
        Trial::test("corpus: every code has a case", || every_code_has_a_case(cases)),
        Trial::test("corpus: no case is given twice", || no_case_is_given_twice(cases)),
        Trial::test("corpus: no name is given twice", || no_name_is_given_twice(cases)),
    ];
    #[cfg(all(feature = "serde_json", feature = "simd-json"))]
    trials
        .push(Trial::test("corpus: parsers keep most events as a whole", || parsers_keep_most_events(cases)));
    trials.extend(files.into_iter().map(|(file, cases)| {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        Trial::test(format!("corpus: one scratch for {name}"), move || one_scratch_for_all(&cases))
    }));
    trials.extend(sets.into_iter().map(|(id, cases)| {
        Trial::test(format!("corpus: rule set {id}"), move || rule_set_in_any_order(&cases))
    }));
    trials.extend(cases.iter().map(|case| Trial::test(&case.name, move || verify(case))));
    trials
}

/// The result of a case.
#[derive(Debug)]
enum Outcome {
    PatternRejected { code: &'static str, span: Option<(usize, usize)> },
    PatternAccepted,
    EventRejected { code: &'static str, offset: Option<usize> },
    Matches(bool),
}

fn verify(case: &Case) -> Result<(), Failed> {
    let mut faults = Vec::new();
    let mut see = |who: &str, outcome: Result<Outcome, String>| match outcome {
        Ok(outcome) if is_expected(&case.expect, &outcome) => {}
        Ok(outcome) => faults.push(format!("{who}: {outcome:?}")),
        Err(message) => faults.push(format!("{who}: {message}")),
    };
    // The oracle knows the wide limits only. No default limit that is lower leads to another
    // answer, if none is reached.
    if case.limits != Limits::Aws && !is_past_a_limit(case) {
        see("oracle", Ok(by_oracle(case)));
    }
    see("alone", by_engine(case, &mut Scratch::new()));
    if let (Limits::Default | Limits::Wide | Limits::Extensions, Some(event)) = (case.limits, &case.event) {
        see("in a crowd", in_crowd(&case.pattern, event));
    }
    #[cfg(all(feature = "serde_json", feature = "simd-json"))]
    by_parsers(case, see);
    if faults.is_empty() { Ok(()) } else { Err(describe(case, &faults).into()) }
}

/// Returns true if a case expects a limit that the oracle does not have.
fn is_past_a_limit(case: &Case) -> bool {
    const UNKNOWN: [&str; 3] = ["too-many-branches", "extension-not-allowed", "regexp-too-large"];
    matches!(&case.expect, Expect::PatternRejected { code: Some(code), .. } if UNKNOWN.contains(&&**code))
}

fn describe(case: &Case, faults: &[String]) -> String {
    let text = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if text.len() <= 2_000 {
            text.into_owned()
        } else {
            format!("{:.2000}… ({} bytes)", text, bytes.len())
        }
    };
    let event = case.event.as_deref().map_or(String::new(), |event| format!("\nevent: {}", text(event)));
    let place = format!("{}:{}", case.file.display(), case.line);
    let expect = &case.expect;
    format!("{place}\npattern: {}{event}\nexpected: {expect:?}\n{}", text(&case.pattern), faults.join("\n"))
}

fn is_expected(expect: &Expect, outcome: &Outcome) -> bool {
    match (expect, outcome) {
        (Expect::PatternRejected { code, at }, Outcome::PatternRejected { code: found, span }) => {
            let place_agrees = match (at, span) {
                (Some(at), Some((start, end))) => at.start == *start && at.end.is_none_or(|at| at == *end),
                _ => true,
            };
            place_agrees && code.as_deref().is_none_or(|code| same_code(code, found))
        }
        (Expect::EventRejected { code, offset }, Outcome::EventRejected { code: found, offset: place }) => {
            let place_agrees = offset.is_none() || place.is_none() || offset == place;
            place_agrees && code.as_deref().is_none_or(|code| same_code(code, found))
        }
        (Expect::PatternAccepted, Outcome::PatternAccepted) => true,
        (Expect::Matches(expected), Outcome::Matches(found)) => expected == found,
        _ => false,
    }
}

/// The oracle returns `json` for all text that is not JSON, and tests the grammar of JSON first.
fn same_code(expected: &str, found: &str) -> bool {
    expected == found || found == "json"
}

fn by_oracle(case: &Case) -> Outcome {
    let pattern = match oracle::Pattern::parse(&case.pattern) {
        Ok(pattern) => pattern,
        Err(reject) => return Outcome::PatternRejected { code: reject.code, span: None },
    };
    let Some(event) = &case.event else { return Outcome::PatternAccepted };
    match oracle::Event::parse(event) {
        Ok(event) => Outcome::Matches(pattern.matches(&event)),
        Err(reject) => Outcome::EventRejected { code: reject.code, offset: None },
    }
}

fn with_extensions(mut limits: PatternLimits) -> PatternLimits {
    limits.extensions = Extensions::ALL;
    limits
}

fn by_engine(case: &Case, scratch: &mut Scratch) -> Result<Outcome, String> {
    let mut rules = match case.limits {
        Limits::Default => RuleSet::new(),
        Limits::Wide => RuleSet::with_limits(PatternLimits::wide()),
        Limits::Aws => RuleSet::with_limits(PatternLimits::aws()),
        Limits::Extensions => RuleSet::with_limits(with_extensions(PatternLimits::default())),
    };
    let added = rules.add_bytes(&case.pattern);
    if let Ok(text) = std::str::from_utf8(&case.pattern) {
        let as_text = rules.clone().add(text).map(|_| ());
        if as_text != added.clone().map(|_| ()) {
            return Err(format!("{as_text:?} as text, {added:?} as bytes"));
        }
    }
    if let Err(error) = added {
        let span = Some((error.span().start, error.span().end));
        return Ok(Outcome::PatternRejected { code: error.code(), span });
    }
    let matcher = kernel::matcher(&rules).map_err(|error| error.to_string())?;
    let Some(event) = &case.event else { return Ok(Outcome::PatternAccepted) };
    let any = matcher.is_match(scratch, event);
    let all = matcher.matches(scratch, event).map(<[RuleId]>::len);
    if any != all.clone().map(|rules| rules > 0) {
        return Err(format!("is_match gives {any:?}, matches {all:?}"));
    }
    Ok(match all {
        Ok(rules) => Outcome::Matches(rules > 0),
        Err(error) => Outcome::EventRejected { code: error.code(), offset: error.offset() },
    })
}

/// Reports the result for each parsed event that has all of its text. For an incomplete one, compares
/// the result with that for the stored values as text.
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
fn by_parsers(case: &Case, mut see: impl FnMut(&str, Result<Outcome, String>)) {
    let mut rules = RuleSet::with_limits(with_extensions(PatternLimits::wide()));
    if rules.add_bytes(&case.pattern).is_err() {
        return;
    }
    let matcher = kernel::matcher(&rules).expect("one rule is within the limits");
    let mut scratch = Scratch::new();
    parsed::parsers(case.event.as_deref().unwrap_or_default(), |kept| {
        let any = kept.event.is_match(&matcher, &mut scratch);
        let all = kept.event.matches(&matcher, &mut scratch).map(|rules| !rules.is_empty());
        if any != all {
            see(kept.parser, Err(format!("is_match gives {any:?}, matches {all:?}")));
        } else if kept.is_all {
            let outcome = match all {
                Ok(found) => Outcome::Matches(found),
                Err(error) => Outcome::EventRejected { code: error.code(), offset: None },
            };
            see(kept.parser, Ok(outcome));
        } else if all.is_ok() && all != matcher.is_match(&mut scratch, kept.written.as_bytes()) {
            see(kept.parser, Err(format!("{all:?}, but not as the text {}", kept.written)));
        }
    });
}

/// The patterns of all cases in one matcher, with decoys before and after them.
struct Crowd {
    matcher: Matcher,
    /// The ids of all rules with the pattern, decoys included.
    rules: HashMap<&'static [u8], Vec<RuleId>>,
}

static CROWD: LazyLock<Result<Crowd, String>> = LazyLock::new(|| {
    let cases = CASES.as_ref().map_err(String::clone)?;
    let mut patterns: Vec<&'static [u8]> = Vec::new();
    let mut seen = HashSet::new();
    for case in cases.iter().filter(|case| case.limits != Limits::Aws) {
        let valid = !matches!(case.expect, Expect::PatternRejected { .. });
        if valid && seen.insert(case.pattern.as_slice()) {
            patterns.push(&case.pattern);
        }
    }
    let decoys: Vec<_> =
        patterns.iter().copied().filter(|pattern| pattern.len() < 1_000).take(DECOYS).collect();
    assert_eq!(decoys.len(), DECOYS, "the corpus is too small to supply the decoys");
    let mut rules = RuleSet::with_limits(with_extensions(PatternLimits::wide()));
    let mut ids: HashMap<_, Vec<_>> = HashMap::new();
    for pattern in decoys.iter().chain(&patterns).chain(decoys.iter().rev()) {
        let id = rules.add_bytes(pattern).map_err(|error| error.to_string())?;
        ids.entry(*pattern).or_default().push(id);
    }
    let matcher = kernel::matcher(&rules).map_err(|error| error.to_string())?;
    Ok(Crowd { matcher, rules: ids })
});

fn in_crowd(pattern: &[u8], event: &[u8]) -> Result<Outcome, String> {
    let crowd = CROWD.as_ref().map_err(String::clone)?;
    let rules = &crowd.rules[pattern];
    let mut scratch = Scratch::new();
    match crowd.matcher.matches(&mut scratch, event) {
        Ok(found) => match rules.iter().filter(|rule| found.binary_search(rule).is_ok()).count() {
            0 => Ok(Outcome::Matches(false)),
            all if all == rules.len() => Ok(Outcome::Matches(true)),
            some => Err(format!("{some} of {} rules with the same pattern match", rules.len())),
        },
        Err(error) => Ok(Outcome::EventRejected { code: error.code(), offset: error.offset() }),
    }
}

fn one_scratch_for_all(cases: &[&Case]) -> Result<(), Failed> {
    let mut scratch = Scratch::new();
    let mut faults = Vec::new();
    for case in cases {
        match by_engine(case, &mut scratch) {
            Ok(outcome) if is_expected(&case.expect, &outcome) => {}
            outcome => faults.push(describe(case, &[format!("{outcome:?}")])),
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n\n").into()) }
}

/// Matches the rules of a set forwards and backwards. All events of the set share one scratch.
fn rule_set_in_any_order(cases: &[&Case]) -> Result<(), Failed> {
    let mut patterns: BTreeMap<&str, &[u8]> = BTreeMap::new();
    let mut events: BTreeMap<&[u8], BTreeSet<&str>> = BTreeMap::new();
    for case in cases {
        let rule = case.group.as_ref().map_or("", |group| &group.rule);
        patterns.insert(rule, &case.pattern);
        let expected = events.entry(case.event.as_deref().unwrap_or_default()).or_default();
        if case.expect == Expect::Matches(true) {
            expected.insert(rule);
        }
    }
    let forwards: Vec<_> = patterns.iter().collect();
    let backwards: Vec<_> = forwards.iter().rev().copied().collect();
    let mut scratch = Scratch::new();
    for order in [forwards, backwards] {
        let mut rules = RuleSet::new();
        for (_, pattern) in &order {
            rules.add_bytes(pattern)?;
        }
        let matcher = kernel::matcher(&rules)?;
        for (event, expected) in &events {
            let ids = matcher.matches(&mut scratch, event)?;
            if !ids.is_sorted_by(|a, b| a < b) {
                return Err(format!("{ids:?} are not ascending").into());
            }
            let found: BTreeSet<&str> = ids.iter().map(|id| *order[id.as_usize()].0).collect();
            if found != *expected {
                let event = String::from_utf8_lossy(event);
                return Err(format!("{event}: expected {expected:?}, found {found:?}").into());
            }
        }
    }
    Ok(())
}

/// The limits of a matcher are not the concern of the corpus.
fn every_code_has_a_case(cases: &[Case]) -> Result<(), Failed> {
    let (mut of_patterns, mut of_events) = (BTreeSet::new(), BTreeSet::new());
    for case in cases {
        match &case.expect {
            Expect::PatternRejected { code: Some(code), .. } => of_patterns.insert(code.as_str()),
            Expect::EventRejected { code: Some(code), .. } => of_events.insert(code.as_str()),
            _ => continue,
        };
    }
    let expected_of_events = BTreeSet::from_iter(JsonErrorKind::CODES.iter().copied());
    let of_patterns_alone = PatternErrorKind::CODES.iter().copied().filter(|code| !LIMITS.contains(code));
    let expected_of_patterns: BTreeSet<_> =
        expected_of_events.iter().copied().chain(of_patterns_alone).collect();
    for (whose, found, expected) in
        [("pattern", of_patterns, expected_of_patterns), ("event", of_events, expected_of_events)]
    {
        let missing: Vec<_> = expected.difference(&found).collect();
        let unknown: Vec<_> = found.difference(&expected).collect();
        if !missing.is_empty() || !unknown.is_empty() {
            return Err(format!("{whose} codes without a case: {missing:?}; unknown: {unknown:?}").into());
        }
    }
    Ok(())
}

/// Events that parsers refuse or change are not tested with parsers. Asserts that most events are
/// tested.
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
fn parsers_keep_most_events(cases: &[Case]) -> Result<(), Failed> {
    let mut events = 0;
    let mut kept: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases.iter().filter(|case| matches!(case.expect, Expect::Matches(_))) {
        events += 1;
        let event = case.event.as_deref().unwrap_or_default();
        parsed::parsers(event, |it| *kept.entry(it.parser).or_default() += usize::from(it.is_all));
    }
    if kept.len() == 5 && kept.values().all(|&kept| kept * 20 > events * 19) {
        return Ok(());
    }
    Err(format!("of {events} events are kept: {kept:?}").into())
}

/// Rule sets may repeat patterns and events. Other cases must be distinct.
fn no_case_is_given_twice(cases: &[Case]) -> Result<(), Failed> {
    let mut seen = HashMap::new();
    for case in cases.iter().filter(|case| case.group.is_none()) {
        let limits = case.limits as u8;
        if let Some(first) = seen.insert((limits, &case.pattern, &case.event), case) {
            let places = [first, case].map(|case| format!("{}:{}", case.file.display(), case.line));
            return Err(places.join(" and ").into());
        }
    }
    Ok(())
}

/// Names are made from shortened texts. A test without a unique name cannot be run alone.
fn no_name_is_given_twice(cases: &[Case]) -> Result<(), Failed> {
    let mut seen = HashSet::new();
    match cases.iter().find(|case| !seen.insert(&case.name)) {
        Some(case) => Err(case.name.as_str().into()),
        None => Ok(()),
    }
}
