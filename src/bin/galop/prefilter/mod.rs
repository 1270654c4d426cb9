//! A search for literals in the text of events, which rules out events before they are read.
//!
//! Each event that matches a rule contains a literal of the rule, for example `"aws.ec2"` with its quotes. An
//! event without any literal matches no rule. The search uses the packed searcher of
//! `aho-corasick` (Teddy), which compares 16 or 32 bytes at once.
//!
//! The result is right for valid events only, because the events that are ruled out are not read. A string
//! is found if it is spelled without needless escapes. RFC 8259 spells a character otherwise with `\u` and
//! `\/` only, so an event with either is read.
//!
//! An event past a limit of depth, leaves, elements or work matches no rule, too, if it has no literal. It
//! is ruled out without the error of the limit.

mod choice;
mod judge;
mod literals;

use aho_corasick::packed::{Config, MatchKind, Searcher};
use memchr::memmem::Finder;

pub(crate) use judge::{Screen, ScreenMemory, Screened};

use literals::Need;

/// A search for literals. Each matching event contains at least one.
#[derive(Debug)]
struct Prefilter {
    searcher: Searcher,
    /// Searches for the escapes that spell characters of literals in another way.
    escapes: Vec<Finder<'static>>,
    /// True if the text of an event is one value.
    is_one_value: bool,
}

impl Prefilter {
    /// Returns `None` if a rule has no literals, if there are too many, or if the machine has no packed
    /// searcher. The literals are rare in the sample.
    fn new(rules: &[Vec<Need>], sample: &[&[u8]], is_one_value: bool) -> Option<Prefilter> {
        let literals = choice::choose(rules, sample)?;
        let has_slash = literals.iter().any(|literal| literal.contains(&b'/'));
        let escapes = [Finder::new("\\u"), Finder::new("\\/")].into_iter().take(1 + usize::from(has_slash));
        let mut builder = Config::new().match_kind(MatchKind::LeftmostFirst).builder();
        builder.extend(literals);
        Some(Prefilter { searcher: builder.build()?, escapes: escapes.collect(), is_one_value })
    }

    /// Returns true if a valid event surely matches no rule.
    fn rules_out(&self, event: &[u8]) -> bool {
        // Literals come first: they are in fewer events than backslashes.
        self.searcher.find(event).is_none()
            && is_object(event)
            && self.escapes.iter().all(|escape| escape.find(event).is_none())
            && (self.is_one_value || !may_have_several_values(event))
    }
}

/// Returns true if the text has the brackets of an object around it. A text that was cut off is read by
/// the matcher, which reports its end.
fn is_object(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    text.first() == Some(&b'{') && text.last() == Some(&b'}')
}

/// Returns true if another value may follow an object in the text.
fn may_have_several_values(text: &[u8]) -> bool {
    memchr::memchr_iter(b'}', text)
        .any(|at| matches!(text[at + 1..].trim_ascii_start().first(), Some(b'{' | b'[')))
}

#[cfg(test)]
mod tests;
