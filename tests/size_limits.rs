//! Limits of the compiled set: sets within the limit are built, the largest rule is named, and
//! large rules can be left out.

use galop::error::BuildErrorKind;
use galop::tuning::{Toggle, Tuning};
use galop::{Matcher, PatternLimits, RuleId, RuleSet, Scratch};
use galop_harness::kernel;

/// Returns a set whose patterns may expand to many branches.
fn set(patterns: &[String]) -> RuleSet {
    let mut rules = RuleSet::with_limits(PatternLimits::wide());
    for pattern in patterns {
        rules.add(pattern).expect("the pattern is valid");
    }
    rules
}

/// Returns a short pattern that expands to 2^`doublings` branches of at least 20 fields.
fn hostile(number: usize, doublings: usize) -> String {
    let fields = (0..20).map(|field| format!(r#""f{field}":[{number}]"#));
    let ors = (0..doublings)
        .map(|or| format!(r#""o{or}":{{"$or":[{{"a":["{or}x{number}"]}},{{"b":[1]}}],"a":[0]}}"#));
    format!("{{{}}}", fields.chain(ors).collect::<Vec<_>>().join(","))
}

/// Returns ordinary patterns. Each [`event`] matches one of them.
fn ordinary(count: usize) -> Vec<String> {
    (0..count).map(|n| format!(r#"{{"source":["aws.{}"],"detail":{{"state":["s{n}"]}}}}"#, n % 7)).collect()
}

fn event(number: usize) -> String {
    format!(r#"{{"source":"aws.{}","detail":{{"state":"s{number}"}}}}"#, number % 7)
}

fn ids(matcher: &Matcher, event: &str) -> Vec<usize> {
    let mut scratch = Scratch::new();
    let ids = matcher.matches(&mut scratch, event.as_bytes()).expect("an event");
    ids.iter().map(|id| id.as_usize()).collect()
}

/// Returns twelve short rules with thousands of branches, among ordinary rules.
fn crowd(doublings: usize) -> RuleSet {
    let mut patterns = ordinary(1_000);
    for number in 0..12 {
        patterns.insert(400 + 2 * number, hostile(number, doublings));
    }
    set(&patterns)
}

/// Returns the index of the ordinary pattern `number` in the crowd.
fn place(number: usize) -> usize {
    if number < 400 { number } else { number + (number - 399).min(12) }
}

#[test]
fn sets_that_fit_are_built() {
    let crowd = crowd(8);
    let matcher = kernel::builder().size_limit(1 << 24).build(&crowd).expect("the set fits");
    let usage = matcher.memory_usage();
    assert!(kernel::builder().size_limit(usage).build(&crowd).is_ok());
    let error = kernel::builder().size_limit(usage - 1).build(&crowd).expect_err("a byte is missing");
    assert_eq!((error.code(), error.rule().expect("a rule").as_usize()), ("size-limit", 422));
}

#[test]
fn largest_rule_is_named() {
    let crowd = crowd(8);
    for limit in [1, 10_000, 200_000] {
        let error = kernel::builder().size_limit(limit).build(&crowd).expect_err("the limit is too low");
        // The last of the equal rules. The ordinary rules after it are not named.
        assert_eq!(error.rule().expect("a rule").as_usize(), 422);
        let BuildErrorKind::SizeLimit { limit: said, rule_bytes } = *error.kind() else { panic!("{error}") };
        assert_eq!(said, limit);
        // 256 branches with four bytes for each of 28 fields, and some constant memory.
        assert!((256 * 4 * 28..60_000).contains(&rule_bytes), "{rule_bytes}");
        let text = error.to_string();
        assert!(text.contains(&rule_bytes.to_string()) && text.contains("rule 422"), "{text}");
    }
    // The largest rule comes before smaller rules.
    let patterns = [hostile(0, 3), hostile(1, 7), hostile(2, 6), r#"{"a":[1]}"#.to_owned()];
    let error = kernel::builder().size_limit(1_000).build(&set(&patterns)).expect_err("the limit is too low");
    assert_eq!(error.rule().expect("a rule").as_usize(), 1);
}

#[test]
fn rule_size_limit_is_exact() {
    let patterns = [r#"{"a":[1]}"#.to_owned(), hostile(0, 6), hostile(1, 6), hostile(2, 5)];
    let rules = set(&patterns);
    let within = |bytes: usize| kernel::builder().rule_size_limit(bytes).build(&rules);
    let error = within(5_000).expect_err("the limit is too low");
    assert_eq!((error.code(), error.rule().expect("a rule").as_usize()), ("rule-size-limit", 1));
    let BuildErrorKind::RuleSizeLimit { limit: 5_000, rule_bytes } = *error.kind() else { panic!("{error}") };
    assert!(error.to_string().contains(&rule_bytes.to_string()), "{error}");
    assert!(within(rule_bytes).is_ok());
    let error = within(rule_bytes - 1).expect_err("a byte is missing");
    assert_eq!(*error.kind(), BuildErrorKind::RuleSizeLimit { limit: rule_bytes - 1, rule_bytes });
    // The other rules of the set make no difference.
    let alone = set(&patterns[1..2]);
    assert!(kernel::builder().rule_size_limit(rule_bytes).build(&alone).is_ok());
    assert!(kernel::builder().rule_size_limit(rule_bytes - 1).build(&alone).is_err());
}

/// The default is far above usual rules, and below the largest expansion of a few kilobytes.
#[test]
fn default_rule_size_limit_is_above_usual_rules() {
    let doubled = |doublings: usize| {
        let fields = (0..220).map(|field| format!(r#""f{field}":[1]"#));
        let ors = (0..doublings).map(|or| format!(r#""o{or}":{{"$or":[{{"a":[1]}},{{"b":[1]}}],"a":[0]}}"#));
        format!("{{{}}}", fields.chain(ors).collect::<Vec<_>>().join(","))
    };
    let error = kernel::matcher(&set(&[doubled(16)])).expect_err("60 MB");
    let BuildErrorKind::RuleSizeLimit { limit, rule_bytes } = *error.kind() else { panic!("{error}") };
    assert_eq!(limit, 16 << 20);
    assert!((50_000_000..70_000_000).contains(&rule_bytes), "{rule_bytes}");
    // A pattern within the default limits is below.
    let rules = {
        let mut rules = RuleSet::new();
        rules.add(&doubled(9)).expect("within the default limits");
        rules
    };
    assert!(kernel::builder().rule_size_limit(1 << 20).build(&rules).is_ok());
}

#[test]
fn large_rules_are_left_out() {
    let crowd = crowd(8);
    let usage = kernel::matcher(&crowd).expect("the set fits").memory_usage();
    let expected = kernel::matcher(&set(&ordinary(1_000))).expect("the rules compile");
    let large: Vec<usize> = (0..12).map(|number| 400 + 2 * number).collect();
    for limit in [usage, usage - 1, usage * 3 / 4, usage / 2, expected.memory_usage() * 2] {
        let (matcher, errors) = kernel::builder().size_limit(limit).build_within_limits(&crowd);
        assert!(matcher.memory_usage() <= limit, "{limit}");
        assert_eq!(matcher.stats().rules, crowd.len());
        let left_out: Vec<usize> =
            errors.iter().map(|error| error.rule().expect("a rule").as_usize()).collect();
        assert_eq!(left_out.is_empty(), limit == usage, "{limit}");
        // The later ones of equal rules are left out, and no rule of another size.
        assert_eq!(left_out, large[12 - left_out.len()..], "{limit}");
        assert!(errors.iter().all(|error| error.code() == "size-limit"));
        for number in [0, 399, 400, 405, 411, 412, 999] {
            assert_eq!(ids(&matcher, &event(number)), [place(number)], "{number}");
            assert_eq!(ids(&expected, &event(number)), [number]);
        }
    }
}

#[test]
fn each_limit_leaves_rules_out() {
    let patterns: Vec<String> =
        [hostile(0, 6), r#"{"a":[1]}"#.to_owned(), hostile(1, 4), r#"{"a":[1]}"#.to_owned(), hostile(2, 6)]
            .into_iter()
            .chain((0..3).map(|_| r#"{"a":[{"exists":true}]}"#.to_owned()))
            .collect();
    let rules = set(&patterns);
    let mut builder = kernel::builder();
    builder.rule_size_limit(6_000).rule_limit(6);
    let (matcher, errors) = builder.build_within_limits(&rules);
    let said: Vec<_> =
        errors.iter().map(|error| (error.rule().expect("a rule").as_usize(), error.code())).collect();
    let expected =
        [(0, "rule-size-limit"), (4, "rule-size-limit"), (6, "too-many-rules"), (7, "too-many-rules")];
    assert_eq!(said, expected);
    assert_eq!(ids(&matcher, r#"{"a":1}"#), [1, 3, 5]);
    // The remaining set crosses the limit of the set as well.
    let usage = matcher.memory_usage();
    let (matcher, errors) = builder.size_limit(usage - 1).build_within_limits(&rules);
    let said: Vec<_> =
        errors.iter().map(|error| (error.rule().expect("a rule").as_usize(), error.code())).collect();
    assert_eq!(said[1], (2, "size-limit"));
    assert_eq!((said[0], &said[2..]), (expected[0], &expected[1..]));
    assert_eq!(ids(&matcher, r#"{"a":1}"#), [1, 3, 5]);
    // With a limit of zero, every rule is left out.
    let (matcher, errors) = builder.size_limit(0).build_within_limits(&rules);
    assert_eq!(errors.len(), rules.len());
    assert_eq!(ids(&matcher, r#"{"a":1}"#), [0; 0]);
    let (matcher, errors) = kernel::builder().rule_limit(0).build_within_limits(&rules);
    assert_eq!((errors.len(), errors[0].rule()), (rules.len(), Some(RuleId::new(0))));
    assert_eq!(ids(&matcher, r#"{"a":1}"#), [0; 0]);
    let (_, errors) = kernel::builder().size_limit(0).rule_limit(0).build_within_limits(&RuleSet::new());
    assert!(errors.is_empty());
}

/// A branch at many places of the tree. The tree is abandoned if the branch alone crosses the
/// limit.
#[test]
fn trees_count_as_memory() {
    let values: Vec<String> = (0..8).map(|n| n.to_string()).collect();
    let list = values.join(",");
    let patterns: Vec<String> =
        (0..300).map(|n| format!(r#"{{"a":[{list}],"b":[{list}],"c":[{list}],"d":[{n}]}}"#)).collect();
    let rules = set(&patterns);
    for switches in [Toggle::Auto, Toggle::On, Toggle::Off] {
        let mut tuning = Tuning::default();
        tuning.switches = switches;
        let mut builder = kernel::builder();
        let usage = builder.tuning(tuning).build(&rules).expect("the set fits").memory_usage();
        assert!(builder.size_limit(usage).build(&rules).is_ok());
        for limit in [usage - 1, usage * 9 / 10, usage / 2, usage / 10] {
            let error = builder.size_limit(limit).build(&rules).expect_err("the limit is too low");
            assert_eq!(error.rule().expect("a rule").as_usize(), 299);
        }
    }
}

/// Branches that differ only in overwritten fields are one branch.
#[test]
fn branches_without_a_difference_are_merged() {
    let or = |n: usize| format!(r#""o{n}":{{"$or":[{{"a":["v{n}"]}},{{"b":[1]}}],"a":[0],"b":[0]}}"#);
    let ors: Vec<String> = (0..16).map(or).collect();
    let matcher = kernel::matcher(&set(&[format!("{{{}}}", ors.join(","))])).expect("one rule compiles");
    assert_eq!(matcher.stats().branches, 1);
    let event = |b: &dyn Fn(usize) -> usize| {
        let objects: Vec<String> =
            (0..16).map(|n| format!(r#""o{n}":[{{"a":0}},{{"a":0,"b":{}}}]"#, b(n))).collect();
        format!("{{{}}}", objects.join(","))
    };
    assert_eq!(ids(&matcher, &event(&|_| 0)), [0]);
    assert_eq!(ids(&matcher, &event(&|n| usize::from(n == 7))), [0; 0]);
}
