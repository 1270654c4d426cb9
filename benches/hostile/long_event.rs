//! The cost of one event: rules and events of [`event_cases`](crate::event_cases) and
//! [`array_cases`](crate::array_cases), up to the longest event that the default limits accept.

use std::time::Duration;

use galop::error::EventErrorKind;
use galop::{Matcher, RuleSet, Scratch};

use crate::child::Said;
use crate::clock::Stopwatch;
use crate::event_cases::{EventCase, Expected, SIZES};
use crate::workload::trial;

/// The bound for one event, in milliseconds.
pub(crate) const MOST_MILLISECONDS: f64 = 100.0;

pub(crate) const COLUMNS: [(&str, isize); 8] = [
    ("event", -42),
    ("rules", 6),
    ("bytes", 9),
    ("event bytes", 11),
    ("ms", 10),
    ("ns/byte", 10),
    ("scratch KB", 10),
    ("result", -24),
];

/// Measures one case and reports a row per size.
pub(crate) fn measure(case: &EventCase) {
    Said::Step("build".to_owned()).say();
    let mut set = RuleSet::new();
    let name = &case.tenant.name;
    let fitted = case.tenant.fit(&mut set);
    let (rules, bytes, note) = (fitted.rules.len(), fitted.bytes(), fitted.refusals());
    let matcher = match Matcher::new(&set) {
        Ok(matcher) => matcher,
        Err(error) => {
            let cells = vec![name.clone(), rules.to_string(), bytes.to_string(), error.to_string()];
            Said::Row { is_within: true, cells }.say();
            return;
        }
    };
    for size in sizes() {
        Said::Step(format!("event of {size} bytes")).say();
        let event = (case.event)(size, rules);
        assert!(event.len() <= size.max(32 << 10), "{}: {} bytes of at most {size}", name, event.len());
        Said::Step(format!("event of {size} bytes")).say();
        let mut scratch = Scratch::new();
        let (mut least, mut result, mut spent) = (Duration::MAX, String::new(), Duration::ZERO);
        // The first pass grows the scratch. The least time counts.
        for _ in 0..5 {
            let stopwatch = Stopwatch::start();
            let answer = matcher.matches(&mut scratch, event.as_bytes());
            let time = stopwatch.elapsed();
            (least, spent) = (least.min(time), spent + time);
            result = match answer {
                Ok(ids) => {
                    assert_answer(case, ids.len(), rules);
                    format!("{} matches", ids.len())
                }
                Err(error) => error.code().to_owned(),
            };
            if spent > Duration::from_secs(1) {
                break;
            }
        }
        assert!(!trial() || result.ends_with("matches"), "{}: {result}", name);
        let milliseconds = least.as_secs_f64() * 1e3;
        let cells = vec![
            name.clone(),
            rules.to_string(),
            bytes.to_string(),
            event.len().to_string(),
            format!("{milliseconds:.2}"),
            format!("{:.2}", milliseconds * 1e6 / event.len() as f64),
            (scratch.memory_usage() / 1024).to_string(),
            format!("{result} {note}").trim().to_owned(),
        ];
        Said::Row { is_within: milliseconds <= MOST_MILLISECONDS || trial(), cells }.say();
    }
}

/// Panics if the answer is wrong.
fn assert_answer(case: &EventCase, matches: usize, rules: usize) {
    let expected = match case.expected {
        Expected::All => rules,
        Expected::None => 0,
        Expected::Some => return,
    };
    assert_eq!(matches, expected, "{}", case.tenant.name);
}

/// The sizes of the events. The largest is the limit of the library.
fn sizes() -> Vec<usize> {
    if trial() {
        return vec![32 << 10];
    }
    let limit = event_length_limit();
    SIZES.into_iter().filter(|size| *size < limit).chain([limit]).collect()
}

/// The default limit of the bytes of an event, found by trial up to 128 MiB.
fn event_length_limit() -> usize {
    let matcher = Matcher::new(&RuleSet::new()).expect("a set without rules is within the limits");
    let blanks = vec![b' '; 128 << 20];
    let mut size = 1 << 10;
    while size <= blanks.len() {
        let error = matcher.matches(&mut Scratch::new(), &blanks[..size]).expect_err("blanks are no event");
        if let EventErrorKind::EventTooLong { limit } = error.kind() {
            return *limit;
        }
        size *= 2;
    }
    size
}
