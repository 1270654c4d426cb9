//! Matching does not allocate once the scratch has grown to the needs of the largest event. The
//! reported memory usage of matchers and scratches is right.
//!
//! The allocator counts per thread, so tests do not affect each other.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use galop::error::EventErrorKind;
use galop::tuning::{Kernel, Toggle, Tuning};
use galop::{Matcher, MatcherBuilder, PatternLimits, RuleId, RuleSet, Scratch};
use galop_harness::kernel;
use serde::Deserialize;
use serde_json::value::RawValue;

struct Counting;

thread_local! {
    static CALLS: Cell<u64> = const { Cell::new(0) };
    static BYTES: Cell<usize> = const { Cell::new(0) };
}

/// Counts a call that takes and returns the given numbers of bytes.
fn count(taken: usize, returned: usize) {
    CALLS.with(|calls| calls.set(calls.get() + 1));
    BYTES.with(|bytes| bytes.set(bytes.get().wrapping_add(taken).wrapping_sub(returned)));
}

#[allow(unsafe_code, reason = "an allocator can be written in no other way")]
// SAFETY: all calls are passed unchanged to the system's allocator. Counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: the system's allocator requires the same of its caller as this function.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        count(0, layout.size());
        // SAFETY: as above. The pointer came from the system's allocator.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size(), 0);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size, layout.size());
        // SAFETY: as above.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Returns the number of calls of the allocator during `work`, and the result.
fn calls<T>(work: impl FnOnce() -> T) -> (u64, T) {
    let before = CALLS.with(Cell::get);
    let result = work();
    (CALLS.with(Cell::get) - before, result)
}

/// Returns the number of bytes that `work` allocates and does not return, and the result.
fn bytes<T>(work: impl FnOnce() -> T) -> (usize, T) {
    let before = BYTES.with(Cell::get);
    let result = work();
    (BYTES.with(Cell::get).wrapping_sub(before), result)
}

/// Returns the lines of all files of a directory of the corpus.
fn lines(directory: &str) -> Vec<String> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(directory);
    let mut files: Vec<_> = fs::read_dir(directory)
        .expect("the corpus has this directory")
        .map(|entry| entry.expect("the directory can be listed").path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("the file can be read"));
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}

#[derive(Deserialize)]
struct Rule {
    pattern: Box<RawValue>,
}

fn corpus_rules() -> RuleSet {
    let mut rules = RuleSet::new();
    for line in lines("rulesets") {
        let rule: Rule = serde_json::from_str(&line).expect("a rule of the corpus is JSON");
        rules.add(rule.pattern.get()).expect("a pattern of the corpus is valid");
    }
    rules
}

/// Rules and events that use every buffer of a scratch. They have escapes in names and strings,
/// arrays of objects in arrays, absence inside and outside of them, and operators that need another
/// form of the text. Some paths have enough tests and values for an index.
const RULES: [&str; 17] = [
    r#"{"a":["é\n"]}"#,
    r#"{"a":[{"equals-ignore-case":"straße😀"},{"suffix":{"equals-ignore-case":"É"}}]}"#,
    r#"{"a":[{"wildcard":"*a*b*"},{"anything-but":{"wildcard":["*x*","y*z"]}}]}"#,
    r#"{"a":[{"cidr":"10.0.0.0/8"},{"cidr":"fd00::/16"}],"x":[{"exists":false}]}"#,
    r#"{"l":{"b":[1],"c":[2]}}"#,
    r#"{"l":{"b":[1],"c":[{"exists":false}],"m":{"d":[{"numeric":["<",5]}]}}}"#,
    r#"{"l":{"m":{"d":[1],"e":[2],"f":[{"exists":false}]}}}"#,
    r#"{"l":{"b":[{"exists":false}],"m":{"e":[9007199254740993]}}}"#,
    r#"{"$or":[{"l":{"b":[6],"c":[4]}},{"l":{"c":[9],"m":{"d":[8]}}}]}"#,
    r#"{"l":{"b":[0],"c":[3]}}"#,
    r#"{"l":{"b":[2],"c":[0]}}"#,
    r#"{"l":{"b":[3],"c":[1]}}"#,
    r#"{"l":{"b":[4,5,"10.1.2.3"],"c":[2,4]}}"#,
    r#"{"a":[{"prefix":"aa"},{"suffix":"ab"},{"wildcard":"a*a*b"},{"prefix":"x"},{"suffix":"\udc00"}]}"#,
    // More combinations than are expanded, outside of arrays and inside. Inside, the first
    // combinations are not consistent.
    r#"{"a":[{"exists":true}],"$or":[{"p":[1]},{"q":[1]},{"x":[null]}],"$or":[{"r":[1]},{"s":[1]},{"l":{"c":[1]}}],"$or":[{"t":[1]},{"u":[1]},{"v":[{"anything-but":2}]}],"$or":[{"w":[1]},{"y":[1]},{"z0":[{"exists":false}]}],"$or":[{"z1":[1]},{"z2":[1]},{"z3":[1]}]}"#,
    r#"{"l":{"b":[3],"$or":[{"c":[4]},{"p":[1]},{"q":[1]}],"m":{"$or":[{"d":[{"numeric":[">",7]}]},{"g":[1]},{"h":[1]}],"$or":[{"e":[{"numeric":["<",3]}]},{"i":[1]},{"j":[1]}],"$or":[{"k":[1]},{"l":[1]},{"n":[{"exists":false}]}]},"$or":[{"r":[1]},{"s":[1]},{"t":[5]}]}}"#,
    r#"{"a":[{"cidr":"10.1.0.0/16"},{"wildcard":"*:*:*1"},{"suffix":"z"},{"prefix":{"equals-ignore-case":"É"}}]}"#,
];

fn events() -> Vec<String> {
    let mut events: Vec<String> = [
        r#"{"\u0061":"\u00e9\n"}"#,
        r#"{"a":["STRASSE\ud83d\ude00","xÉ","x\u00c9","\ud800","aab","10.1.2.3","fd00::\u0031","y\u007az"]}"#,
        r#"{"a":{"b":[[[{"c":"\\\""}]]]},"x":null}"#,
        r#"{"l":[{"b":1},{"c":2},{"b":[1,2,3],"c":[4,2]}]}"#,
        r#"{"l":[{"b":1,"m":[{"d":9},{"d":1}]},{"c":2,"m":[{"d":1,"e":3},{"e":2}]},{"m":[{"d":1,"e":2}]}]}"#,
        r#"{"l":[[{"m":{"e":9007199254740993}}],{"c":[9]}]}"#,
        r#"{"a":1,"x":null,"l":{"c":1},"v":1,"z2":1}"#,
        r#"{"l":[{"b":3,"c":4,"m":[{"d":8}],"t":5},{"b":3,"c":4,"t":5,"m":[{"d":8},{"e":2},{"n":1},{"d":8,"e":2}]}]}"#,
    ]
    .map(str::to_owned)
    .to_vec();
    let element = |n: usize| format!(r#"{{"b":{},"c":{},"m":[{{"d":{}}},{{"e":2}}]}}"#, n % 7, n % 5, n % 9);
    events.push(format!(r#"{{"l":[{}]}}"#, (0..500).map(element).collect::<Vec<_>>().join(",")));
    events.push(format!(r#"{{"z":{}1{}}}"#, "[".repeat(900), "]".repeat(900)));
    events
}

/// Refused events, which must not allocate either.
fn refused() -> Vec<String> {
    [
        "",
        "[]",
        r#"{"a":"\q"}"#,
        r#"{"l":[{"b":1},{"c":2},"#,
        r#"{"a":1} {}"#,
        r#"{"a":{"b":01}}"#,
        "{\"a\":\"\u{1}\"}",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain([format!(r#"{{"a":{}"#, "[".repeat(1_001))])
    .collect()
}

/// Matches all events until the scratch stops growing, which must happen after one round. Then
/// matches the events in other orders.
fn does_not_allocate(name: &str, matcher: &Matcher, events: &[String]) {
    let mut scratch = Scratch::new();
    let run = |scratch: &mut Scratch, event: &str| {
        let any = matcher.is_match(scratch, event.as_bytes()).unwrap_or_default();
        matcher.matches(scratch, event.as_bytes()).map_or(0, <[_]>::len) + usize::from(any)
    };
    let (grown, first) = calls(|| events.iter().map(|event| run(&mut scratch, event)).sum::<usize>());
    assert!(grown > 0, "{name}: the scratch never grew");
    let size = scratch.memory_usage();
    let forwards = events.iter();
    let backwards = events.iter().rev();
    let mut second = 0;
    for event in forwards.chain(backwards) {
        let (allocated, matches) = calls(|| run(&mut scratch, event));
        assert_eq!(allocated, 0, "{name}: allocations for {event:.500}");
        second += matches;
    }
    assert_eq!(second, 2 * first, "{name}: the answers changed");
    assert_eq!(scratch.memory_usage(), size, "{name}: the scratch grew");
}

/// Like [`does_not_allocate`], for events that are parsed before counting begins.
#[cfg(all(feature = "serde_json", feature = "simd-json"))]
fn does_not_allocate_parsed<E: galop::ParsedEvent>(name: &str, matcher: &Matcher, events: &[E]) {
    let mut scratch = Scratch::new();
    let run = |scratch: &mut Scratch, event: &E| {
        let any = matcher.is_match_parsed(scratch, event).unwrap_or_default();
        matcher.matches_parsed(scratch, event).map_or(0, <[_]>::len) + usize::from(any)
    };
    let (grown, first) = calls(|| events.iter().map(|event| run(&mut scratch, event)).sum::<usize>());
    assert!(grown > 0, "{name}: the scratch never grew");
    let size = scratch.memory_usage();
    let (allocated, second) = calls(|| {
        events.iter().chain(events.iter().rev()).map(|event| run(&mut scratch, event)).sum::<usize>()
    });
    assert_eq!((allocated, second), (0, 2 * first), "{name}: allocations, matches");
    assert_eq!(scratch.memory_usage(), size, "{name}: the scratch grew");
}

fn configurations() -> Vec<(String, MatcherBuilder)> {
    let kernels = Kernel::ALL.into_iter().filter(|kernel| kernel.is_available());
    let promises = [(false, false), (true, false), (true, true)];
    let all = kernels.flat_map(|kernel| promises.map(|(trusted, distinct)| (kernel, trusted, distinct)));
    all.map(|(kernel, trusted, distinct)| {
        let mut builder = kernel::builder();
        builder.kernel(kernel).trusted(trusted).distinct_names(distinct);
        (format!("{kernel:?}, trusted: {trusted}, distinct names: {distinct}"), builder)
    })
    .collect()
}

#[test]
fn allocations_are_counted() {
    let (count, boxed) = calls(|| Box::new(1));
    assert_eq!((count, *boxed), (1, 1));
    let (count, ()) = calls(|| drop(boxed));
    assert_eq!(count, 1);
    let mut grown = Vec::from([1_u8]);
    let (count, ()) = calls(|| grown.reserve_exact(100));
    assert_eq!(count, 1);
    let (held, kept) = bytes(|| {
        drop(vec![1_u8; 50]);
        grown.reserve_exact(200);
        [vec![0_u8; 30], vec![1; 7]]
    });
    assert_eq!((held, kept.len()), (100 + 37, 2));
}

/// Asserts that the reported usage is within one percent. The exact size of a hash table, for
/// example, is unknown.
fn assert_close(name: &str, said: usize, taken: usize) {
    assert!(taken > 100_000, "{name}: {taken} bytes say nothing");
    assert!(said.abs_diff(taken) <= taken / 100, "{name}: said to be {said}, taken are {taken}");
}

/// Returns a thousand rules with alternatives of one operator.
fn alike(alternative: impl Fn(usize) -> String) -> RuleSet {
    let mut rules = RuleSet::new();
    for i in 0..1_000 {
        let alternatives: Vec<String> = (0..4).map(|n| alternative(4 * i + n)).collect();
        rules.add(&format!(r#"{{"a":[{}]}}"#, alternatives.join(","))).expect("a valid pattern");
    }
    rules
}

#[test]
fn memory_usage_of_matchers_is_right() {
    let sets = [
        ("strings", alike(|i| format!(r#""a string with the number {i}""#))),
        ("numbers", alike(|i| format!("{i}.5"))),
        ("long numbers", alike(|i| format!("123456789012345678901234567890{i}"))),
        ("addresses", alike(|i| format!(r#""10.0.{}.{}""#, i / 256, i % 256))),
        ("prefixes", alike(|i| format!(r#"{{"prefix":"{i} is at the front"}}"#))),
        ("suffixes", alike(|i| format!(r#"{{"suffix":"at the back is {i}"}}"#))),
        ("any case", alike(|i| format!(r#"{{"equals-ignore-case":"Either {i}"}}"#))),
        (
            "any case at the ends",
            alike(|i| {
                let end = ["prefix", "suffix"][i % 2];
                let character = char::from_u32(0x4E00 + i as u32).expect("a character without case");
                format!(r#"{{"{end}":{{"equals-ignore-case":"{i} Maß {character}"}}}}"#)
            }),
        ),
        ("half pairs", alike(|i| format!(r#"{{"prefix":"{i} is in front of \ud83d"}}"#))),
        ("wildcards", alike(|i| format!(r#"{{"wildcard":"{i}*a piece of {i}*and another*{i}"}}"#))),
        ("wildcards without a star", alike(|i| format!(r#"{{"wildcard":"no star in {i}"}}"#))),
        ("one wildcard each", {
            let mut rules = RuleSet::new();
            for i in 0..1_000 {
                rules
                    .add(&format!(r#"{{"a{i}":[{{"wildcard":"{i}*a piece of {i}*and another*{i}"}}]}}"#))
                    .expect("a pattern");
            }
            rules
        }),
        ("ranges", alike(|i| format!(r#"{{"numeric":[">",{i},"<",{}]}}"#, 2 * i + 7))),
        ("blocks", alike(|i| format!(r#"{{"cidr":"10.{}.{}.0/24"}}"#, i / 256, i % 256))),
        ("wide blocks", alike(|i| format!(r#"{{"cidr":"2001:db8:{i:x}::/48"}}"#))),
        ("excluded strings", alike(|i| format!(r#"{{"anything-but":["not {i}","nor {}"]}}"#, i + 1))),
        ("combinations", {
            let mut rules = RuleSet::new();
            for i in 0..1_000 {
                let or =
                    |n: usize| format!(r#""$or":[{{"a{n}":["{i}"]}},{{"b{n}":["{i}"]}},{{"c{n}":["{i}"]}}]"#);
                let ors: Vec<String> = (0..6).map(or).collect();
                rules.add(&format!("{{{}}}", ors.join(","))).expect("a pattern");
            }
            rules
        }),
        (
            "excluded texts",
            alike(|i| format!(r#"{{"anything-but":{{"prefix":["not {i}","nor {}"]}}}}"#, i + 1)),
        ),
        ("the corpus", corpus_rules()),
    ];
    for (name, rules) in &sets {
        let (taken, matcher) = bytes(|| kernel::matcher(rules).expect("the rules compile"));
        assert_close(name, matcher.memory_usage(), taken);
        let parts = matcher.memory_parts();
        let lists = parts.field_tests + parts.branches + parts.tree + parts.groups;
        let sum = parts.paths + parts.values + parts.predicates + lists;
        assert!((sum..sum + 1_000).contains(&matcher.memory_usage()), "{name}: {sum}");
    }
    let matcher = kernel::matcher(&corpus_rules()).expect("the rules of the corpus compile");
    let (taken, scratch) = bytes(|| {
        let mut scratch = Box::new(Scratch::new());
        for event in lines("events").iter().chain(&events()) {
            assert!(matcher.matches(&mut scratch, event.as_bytes()).is_ok());
        }
        scratch
    });
    assert_close("a scratch", scratch.memory_usage(), taken);
}

/// Events that make one buffer large, so that its share cannot be missed.
#[test]
fn memory_usage_of_scratches_is_right() {
    const LARGE: usize = 200_000;
    let deep = |name: &str| format!(r#"{{"{name}":{}{}}}"#, "[".repeat(LARGE), "]".repeat(LARGE));
    let text = |start: &str| format!(r#"{{"a":"{start}{}"}}"#, "x".repeat(LARGE));
    let mut rules = RuleSet::new();
    rules.add(r#"{"a":[{"wildcard":"*\ud83d*"}]}"#).expect("a valid pattern");
    let mut tuning = Tuning::default();
    for (name, walk, event) in [
        ("where a path leads", true, deep("a")),
        ("where no path leads", true, deep("b")),
        ("token by token", false, deep("b")),
        ("a name with an escape", true, format!(r#"{{"\n{}":1}}"#, "x".repeat(LARGE))),
        ("a text with an escape", true, text(r"\n")),
        ("a text as code units", true, text("😀")),
    ] {
        tuning.fast_reader = if walk { Toggle::Auto } else { Toggle::Off };
        let mut builder = kernel::builder();
        let matcher = builder
            .tuning(tuning)
            .event_limits(kernel::event_limits(|it| it.depth = 2 * LARGE))
            .build(&rules);
        let matcher = matcher.expect("one rule compiles");
        let (taken, scratch) = bytes(|| {
            let mut scratch = Box::new(Scratch::new());
            assert!(matcher.is_match(&mut scratch, event.as_bytes()).is_ok(), "{name}");
            scratch
        });
        assert_close(name, scratch.memory_usage(), taken);
    }
}

/// A pattern of a million combinations takes memory in proportion to its text.
#[test]
fn memory_of_combinations_is_linear() {
    let alternatives = |or: usize| {
        let alternatives: Vec<String> = (0..4).map(|n| format!(r#"{{"p{or}-{n}":["{n}"]}}"#)).collect();
        format!(r#""$or":[{}]"#, alternatives.join(","))
    };
    let pattern = |ors: usize| format!("{{{}}}", (0..ors).map(alternatives).collect::<Vec<_>>().join(","));
    let mut limits = PatternLimits::default();
    limits.combinations = usize::MAX;
    for (ors, most) in [(10, 60_000), (20, 120_000)] {
        let (taken, matcher) = bytes(|| {
            let mut rules = RuleSet::with_limits(limits.clone());
            rules.add(&pattern(ors)).expect("there is no limit");
            let pattern = rules.get(RuleId::new(0)).expect("it was added");
            assert_eq!(pattern.combinations(), 1 << (2 * ors));
            kernel::matcher(&rules).expect("one rule compiles")
        });
        assert!(taken < most, "{ors} times four alternatives take {taken} bytes");
        let mut scratch = Scratch::new();
        for holding in 0..4 {
            let event = |ors: usize| {
                let members: Vec<String> =
                    (0..ors).map(|or| format!(r#""p{or}-{0}":"{0}""#, (or * holding) % 4)).collect();
                format!("{{{}}}", members.join(","))
            };
            assert_eq!(matcher.is_match(&mut scratch, event(ors).as_bytes()), Ok(true));
            assert_eq!(matcher.is_match(&mut scratch, event(ors - 1).as_bytes()), Ok(false));
        }
    }
}

#[test]
fn events_of_the_corpus_do_not_allocate() {
    let events = lines("events");
    assert!(events.len() > 1_000, "{} events", events.len());
    let rules = corpus_rules();
    for (name, builder) in configurations() {
        let matcher = builder.build(&rules).expect("the rules of the corpus compile");
        does_not_allocate(&name, &matcher, &events);
    }
}

#[test]
fn events_that_use_every_buffer_do_not_allocate() {
    let mut rules = RuleSet::new();
    for pattern in RULES {
        rules.add(pattern).expect("a valid pattern");
    }
    let events = events();
    for (name, builder) in configurations() {
        let matcher = builder.build(&rules).expect("a few rules compile");
        let hasty = builder
            .clone()
            .event_limits(kernel::event_limits(|it| it.work = 10))
            .build(&rules)
            .expect("a few rules compile");
        let mut scratch = Scratch::new();
        let mut matched = BTreeSet::<RuleId>::new();
        for event in &events {
            matched.extend(matcher.matches(&mut scratch, event.as_bytes()).expect("an event"));
        }
        assert_eq!(matched.len(), RULES.len(), "{name}: only {matched:?} match");
        let searched = events.iter().any(|event| {
            let error = hasty.matches(&mut scratch, event.as_bytes()).err();
            error.is_some_and(|error| matches!(error.kind(), EventErrorKind::TooMuchWork { .. }))
        });
        assert!(searched, "{name}: no event needs a choice of elements");
        does_not_allocate(&name, &matcher, &events);
    }
}

#[test]
fn refused_events_do_not_allocate() {
    let mut rules = RuleSet::new();
    for pattern in RULES {
        rules.add(pattern).expect("a valid pattern");
    }
    let matcher = kernel::matcher(&rules).expect("a few rules compile");
    let mut scratch = Scratch::new();
    let refused = refused();
    for event in &refused {
        assert!(matcher.matches(&mut scratch, event.as_bytes()).is_err(), "{event:.100}");
    }
    does_not_allocate("refused", &matcher, &[events(), refused].concat());

    // The matcher has its own scratch, because one search may have grown the buffers enough for
    // another.
    let hasty = kernel::builder()
        .event_limits(kernel::event_limits(|it| it.work = 10))
        .build(&rules)
        .expect("a few rules compile");
    does_not_allocate("too much work", &hasty, &events());
}

#[cfg(all(feature = "serde_json", feature = "simd-json"))]
#[test]
fn parsed_events_do_not_allocate() {
    let mut rules = RuleSet::new();
    for pattern in RULES {
        rules.add(pattern).expect("a valid pattern");
    }
    let numbers =
        r#"{"a":[1,-2,1.5,1e-7,9007199254740993,18446744073709551615],"l":{"b":-9007199254740993}}"#;
    let rejected = [r#"[{"a":1}]"#.to_owned(), format!(r#"{{"a":{}{}}}"#, "[".repeat(100), "]".repeat(100))];
    for (name, rules, texts, depth) in [
        ("every buffer", &rules, [events(), vec![numbers.to_owned()]].concat(), 1_000),
        ("rejected", &rules, [events(), rejected.to_vec()].concat(), 50),
        ("the corpus", &corpus_rules(), lines("events"), 1_000),
    ] {
        let matcher = kernel::builder()
            .event_limits(kernel::event_limits(|it| it.depth = depth))
            .build(rules)
            .expect("the rules compile");
        let values: Vec<serde_json::Value> = texts.iter().filter_map(|text| text.parse().ok()).collect();
        assert!(values.len() + 2 >= texts.len(), "{name}: {} of {} are parsed", values.len(), texts.len());
        does_not_allocate_parsed(&format!("{name}, serde_json"), &matcher, &values);
        let mut rooms: Vec<Vec<u8>> = texts.iter().map(|text| text.clone().into_bytes()).collect();
        let owned: Vec<_> =
            rooms.iter_mut().filter_map(|room| simd_json::to_owned_value(room).ok()).collect();
        does_not_allocate_parsed(&format!("{name}, owned values"), &matcher, &owned);
        let mut rooms: Vec<Vec<u8>> = texts.iter().map(|text| text.clone().into_bytes()).collect();
        let borrowed: Vec<_> =
            rooms.iter_mut().filter_map(|room| simd_json::to_borrowed_value(room).ok()).collect();
        does_not_allocate_parsed(&format!("{name}, borrowed values"), &matcher, &borrowed);
        let mut rooms: Vec<Vec<u8>> = texts.iter().map(|text| text.clone().into_bytes()).collect();
        let tapes: Vec<_> = rooms.iter_mut().filter_map(|room| simd_json::to_tape(room).ok()).collect();
        assert!(tapes.len() + 2 >= texts.len(), "{name}: {} of {} are tapes", tapes.len(), texts.len());
        does_not_allocate_parsed(&format!("{name}, tapes"), &matcher, &tapes);
    }
}

#[test]
fn scratch_of_several_matchers_does_not_allocate() {
    let mut few = RuleSet::new();
    for pattern in RULES {
        few.add(pattern).expect("a valid pattern");
    }
    let many = corpus_rules();
    let matchers = [&few, &many].map(|rules| kernel::matcher(rules).expect("they compile"));
    let events = [events(), lines("events").into_iter().step_by(20).collect()].concat();
    let mut scratch = Scratch::new();
    let mut round = || {
        for event in &events {
            for matcher in &matchers {
                assert!(matcher.matches(&mut scratch, event.as_bytes()).is_ok(), "{event:.500}");
            }
        }
    };
    let (grown, ()) = calls(&mut round);
    assert!(grown > 0);
    let (allocated, ()) = calls(&mut round);
    assert_eq!(allocated, 0);
}

/// `shrink_to` releases the memory of a large event. Later events have the same results as with a
/// new scratch.
#[test]
fn shrink_to_releases_memory() {
    let mut rules = RuleSet::new();
    for n in 0..200 {
        rules
            .add(&format!(r#"{{"items":{{"a":[{n}],"b":[{{"prefix":"p{n}"}}],"c":[{n}]}}}}"#))
            .expect("valid");
        rules
            .add(&format!(r#"{{"$or":[{{"x":[{n}]}},{{"y":[{n}]}}],"$or":[{{"z":[1]}},{{"w":[1]}}]}}"#))
            .expect("valid");
    }
    let matcher = kernel::builder()
        .event_limits(kernel::event_limits(|it| (it.length, it.work) = (64 << 20, u64::MAX)))
        .build(&rules)
        .expect("the rules compile");
    let item = |n: usize| {
        let n = n % 1_000;
        format!(r#"{{"a":{n},"b":"p{n}\u0020and more","c":{n},"other":"which no rule looks into"}}"#)
    };
    let items = |count: usize| (0..count).map(item).collect::<Vec<_>>().join(",");
    let large = format!(r#"{{"items":[{}]}}"#, items(235_000));
    assert!(large.len() > 17 << 20, "{}", large.len());
    let small = format!(r#"{{"items":[{}],"x":7,"w":1}}"#, items(10));
    let answer = |scratch: &mut Scratch, event: &str| {
        matcher.matches(scratch, event.as_bytes()).expect("an event").to_vec()
    };
    let expected = answer(&mut Scratch::new(), &small);
    assert_eq!(expected.len(), 11);

    let mut scratch = Scratch::new();
    assert_eq!(answer(&mut scratch, &small), expected);
    let needed = scratch.memory_usage();
    for most in [usize::MAX, 1 << 20, needed, 1_000, 0] {
        assert_eq!(answer(&mut scratch, &large).len(), 200);
        let before = scratch.memory_usage();
        assert!(before > 20 << 20, "{before}");
        let (change, ()) = bytes(|| scratch.shrink_to(most));
        let returned = 0_usize.wrapping_sub(change);
        assert!(scratch.memory_usage() <= most.max(size_of::<Scratch>()), "{most}");
        assert_eq!(returned == 0, most == usize::MAX, "{most}");
        // The reported usage falls by the number of returned bytes.
        let said = before - scratch.memory_usage();
        assert!(said.abs_diff(returned) <= before / 100, "{most}: {said} {returned}");
        assert_eq!(scratch.steps(), 0);
        for _ in 0..2 {
            assert_eq!(answer(&mut scratch, &small), expected);
        }
        // A scratch within the limit is kept, and nothing is allocated.
        let usage = scratch.memory_usage();
        let (calls, ()) = calls(|| scratch.shrink_to(usage));
        assert_eq!((calls, scratch.memory_usage()), (0, usage));
    }
    assert!(scratch.memory_usage() <= 2 * needed, "{} {needed}", scratch.memory_usage());
}

#[cfg(feature = "live")]
mod live {
    use galop::live::{LiveOptions, LiveRules, LiveScratch};

    use super::{bytes, calls};

    fn rules() -> LiveRules<usize, ()> {
        LiveOptions::new().background(false).build().expect("the kernel is available")
    }

    fn pattern(number: usize) -> String {
        format!(
            r#"{{"source":["s{}"],"detail":{{"n{}":["v{number}",{{"prefix":"p{}"}}]}}}}"#,
            number % 20,
            number % 300,
            number % 1_000
        )
    }

    fn insert(rules: &LiveRules<usize, ()>, numbers: std::ops::Range<usize>) {
        for start in numbers.clone().step_by(500) {
            let mut transaction = rules.transaction();
            for number in start..numbers.end.min(start + 500) {
                transaction.insert(number, &pattern(number), ()).expect("the pattern is valid");
            }
            transaction.commit().expect("the rules compile");
        }
    }

    #[test]
    fn matching_with_layers_does_not_allocate() {
        let rules = rules();
        for number in 0..100 {
            rules.insert(number, &pattern(number), ()).expect("the rule compiles");
        }
        let snapshot = rules.snapshot();
        let mut scratch = LiveScratch::new();
        let event = br#"{"source":"s3","detail":{"n3":"v3","n23":["p23",{"x":1}]}}"#;
        let mut run = || snapshot.matches(&mut scratch, event).expect("the event is valid").len();
        assert_eq!(run(), 2);
        assert_eq!(calls(|| (0..100).map(|_| run()).sum::<usize>()), (0, 200));
    }

    #[test]
    fn memory_of_removed_rules_is_returned() {
        let (fresh, other) = bytes(|| {
            let rules = rules();
            insert(&rules, 0..100);
            rules.merge().expect("the rules compile");
            rules
        });
        let expected = other.stats().compiled_bytes;
        let rules = rules();
        let (left, ()) = bytes(|| {
            insert(&rules, 1_000..21_000);
            for number in 1_000..21_000 {
                assert!(rules.remove(&number));
                if number % 5_000 == 0 {
                    rules.merge().expect("the rules compile");
                }
            }
            insert(&rules, 0..100);
            rules.merge().expect("the rules compile");
        });
        assert!(left <= fresh * 11 / 10, "{left} bytes are left, and a fresh set takes {fresh}");
        let compiled = rules.stats().compiled_bytes;
        assert!(compiled.abs_diff(expected) <= expected / 10, "{compiled} and {expected}");
    }

    #[test]
    fn memory_of_an_old_snapshot_is_returned_by_the_next_merge() {
        let rules = rules();
        let (with_snapshot, snapshot) = bytes(|| {
            insert(&rules, 0..2_000);
            let snapshot = rules.snapshot().into_arc();
            for number in 0..2_000 {
                assert!(rules.remove(&number));
            }
            rules.merge().expect("the rules compile");
            snapshot
        });
        let (freed, ()) = bytes(|| drop(snapshot));
        let (merged, ()) = bytes(|| rules.merge().expect("the rules compile"));
        let left = with_snapshot.wrapping_add(freed).wrapping_add(merged);
        assert!(with_snapshot > 500_000 && left < 50_000, "{with_snapshot} bytes with it, {left} without");
    }
}
