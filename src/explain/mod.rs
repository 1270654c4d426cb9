//! Reasons why an event matches a rule, or does not match.
//!
//! An [`Explainer`] is compiled from a rule set. It explains a rule for an event. The explanation has
//! the result of each field, the values of the event on its path, and the alternative that decided.
//! Known traps are named, for instance a number in place of a string.
//!
//! ```
//! let mut rules = galop::RuleSet::new();
//! let rule = rules.add(r#"{"source":["aws.ec2"],"detail":{"code":["80","48"]}}"#)?;
//!
//! let explainer = galop::explain::Explainer::new(&rules)?;
//! let event = br#"{"source":"aws.ec2","detail":{"code":80}}"#;
//! let explanation = explainer.explain(rule, event)?.expect("the set has the rule");
//!
//! assert!(!explanation.matches());
//! assert_eq!(explanation.fields()[1].status(), galop::explain::Status::Missed);
//! assert_eq!(explanation.fields()[1].traps()[0].code(), "kind-differs");
//! assert_eq!(
//!     explanation.to_string(),
//!     r#"no match: 1 of 2 fields fails
//!   holds   source is "aws.ec2" (1:11)
//!   missed  detail
//!   missed    code is 80 (1:38), wanted "80" or "48"
//!               kind-differs: the value is a number; the field holds for the string "80"
//! "#
//! );
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Truth
//!
//! The engine gives every answer. [`Explanation::matches`] is its answer for the rule. A field
//! *holds* if the engine matches the event with the field alone as a pattern, and an alternative
//! holds likewise. A trap names a fact that was tested in the same way: the event with the number as
//! a string, or the field at another path. [`Trap::proof`] has the pattern and the event.
//!
//! Fields that hold one by one need not hold together: arrays restrict the choice of their values
//! ([`Status::ElementAbsent`], `different-elements`).
//!
//! # Sets and archives
//!
//! [`Explainer::observe`] reads an event once and explains any rules. [`Coverage`] counts, over many
//! events, which rules, fields and alternatives hold, and finds the nearest event of each rule.
//!
//! # Limits
//!
//! Time and memory are bounded. The event has the limits of
//! [`EventLimits::default`](crate::EventLimits), with ten times the steps of work. At most 16 values
//! of each field are stored, and at most 100 characters of a text are shown. Traps are tested with up
//! to 64 MiB of patterns and events for each event. A suggestion that was not tested has no verdict.

mod assemble;
mod base64;
mod coverage;
mod decomposition;
mod explainer;
mod held;
mod json;
mod nearest;
mod outline;
mod part;
mod render;
mod shown;
mod together;
mod trap;
mod trap_absent;
mod trap_value;
mod tree;
mod trial;
mod value;

pub use coverage::{Coverage, Nearest};
pub use decomposition::{AlternativePart, Decomposition, FieldPart};
pub use explainer::{ExplainError, Explainer, Observation, explain_pattern};
pub use render::{Rendering, Style};
pub use trap::{Proof, Trap, TrapKind};
pub use tree::{Explanation, Field, Found, Near, Node, NodeKind, Status};
