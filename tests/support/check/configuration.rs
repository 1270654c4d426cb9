//! The ways to build a matcher, none of which may change an answer.

use std::collections::HashSet;

use galop::{Builder, Kernel};

use super::super::oracle;
use super::layout::{tokens, units};

/// A way to build a matcher.
pub(super) struct Configuration {
    /// For messages.
    pub(super) name: String,
    pub(super) builder: Builder,
    /// Whether all events are checked. Of others the answer is not specified.
    pub(super) checks: bool,
}

impl Configuration {
    /// Whether the answer for an event is specified.
    pub(super) fn admits(&self, event: &[u8]) -> bool {
        self.checks || can_be_trusted(event)
    }

    /// What a law needs: the name, the builder, and those of the events for which the answer is specified.
    pub(super) fn over<'a>(&self, events: &[&'a [u8]]) -> (&str, &Builder, Vec<&'a [u8]>) {
        let admitted = events.iter().copied().filter(|event| self.admits(event)).collect();
        (&self.name, &self.builder, admitted)
    }
}

/// Every kernel that this machine can run, for events that are checked and for those that are trusted.
pub(super) fn configurations() -> Vec<Configuration> {
    let kernels = Kernel::ALL.into_iter().filter(|kernel| kernel.is_available());
    let both = kernels.flat_map(|kernel| [(kernel, true), (kernel, false)]);
    both.map(|(kernel, checks)| {
        let mut builder = Builder::new();
        builder.kernel(kernel).trusted(!checks);
        let name = format!("{kernel:?}, {}", if checks { "checked" } else { "trusted" });
        Configuration { name, builder, checks }
    })
    .collect()
}

/// Whether the event is valid, and the names of each object are distinct.
fn can_be_trusted(event: &[u8]) -> bool {
    if oracle::Event::parse(event).is_err() {
        return false;
    }
    let text = std::str::from_utf8(event).expect("an event is UTF-8");
    let mut open: Vec<HashSet<Vec<u16>>> = Vec::new();
    let mut tokens = tokens(text).into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            "{" | "[" => open.push(HashSet::new()),
            "}" | "]" => drop(open.pop()),
            name if tokens.peek() == Some(&":") => {
                let names = open.last_mut().expect("a name stands in an object");
                if !names.insert(units(name)) {
                    return false;
                }
            }
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{can_be_trusted, configurations};

    #[test]
    fn names_are_distinct_within_an_object() {
        for (event, distinct) in [
            (r#"{"a":{"a":[{"a":1},{"a":2}]},"b":1}"#, true),
            (r#"{"a":{"b":1},"a.b":2}"#, true),
            (r#"{"a":1,"b":{"a":1},"a":2}"#, false),
            (r#"{"c":[{"\u0061":1,"a":2}]}"#, false),
            (r#"{"\ud83d\ude00":1,"\ud83d":2,"\ude00":3}"#, true),
            (r#"{"\ud83d\ude00":1,"😀":2}"#, false),
            (r#"{"\n":1,"\u000a":2}"#, false),
            (r#"{"a":1"#, false),
        ] {
            assert_eq!(can_be_trusted(event.as_bytes()), distinct, "{event}");
        }
    }

    #[test]
    fn there_are_trusted_and_checked_ones() {
        let all = configurations();
        assert!(all.iter().any(|it| it.checks) && all.iter().any(|it| !it.checks));
        assert!(all.iter().all(|it| it.admits(b"{}") && it.admits(b"{") == it.checks));
    }
}
