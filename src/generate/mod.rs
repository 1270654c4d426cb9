//! Examples of a pattern: events that just match, and events that just miss.
//!
//! ```
//! let pattern = galop::Pattern::parse(r#"{"source":["aws.ec2"],"detail":{"cpu":[{"numeric":[">",90]}]}}"#)?;
//! let examples = galop::generate::examples(&pattern);
//! assert_eq!(examples.matching.as_deref(), Ok(r#"{"source":"aws.ec2","detail":{"cpu":91}}"#));
//!
//! let cpu = &examples.fields[1];
//! assert_eq!(cpu.path.as_str(), Some("detail.cpu"));
//! let above = &cpu.alternatives[0];
//! assert_eq!(above.missing.as_deref(), Ok(r#"{"source":"aws.ec2","detail":{"cpu":90}}"#));
//! # Ok::<(), galop::PatternError>(())
//! ```
//!
//! For every alternative of every field there are two events. The first one matches, and its value on
//! the path of the field satisfies the alternative. If possible, the value satisfies no other
//! alternative of the field. The second one has another value on this path, or none, and is otherwise
//! equal. The field does not hold, and the event does not match.
//!
//! Each event is verified by a [`Matcher`](crate::Matcher) before it is returned. If there is no
//! event, there is [a reason](NotFound). The operand of an alternative proposes values, so a value
//! that only a search could find may be missed. `$or`s are expanded as in
//! [`MatcherBuilder::build`](crate::MatcherBuilder::build). A field that is in no branch has no
//! examples.
//!
//! The same pattern always has the same examples. The number of events and the bytes that are tried
//! for them are limited, see [`Options`].

mod composed;
mod event;
mod example;
mod judge;
mod maker;
mod number;
mod repair;
mod satisfy;
mod select;
mod text;
mod violate;

use crate::pattern::Pattern;

pub use example::{AlternativeExamples, Examples, FieldExamples, NotFound, Options};

/// Returns the examples of a pattern, with the default [`Options`].
#[must_use]
pub fn examples(pattern: &Pattern) -> Examples {
    examples_with(pattern, &Options::default())
}

/// Returns the examples of a pattern.
///
/// The pattern is compiled, and so is each field. The time is in proportion to the length of the
/// pattern after expansion, to the number of events, and to the bytes that are tried.
///
/// ```
/// use galop::generate::{Options, examples_with};
///
/// let pattern = galop::Pattern::parse(r#"{"source":["a","b"]}"#)?;
/// let mut options = Options::default();
/// options.envelope = true;
/// let event = examples_with(&pattern, &options).matching?;
/// assert!(event.contains(r#""source":"a","account":"123456789012""#));
///
/// options.events = 2;
/// let examples = examples_with(&pattern, &options);
/// assert!(examples.is_cut && examples.fields[0].alternatives.len() == 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub fn examples_with(pattern: &Pattern, options: &Options) -> Examples {
    maker::examples(pattern, options)
}
