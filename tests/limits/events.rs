//! The limits of events.

use std::time::{Duration, Instant};

use galop::{MatcherBuilder, Scratch};
use galop_harness::kernel;

use super::{matches, repeated, rules};

/// Tests a limit of a builder with an event at the limit and an event one past it. The offset of the
/// error is the offset of the text in the event.
fn event_limit(
    pattern: &str,
    set: impl Fn(&mut MatcherBuilder),
    at: &str,
    past: &str,
    code: &str,
    place: &str,
) {
    for (trusted, distinct) in [(false, false), (true, false), (true, true)] {
        let mut builder = kernel::builder();
        builder.trusted(trusted).distinct_names(distinct);
        set(&mut builder);
        let matcher = builder.build(&rules(&[pattern])).expect("one rule compiles");
        assert!(matches(&matcher, at).is_ok(), "at the limit of {code}: {at:.200}");
        let error = matches(&matcher, past).expect_err("past the limit");
        assert_eq!(error.code(), code, "{past:.200}");
        assert_eq!(&past[error.offset().expect("a place")..][..place.len()], place, "{code}, {past:.200}");
    }
}

#[test]
fn leaves_of_an_event_are_limited() {
    let limit = |most: usize| {
        move |builder: &mut MatcherBuilder| {
            _ = builder.event_limits(kernel::event_limits(|it| it.leaves = most))
        }
    };
    let code = "too-many-leaves";
    let pattern = r#"{"a":[1],"b":{"c":[1]}}"#;
    event_limit(pattern, limit(2), r#"{"a":1,"b":{"c":2}}"#, r#"{"a":[1,2],"b":{"c":"x"}}"#, code, r#""x"#);
    // Values on paths that no rule names do not count.
    event_limit(pattern, limit(1), r#"{"z":[1,2,3],"a":1}"#, r#"{"z":[1,2,3],"a":[1,null]}"#, code, "null");
    event_limit(pattern, limit(0), "{}", r#"{"z":0,"b":{"d":1,"c":true}}"#, code, "true");
    let array = |count: usize| format!(r#"{{"a":[{}]}}"#, vec!["0"; count].join(","));
    let matcher = kernel::builder()
        .event_limits(kernel::event_limits(|it| it.elements = usize::MAX))
        .build(&rules(&[pattern]))
        .expect("one rule compiles");
    assert_eq!(matches(&matcher, &array(1 << 20)), Ok(0));
    let error = matches(&matcher, &array((1 << 20) + 1)).map_err(|error| (error.code(), error.offset()));
    assert_eq!(error, Err((code, Some(6 + (2 << 20)))));
}

#[test]
fn elements_of_an_event_are_limited() {
    let limit = |most: usize| {
        move |builder: &mut MatcherBuilder| {
            _ = builder.event_limits(kernel::event_limits(|it| it.elements = most))
        }
    };
    let code = "too-many-elements";
    let pattern = r#"{"a":[1],"b":{"c":[1]}}"#;
    event_limit(
        pattern,
        limit(2),
        r#"{"a":[1,2],"b":{"c":2}}"#,
        r#"{"a":[1,2],"b":{"c":["x"]}}"#,
        code,
        r#""x"#,
    );
    // Elements may be of any kind, and on paths that lead on.
    event_limit(pattern, limit(3), r#"{"b":[{},[7]]}"#, r#"{"b":[{},[7],null]}"#, code, "null");
    event_limit(
        pattern,
        limit(1),
        r#"{"b":[{"c":1,"d":[1,2]}]}"#,
        r#"{"b":[{"c":1},{"c":2}]}"#,
        code,
        r#"{"c":2"#,
    );
    event_limit(pattern, limit(0), r#"{"z":[1,2,3],"a":[]}"#, r#"{"z":[1,2,3],"a":[[]]}"#, code, "[]]");
    let array = |count: usize| format!(r#"{{"b":[{}]}}"#, vec!["0"; count].join(","));
    let matcher = kernel::matcher(&rules(&[pattern])).expect("one rule compiles");
    assert_eq!(matches(&matcher, &array(1 << 20)), Ok(0));
    let error = matches(&matcher, &array((1 << 20) + 1)).map_err(|error| (error.code(), error.offset()));
    assert_eq!(error, Err((code, Some(6 + (2 << 20)))));
}

#[test]
fn first_fault_of_an_event_is_reported() {
    let mut builder = kernel::builder();
    builder.event_limits(kernel::event_limits(|it| (it.leaves, it.elements, it.depth) = (1, 2, 3)));
    let matcher = builder.build(&rules(&[r#"{"a":[1]}"#])).expect("one rule compiles");
    for (event, code) in [
        (r#"{"a":[1,2,}"#, "too-many-leaves"),
        (r#"{"a":[1,]}"#, "unexpected-character"),
        (r#"{"a":[[],[],[[[]]]]}"#, "too-many-elements"),
        (r#"{"a":[[[]],[],[]]}"#, "too-deep"),
        ("{\"a\":[1,2],\"\u{1}\":1}", "too-many-leaves"),
        ("{\"\u{1}\":1,\"a\":[1,2]}", "control-character"),
    ] {
        assert_eq!(matches(&matcher, event).map_err(|error| error.code()), Err(code), "{event}");
    }
}

#[test]
fn length_and_nesting_of_an_event_are_limited() {
    let set = |builder: &mut MatcherBuilder| {
        _ = builder.event_limits(kernel::event_limits(|it| (it.length, it.depth) = (9, 2)))
    };
    let pattern = r#"{"a":[1]}"#;
    event_limit(pattern, set, r#"{"a":[7]}"#, r#"{"a":[7]} "#, "event-too-long", " ");
    event_limit(pattern, set, r#"{"a":[]}"#, r#"{"a":[[]}"#, "too-deep", "[]}");
    let nested = |levels: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels - 1), "]".repeat(levels - 1));
    event_limit(pattern, |_| {}, &nested(1_000), &nested(1_001), "too-deep", "[]");
}

/// Events with the most possible work: the error comes soon, and memory is bounded.
#[test]
fn work_of_an_event_is_limited() {
    let number = |n: usize| n.to_string();
    let every_element = |count: usize| {
        let element = |n: usize| if n.is_multiple_of(2) { r#"{"c":1}"# } else { r#"{"b":""}"# }.to_owned();
        format!(r#"{{"a":[{}]}}"#, repeated(count, element))
    };
    let numbers = |path: &str, count: usize| format!(r#""{path}":[{}]"#, vec!["0"; count].join(","));
    let patterns =
        |count: usize, pattern: &dyn Fn(usize) -> String| (0..count).map(pattern).collect::<Vec<_>>();
    let paths = repeated(30, |n| format!(r#""p{n}":2"#));
    for (name, patterns, event) in [
        // Each list of alternatives is tested with each element.
        (
            "elements and field tests",
            patterns(1_000, &|n| format!(r#"{{"a":{{"b":[{{"anything-but":{n}}}],"c":[1]}}}}"#)),
            every_element(10_000),
        ),
        // Each group reads all values of the path.
        (
            "values and groups",
            patterns(3_000, &|n| {
                format!(r#"{{"a":[{{"numeric":["<",-{n}]}}],"p{}":[{{"anything-but":1}}]}}"#, n % 30)
            }),
            format!("{{{},{paths}}}", numbers("a", 10_000)),
        ),
        // For each value, one bit per test is computed.
        (
            "values and tests",
            patterns(2_000, &|n| format!(r#"{{"a":[{{"numeric":[">",{n}.5]}}]}}"#)),
            format!("{{{}}}", numbers("a", 50_000)),
        ),
        // Each value passes the filters of most wildcards.
        (
            "values and wildcards",
            patterns(1_000, &|n| {
                let letter = |at: u32| char::from(b'a' + (n >> (4 * at) & 15) as u8);
                format!(r#"{{"a":[{{"wildcard":"*{}*{}*{}*"}}]}}"#, letter(0), letter(1), letter(2))
            }),
            format!(r#"{{"a":[{}]}}"#, repeated(1_000, |_| format!(r#""{}""#, "abcdefghijklmnop".repeat(3)))),
        ),
        // The search for consistent elements has to try pairs of elements.
        (
            "pairs of elements",
            patterns(200, &|n| format!(r#"{{"a":{{"b":[{n},1],"c":[{n},1],"d":[{n},1],"e":[{n},1]}}}}"#)),
            format!(
                r#"{{"a":[{}]}}"#,
                repeated(10_000, |n| {
                    let (one, other) = [("b", "c"), ("c", "d"), ("d", "e"), ("e", "b")][n % 4];
                    format!(r#"{{"{one}":1,"{other}":1}}"#)
                })
            ),
        ),
        // For fourteen choices, each element can satisfy all but one choice, in thousands of ways.
        (
            "combinations of alternatives",
            patterns(1, &|_| {
                let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]"#);
                format!(r#"{{"a":{{{}}}}}"#, repeated(14, or))
            }),
            format!(
                r#"{{"a":[{}]}}"#,
                repeated(14, |without| {
                    let name = |n: usize| if n == without { "z" } else { "" };
                    format!("{{{}}}", repeated(14, |n| format!(r#""a{n}{0}":1,"b{n}{0}":1"#, name(n))))
                })
            ),
        ),
    ] {
        let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
        let set = rules(&patterns);
        // A twentieth of the default, because tests are not optimised and run in parallel.
        let matcher = kernel::builder()
            .event_limits(kernel::event_limits(|it| it.work = 1_000_000))
            .build(&set)
            .expect("the rules compile");
        let mut scratch = Scratch::new();
        let start = Instant::now();
        let error = matcher.is_match(&mut scratch, event.as_bytes()).expect_err(name);
        assert!(start.elapsed() < Duration::from_secs(30), "{name}: {:?}", start.elapsed());
        assert_eq!(error.code(), "too-much-work", "{name}");
        let memory = scratch.memory_usage();
        assert!(memory < 16 << 20, "{name}: {memory} bytes of scratch for {} bytes of event", event.len());
        // The same scratch can be used for other events.
        assert_eq!(
            matcher.is_match(&mut scratch, number(7).as_bytes()).map_err(|error| error.code()),
            Err("root-not-object")
        );
        assert_eq!(matcher.is_match(&mut scratch, b"{}"), Ok(false), "{name}");
    }
}

/// A work limit one below the work of an event gives the error. A limit equal to the work gives the
/// result.
#[test]
fn work_is_counted_exactly() {
    let set = rules(&[r#"{"l":{"a":[1],"b":[2]}}"#]);
    let event = r#"{"l":[{"a":1},{"b":2},{"a":1},{"b":2}]}"#;
    let within = |steps: u64| {
        let matcher = kernel::builder()
            .event_limits(kernel::event_limits(|it| it.work = steps))
            .build(&set)
            .expect("one rule compiles");
        matches(&matcher, event).map_err(|error| error.code())
    };
    let least = (0..10_000).find(|&steps| within(steps).is_ok()).expect("a few elements are little work");
    assert!(least > 0, "a search takes steps");
    assert_eq!(within(least), Ok(0));
    assert_eq!(within(least - 1), Err("too-much-work"));
    // The scratch reports the number of steps, also for an event that exceeds the limit. It reports
    // zero for an event that is not read.
    let (mut scratch, mut builder) = (Scratch::new(), kernel::builder());
    let matcher = builder.build(&set).expect("one rule compiles");
    assert_eq!(matcher.matches(&mut scratch, event.as_bytes()).map(<[_]>::len), Ok(0));
    assert_eq!(scratch.steps(), least);
    let matcher = builder
        .event_limits(kernel::event_limits(|it| it.work = least / 2))
        .build(&set)
        .expect("one rule compiles");
    matcher.matches(&mut scratch, event.as_bytes()).expect_err("the limit is exceeded");
    assert!((least / 2 + 1..=least).contains(&scratch.steps()));
    matcher.matches(&mut scratch, b"{").expect_err("the event is cut short");
    assert_eq!(scratch.steps(), 0);
    // For elements, choices cost the same at every place in their rule, apart from the steps to
    // another branch.
    let or = |n: usize| format!(r#""$or":[{{"a{n}":[1]}},{{"b{n}":[1]}}]"#);
    let rule = |path: &str| format!(r#"{{"{path}":{{{}}}}}"#, repeated(6, or));
    let event = format!(r#"{{"l":[{{{}}},{{"b5":1}}]}}"#, repeated(5, |n| format!(r#""a{n}":1"#)));
    let least = |patterns: &[&str]| {
        let (set, mut builder) = (rules(patterns), kernel::builder());
        let mut within = |steps: u64| {
            let matcher = builder
                .event_limits(kernel::event_limits(|it| it.work = steps))
                .build(&set)
                .expect("few rules compile");
            matches(&matcher, &event).map_err(|error| error.code())
        };
        assert_eq!(within(0), Err("too-much-work"));
        (0..10_000).find(|&steps| within(steps) == Ok(0)).expect("a few elements are little work")
    };
    let (alone, beside) = (least(&[&rule("l")]), least(&[&rule("k"), &rule("l")]));
    assert!((alone..alone + 50).contains(&beside), "{alone} {beside}");
}

#[test]
fn nesting_of_skipped_values_is_limited_unless_trusted() {
    let deep = |name: &str, levels: usize| {
        format!(r#"{{"a":1,"{name}":{{"y":{}{}}}}}"#, "[".repeat(levels - 2), "]".repeat(levels - 2))
    };
    let rules = rules(&[r#"{"a":[1]}"#, r#"{"b":[1]}"#]);
    for (trusted, distinct) in [(false, false), (true, false), (true, true)] {
        let matcher = kernel::builder().trusted(trusted).distinct_names(distinct).build(&rules);
        let matcher = matcher.expect("two rules compile");
        // No rule looks into an object at `b`, although a rule tests values there.
        for name in ["x", "b"] {
            assert_eq!(matches(&matcher, &deep(name, 1_000)), Ok(1));
            let past = matches(&matcher, &deep(name, 1_001)).map_err(|error| error.code());
            assert_eq!(past, if trusted { Ok(1) } else { Err("too-deep") }, "{name} {trusted} {distinct}");
        }
    }
}
