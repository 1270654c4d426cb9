//! The stack usage does not depend on the nesting of patterns and events: 128 KiB for a thread are
//! enough.

use std::thread;

use galop::explain::explain_pattern;
use galop::generate::examples;
use galop::lint::lint;
use galop::pattern::Pattern;
use galop::tuning::{Toggle, Tuning};
use galop::{Extensions, PatternLimits, RuleSet, Scratch};
use galop_harness::kernel;

/// Runs in a thread with a small stack. A stack overflow ends the whole process.
fn with_little_stack(work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().stack_size(128 << 10).spawn(work).expect("a thread can be made");
    thread.join().expect("the work is done");
}

fn nested_objects() -> String {
    let levels = PatternLimits::MAX_DEPTH - 1;
    format!("{}[1]{}", r#"{"a":"#.repeat(levels), "}".repeat(levels))
}

/// Returns nested `$or`s, each with a level of its own.
fn nested_ors() -> String {
    let levels = PatternLimits::MAX_DEPTH / 2 - 1;
    format!(r#"{}{{"a":[1]}}{}"#, r#"{"$or":[{"b":[2]},"#.repeat(levels), "]}".repeat(levels))
}

#[test]
fn deepest_patterns_need_little_stack() {
    for text in [nested_objects(), nested_ors()] {
        with_little_stack(move || {
            let pattern = Pattern::parse_with(&text, &PatternLimits::wide());
            let pattern = pattern.expect("the pattern is valid");
            let copy = pattern.clone();
            assert_eq!(copy.to_string(), text);
            assert!(format!("{copy:?}").contains(&text));
            drop(copy);
            // The parts of a refused pattern are dropped too.
            for fault in [" x", "}", "]"] {
                let broken = text.clone() + fault;
                let error = Pattern::parse(&broken).expect_err("the pattern is broken");
                assert!(!error.report(&broken).to_string().is_empty());
            }
            assert!(Pattern::parse_with(&text, &PatternLimits::aws()).is_err());

            let event = text.replace("[1]", "1").replace("[2]", "2");
            let explanation = explain_pattern(&pattern, event.as_bytes()).expect("the event is valid");
            assert!(explanation.to_string().len() > text.len() && !explanation.to_json().is_empty());
            assert!(explain_pattern(&pattern, b"{}").is_ok_and(|explanation| !explanation.matches()));
            assert!(examples(&pattern).matching.is_ok());

            let mut rules = RuleSet::new();
            rules.add_pattern(pattern).expect("the set has room");
            rules.add(r#"{"c":[{"numeric":[">",5]}]}"#).expect("the pattern is valid");
            assert_eq!(lint(&rules), []);
            let mut suspect = RuleSet::with_limits(PatternLimits::wide());
            let repeated = text.replace(r#""a":[1]"#, r#""a":[1],"a":[1]"#);
            suspect.add(&repeated).expect("the pattern is valid");
            assert_eq!(
                lint(&suspect).iter().map(|warning| warning.code()).collect::<Vec<_>>(),
                ["duplicate-key"]
            );
            let matcher = kernel::matcher(&rules.clone()).expect("the rules compile");
            let mut scratch = Scratch::new();
            let events = [event, r#"{"b":2,"c":6}"#.to_owned()];
            let fits = events.map(|event| matcher.matches(&mut scratch, event.as_bytes()).map(<[_]>::len));
            assert_eq!(fits.into_iter().map(|fits| fits.expect("an event")).sum::<usize>(), 2);
        });
    }
}

/// Compiling a regular expression takes stack for each group around a character. At most 16 groups nest.
#[test]
fn regexps_as_deep_as_they_may_be() {
    with_little_stack(|| {
        let mut limits = PatternLimits::wide();
        limits.extensions = Extensions::ALL;
        for (open, close) in [("(", ")"), ("(a|b(c|", ")*d)?"), ("(a[d-f]{1,2}b", "cx+)*")] {
            let levels = 16 / open.matches('(').count();
            let text = format!("{}x{}", open.repeat(levels), close.repeat(levels));
            let pattern = format!(r#"{{"a":[{{"regexp":"{text}"}}]}}"#);
            let mut rules = RuleSet::with_limits(limits.clone());
            rules.add(&pattern).expect("the pattern is valid");
            assert!(rules.add(&pattern.replacen(":\"", ":\"(", 1).replacen("\"}", ")\"}", 1)).is_err());
            let matcher = kernel::matcher(&rules).expect("the rule compiles");
            assert_eq!(matcher.is_match(&mut Scratch::new(), br#"{"a":"y"}"#), Ok(false));
        }
    });
}

#[test]
fn deepest_events_need_little_stack() {
    with_little_stack(|| {
        let mut rules = RuleSet::new();
        rules.add(r#"{"a":{"a":[1]}}"#).expect("the pattern is valid");
        let levels = 100_000;
        for text in [
            format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels)),
            format!(r#"{{"a":[{}1{}]}}"#, r#"{"a":"#.repeat(levels), "}".repeat(levels)),
            format!(r#"{{"b":{}1{}}}"#, r#"[{"a":"#.repeat(levels), "}]".repeat(levels)),
        ] {
            for trusted in [false, true] {
                let mut builder = kernel::builder();
                builder.event_limits(kernel::event_limits(|it| it.depth = 3 * levels)).trusted(trusted);
                let matcher = builder.build(&rules).expect("one rule compiles");
                assert_eq!(matcher.is_match(&mut Scratch::new(), text.as_bytes()), Ok(false));
            }
        }
    });
}

/// The search for consistent elements takes no stack for the fields of a branch.
#[test]
fn longest_branches_need_little_stack() {
    with_little_stack(|| {
        let fields = PatternLimits::default().fields;
        let members = |value: &str| {
            let members: Vec<String> = (0..fields).map(|n| format!(r#""{n}":{value}"#)).collect();
            members.join(",")
        };
        let mut rules = RuleSet::new();
        // Rules that share all their values but one make the deepest tree.
        for n in 0..300 {
            rules
                .add(&format!(r#"{{"a":{{{}}}}}"#, members("[1]").replacen('1', &n.to_string(), 1)))
                .expect("valid");
        }
        let matcher = kernel::matcher(&rules).expect("the rules compile");
        let event = format!(r#"{{"a":[{{{}}},{{"0":1}}]}}"#, members("1"));
        let mut scratch = Scratch::new();
        let ids = matcher.matches(&mut scratch, event.as_bytes()).expect("an event");
        assert_eq!(ids.len(), 1);
    });
}

/// Rules that share all their fields but one make the deepest tree, for every operator.
#[test]
fn deepest_trees_need_little_stack() {
    let fields = PatternLimits::default().fields - 1;
    for alternative in [
        r#"{"equals-ignore-case":"a"}"#,
        r#"{"prefix":"a"}"#,
        r#"{"suffix":"a"}"#,
        r#"{"wildcard":"a*"}"#,
        r#"{"cidr":"10.0.0.0/8"}"#,
        r#"{"numeric":[">",0,"<",9]}"#,
        r#"{"exists":true}"#,
        r#""a""#,
        r#""a",{"exists":false}"#,
    ] {
        let shared: Vec<String> = (0..fields).map(|n| format!(r#""{n}":[{alternative}]"#)).collect();
        let mut rules = RuleSet::new();
        for n in 0..300 {
            let last = if n % 2 == 0 { format!(r#"{{"anything-but":[{n}]}}"#) } else { n.to_string() };
            rules.add(&format!(r#"{{{},"z":[{last}]}}"#, shared.join(","))).expect("the pattern is valid");
        }
        for tuning in [Toggle::Auto, Toggle::On] {
            let rules = rules.clone();
            with_little_stack(move || {
                let mut forced = Tuning::default();
                (forced.switches, forced.gates) = (tuning, tuning);
                let matcher = kernel::builder().tuning(forced).build(&rules).expect("the rules compile");
                assert_eq!(matcher.is_match(&mut Scratch::new(), b"{}"), Ok(false));
            });
        }
    }
}
