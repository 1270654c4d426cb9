//! The law of examples: what is generated to match matches, and what is generated to miss misses.

use galop::generate::{AlternativeExamples, Examples, NotFound, Options, examples_with};
use galop::pattern::Pattern;
use galop::{Matcher, Scratch};

use super::reproduction::{Argument, law};
use super::{limits, rule_set};
use crate::{kernel, oracle};

/// Every example of a pattern is right by the engine and by the oracle. An event that misses differs
/// from the one that matches on the path of its field alone. The examples of a pattern are always the
/// same.
pub fn examples_are_right(text: &[u8]) {
    law("examples_are_right", &[Argument::Text(text)], || {
        let Ok(pattern) = Pattern::parse_with(text, &limits()) else { return };
        let oracle = oracle::Pattern::parse(text).expect("the oracle accepts the same patterns");
        let matcher = kernel::matcher(&rule_set(&[text])).expect("one rule is within the limits");
        let judges = Judges { matcher, oracle };
        for envelope in [false, true] {
            let mut options = Options::default();
            options.envelope = envelope;
            options.events = 100;
            let examples = examples_with(&pattern, &options);
            assert_eq!(examples_with(&pattern, &options), examples, "made twice");
            judges.check(&examples);
        }
    });
}

struct Judges {
    matcher: Matcher,
    oracle: oracle::Pattern,
}

impl Judges {
    fn check(&self, examples: &Examples) {
        if let Ok(event) = &examples.matching {
            self.agree(event, true);
        }
        let mut events = 0;
        for field in &examples.fields {
            for AlternativeExamples { text, matching, missing, .. } in &field.alternatives {
                events += 2;
                match (matching, missing) {
                    (Ok(matching), Ok(missing)) => {
                        let (one, other) = (self.agree(matching, true), self.agree(missing, false));
                        let path = oracle::Event::parse(format!("{{{}:0}}", field.path).as_bytes());
                        let path = path.expect("a name and a number are an event");
                        assert!(
                            one.differs_only_at(&other, &path),
                            "{matching} and {missing} differ elsewhere than at {} ({text})",
                            field.path
                        );
                    }
                    (Ok(matching), Err(reason)) => {
                        self.agree(matching, true);
                        assert!(
                            !matches!(reason, NotFound::NoValue | NotFound::OtherField),
                            "{matching} matches, and yet {reason}"
                        );
                    }
                    (Err(_), missing) => assert!(missing.is_err(), "{missing:?} has no event beside it"),
                }
                // An event that matches has been found for the pattern, too.
                assert!(matching.is_err() || examples.matching.is_ok(), "only {matching:?}");
            }
        }
        assert!(events <= 100, "{events} events");
    }

    /// Checks that both judges give the verdict. Returns the event as the oracle reads it.
    fn agree(&self, text: &str, verdict: bool) -> oracle::Event {
        let found = self.matcher.is_match(&mut Scratch::new(), text.as_bytes());
        assert_eq!(found, Ok(verdict), "the engine on {text}");
        let event = oracle::Event::parse(text.as_bytes()).expect("the event is valid");
        assert_eq!(self.oracle.matches(&event), verdict, "the oracle on {text}");
        event
    }
}
