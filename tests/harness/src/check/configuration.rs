//! The configurations of a matcher. No configuration may change a result.

use std::cell::Cell;
use std::collections::HashSet;

use galop::MatcherBuilder;
use galop::tuning::{Kernel, Toggle, Tuning};

use super::layout::{tokens, units};
use crate::{kernel, oracle};

/// A configuration of a matcher.
pub struct Configuration {
    /// The name in messages.
    pub(super) name: String,
    pub builder: MatcherBuilder,
    /// The promise about events. The results of other events are not specified.
    promise: Promise,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Promise {
    None,
    /// Events are valid.
    Valid,
    /// Events are valid, and their names distinct and without dots.
    Distinct,
}

impl Promise {
    pub const ALL: [Promise; 3] = [Promise::None, Promise::Valid, Promise::Distinct];

    /// Returns true if an event keeps the promise, so that its result is specified.
    pub fn admits(self, event: &[u8]) -> bool {
        match self {
            Promise::None => true,
            Promise::Valid => oracle::Event::parse(event).is_ok(),
            Promise::Distinct => has_distinct_names(event),
        }
    }
}

impl Configuration {
    /// Returns true if the result of an event is specified.
    pub(super) fn admits(&self, event: &[u8]) -> bool {
        self.promise.admits(event)
    }

    /// Returns true if all events are checked completely.
    pub(super) fn checks(&self) -> bool {
        self.promise == Promise::None
    }

    /// Returns true if the end of an event may be skipped after all named paths are found.
    pub(super) fn stops(&self) -> bool {
        self.promise == Promise::Distinct
    }

    /// Returns the arguments of a law: the name, the builder, and the events with a specified
    /// result.
    pub(super) fn over<'a>(&self, events: &[&'a [u8]]) -> (&str, &MatcherBuilder, Vec<&'a [u8]>) {
        let admitted = events.iter().copied().filter(|event| self.admits(event)).collect();
        (&self.name, &self.builder, admitted)
    }
}

thread_local! {
    /// The configurations for laws: the first index and the step.
    static PART: Cell<(usize, usize)> = const { Cell::new((0, 1)) };
}

/// Runs laws over a part of the configurations: from `first`, each `step`-th.
pub(super) fn in_part(first: usize, step: usize, laws: impl FnOnce()) {
    PART.set((first, step));
    laws();
    PART.set((0, 1));
}

/// Returns every available kernel with every promise, and every tuning.
pub(super) fn configurations() -> Vec<Configuration> {
    let kernels = Kernel::ALL.into_iter().filter(|kernel| kernel.is_available());
    let readers = kernels.flat_map(|kernel| Promise::ALL.map(|promise| reader(kernel, promise)));
    // The reader does not affect the decision, so each tuning is tried with one reader.
    let unchecked = tunings().into_iter().filter(|(_, tuning)| tuning.indexes == Toggle::On);
    let tunings = tunings().into_iter().map(|(name, tuning)| {
        let mut builder = kernel::builder();
        builder.tuning(tuning);
        Configuration { name: name.to_owned(), builder, promise: Promise::None }
    });
    // Unchecked events must not break any of the optimisations either.
    let unchecked = unchecked.map(|(name, tuning)| {
        let mut builder = kernel::builder();
        builder.tuning(tuning).trusted(true);
        Configuration { name: format!("{name}, {:?}", Promise::Valid), builder, promise: Promise::Valid }
    });
    let (first, step) = PART.get();
    readers.chain(tunings).chain(unchecked).skip(first).step_by(step).collect()
}

/// Returns the configuration of a kernel and a promise.
pub fn reader(kernel: Kernel, promise: Promise) -> Configuration {
    let mut builder = kernel::builder();
    builder.kernel(kernel).trusted(promise != Promise::None).distinct_names(promise == Promise::Distinct);
    Configuration { name: format!("{kernel:?}, {promise:?}"), builder, promise }
}

/// Returns tunings in which each optimisation is off, and tunings in which each is on.
fn tunings() -> Vec<(&'static str, Tuning)> {
    fn changed(change: impl FnOnce(&mut Tuning)) -> Tuning {
        let mut tuning = Tuning::default();
        change(&mut tuning);
        tuning
    }
    vec![
        ("token by token", changed(|it| it.fast_reader = Toggle::Off)),
        ("no switches", changed(|it| it.switches = Toggle::Off)),
        ("switches", changed(|it| it.switches = Toggle::On)),
        ("no gates", changed(|it| it.gates = Toggle::Off)),
        ("gates", changed(|it| (it.gates, it.switches) = (Toggle::On, Toggle::Off))),
        ("no groups", changed(|it| it.groups = Toggle::Off)),
        ("groups", changed(|it| it.groups = Toggle::On)),
        ("no indexes", changed(|it| it.indexes = Toggle::Off)),
        ("indexes", changed(|it| it.indexes = Toggle::On)),
        ("no choices", changed(|it| it.choices = Toggle::Off)),
        ("choices", changed(|it| it.choices = Toggle::On)),
        ("choices one by one", changed(|it| (it.choices, it.groups) = (Toggle::On, Toggle::Off))),
        ("switches and indexes", changed(|it| (it.switches, it.indexes) = (Toggle::On, Toggle::On))),
    ]
}

/// Returns true if the event is valid, and the names of each object are distinct and have no dots.
fn has_distinct_names(event: &[u8]) -> bool {
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
                let names = open.last_mut().expect("a name is inside an object");
                let name = units(name);
                if name.contains(&u16::from(b'.')) || !names.insert(name) {
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
    use super::{Promise, configurations, has_distinct_names, in_part};

    #[test]
    fn names_are_distinct_within_an_object() {
        for (event, distinct) in [
            (r#"{"a":{"a":[{"a":1},{"a":2}]},"b":1}"#, true),
            (r#"{"a":{"b":1},"a.b":2}"#, false),
            (r#"{"a":{"\u002e":1}}"#, false),
            (r#"{"a":{"b":"."}}"#, true),
            (r#"{"a":1,"b":{"a":1},"a":2}"#, false),
            (r#"{"c":[{"\u0061":1,"a":2}]}"#, false),
            (r#"{"\ud83d\ude00":1,"\ud83d":2,"\ude00":3}"#, true),
            (r#"{"\ud83d\ude00":1,"😀":2}"#, false),
            (r#"{"\n":1,"\u000a":2}"#, false),
            (r#"{"a":1"#, false),
        ] {
            assert_eq!(has_distinct_names(event.as_bytes()), distinct, "{event}");
        }
    }

    #[test]
    fn parts_add_up_to_all_configurations() {
        let all: Vec<String> = configurations().into_iter().map(|it| it.name).collect();
        let mut parts = Vec::new();
        for first in 0..8 {
            in_part(first, 8, || parts.extend(configurations().into_iter().map(|it| it.name)));
        }
        parts.sort_by_key(|name| all.iter().position(|other| other == name));
        assert_eq!(parts, all);
        assert!(all.len() > 16);
    }

    #[test]
    fn each_promise_admits_fewer_events() {
        let admitted = |event: &[u8]| configurations().iter().filter(|it| it.admits(event)).count();
        let all = configurations().len();
        let promised = |promise| configurations().iter().filter(|it| it.promise == promise).count();
        let (valid, distinct) = (promised(Promise::Valid), promised(Promise::Distinct));
        assert!(valid > 0 && distinct > 0);
        assert_eq!(admitted(b"{}"), all);
        assert_eq!(admitted(br#"{"a":1,"a":2}"#), all - distinct);
        assert_eq!(admitted(b"{"), all - distinct - valid);
    }
}
