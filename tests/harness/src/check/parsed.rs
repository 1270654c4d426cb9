//! The law of parsed events: the result equals that for the text.

use galop::Scratch;

use super::reproduction::{Argument, law};
use super::{Configuration, agreed, answer, build, bytes, configurations, lossy, valid};
use crate::parsed::parsers;

/// The result for a parsed event equals the result for the stored values as text. The result equals
/// that for the original text too, if the parser has stored all of it.
pub fn parsed_events_equal_their_texts(rules: &[impl AsRef<[u8]>], events: &[impl AsRef<[u8]>]) {
    let (rules, events) = (bytes(rules), bytes(events));
    law("parsed_events_equal_their_texts", &[Argument::Texts(&rules), Argument::Texts(&events)], || {
        let (_, set) = valid(&rules);
        for configuration in configurations() {
            let Configuration { name, builder, .. } = &configuration;
            let matcher = build(builder, &set);
            let mut scratch = Scratch::new();
            for event in &events {
                parsers(event, |kept| {
                    let any = kept.event.is_match(&matcher, &mut scratch);
                    let found = agreed(&matcher, any, kept.event.matches(&matcher, &mut scratch));
                    for (text, counts) in [(kept.written.as_bytes(), true), (event, kept.is_all)] {
                        if !counts || !configuration.admits(text) {
                            continue;
                        }
                        match (&found, answer(&matcher, &mut scratch, text)) {
                            (Ok(found), Ok(expected)) if *found == expected => {}
                            (Err(found), Err(expected))
                                if found.kind() == expected.kind() && found.offset().is_none() => {}
                            (found, expected) => panic!(
                                "{name}: {} gives {expected:?}, as {} {found:?}",
                                lossy(text),
                                kept.parser
                            ),
                        }
                    }
                });
            }
        }
    });
}
