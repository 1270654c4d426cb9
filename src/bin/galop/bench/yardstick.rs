//! [`Yardstick`]: a fixed workload that measures the machine.
//!
//! The speed of a machine differs between two runs: other programs run, or the clock frequency
//! changes. The yardstick is measured in turn with the rules, and its time divides theirs. Results
//! of two runs can then be compared.

use std::hint::black_box;
use std::time::Duration;

use galop::{BuildError, Matcher, RuleSet, Scratch};

use super::events::Workload;
use super::rounds::round;

pub(super) struct Yardstick {
    matcher: Matcher,
    events: Workload,
    scratch: Scratch,
}

/// The numbers of rules and events.
const RULES: usize = 400;
const EVENTS: usize = 200;

impl Yardstick {
    pub(super) fn new() -> Result<Yardstick, BuildError> {
        let rule = |i: usize| {
            let (source, kind) = (i % 40, i % 7);
            let test = match i % 3 {
                0 => format!(r#"{{"numeric":[">",{}]}}"#, i * 3),
                1 => format!(r#"{{"prefix":"item-{}"}}"#, i % 10),
                _ => format!(r#"{{"anything-but":["item-{i}"]}}"#),
            };
            let pattern = format!(
                r#"{{"source":["app.{source}"],"detail-type":["kind-{kind}"],"detail":{{"value":[{test}]}}}}"#
            );
            galop::Pattern::parse(&pattern)
        };
        // All patterns are valid; a unit test counts them.
        let rules: RuleSet = (0..RULES).filter_map(|i| rule(i).ok()).collect();
        let event = |i: usize| {
            let (source, kind) = (i * 7 % 40, i * 5 % 7);
            let value =
                if i.is_multiple_of(2) { (i * 11).to_string() } else { format!(r#""item-{}""#, i % 13) };
            format!(
                r#"{{"version":"0","id":"{i:08}-0000-4000-8000-000000000000","source":"app.{source}","detail-type":"kind-{kind}","region":"eu-west-1","detail":{{"name":"a text of some length","value":{value},"tags":["x","y","z"]}}}}"#
            )
        };
        let matcher = Matcher::new(&rules)?;
        Ok(Yardstick { matcher, events: Workload::of((0..EVENTS).map(event)), scratch: Scratch::new() })
    }

    /// Returns the seconds of one event.
    pub(super) fn round(&mut self, length: Duration) -> f64 {
        let Yardstick { matcher, events, scratch } = self;
        round(length, events, |event| {
            let _ = black_box(matcher.matches(scratch, event));
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{EVENTS, RULES, Yardstick};

    #[test]
    fn yardstick_is_a_real_workload() {
        let Yardstick { matcher, events, mut scratch } = Yardstick::new().unwrap();
        assert_eq!((matcher.stats().rules, events.len()), (RULES, EVENTS));
        let found = |event: &[u8]| matcher.matches(&mut scratch, event).unwrap().len();
        let matches: Vec<usize> = events.iter().map(found).collect();
        assert!(matches.iter().any(|count| *count > 0) && matches.contains(&0));
    }
}
