//! Matches JSON events against thousands of [Amazon EventBridge event patterns][aws] at once.
//!
//! Patterns are collected in a [`RuleSet`], compiled once into a [`Matcher`], and the matcher then finds, for
//! every event, all rules whose pattern the event fits.
//!
//! ```
//! use galop::{Matcher, RuleSet, Scratch};
//!
//! let mut rules = RuleSet::new();
//! let stopped = rules.add(r#"{"source":["aws.ec2"],"detail":{"state":["stopped","terminated"]}}"#)?;
//! let europe = rules.add(r#"{"region":[{"prefix":"eu-"}]}"#)?;
//!
//! let matcher = Matcher::new(&rules)?;      // immutable; share it between threads
//! let mut scratch = Scratch::new();         // one per thread; reuse it from event to event
//!
//! let event = br#"{"source":"aws.ec2","region":"eu-west-1","detail":{"state":"stopped"}}"#;
//! assert_eq!(matcher.matches(&mut scratch, event)?, [stopped, europe]);
//!
//! let event = br#"{"source":"aws.ec2","region":"us-east-1","detail":{"state":"running"}}"#;
//! assert!(matcher.matches(&mut scratch, event)?.is_empty());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a pattern means is specified, with examples, in [`pattern`].
//!
//! # Features
//!
//! None is on by default. With `serde_json` or `simd-json`, `Matcher::matches_parsed` takes events that these crates have
//! parsed. `cli` is the command line, `capi` the C interface.
//!
//! # Threads
//!
//! [`RuleSet`], [`Matcher`] and every error are `Send + Sync`. A [`Matcher`] never changes: to change the
//! rules, build another matcher and put it in the place of the first (an `Arc` will do). A [`Scratch`] is the
//! memory of one thread; it fits any matcher.
//!
//! # Modules
//!
//! Dependencies point down this table and never up. The last column lists every module whose names are imported;
//! `tests/layers.rs` compares it with the sources, and lists the exceptions.
//!
//! | module | what it knows | uses |
//! |---|---|---|
//! | `capi` | the C interface (feature `capi`) | what is public |
//! | `matcher` | [`Matcher`], [`Builder`]: one event through the compiled set | `scratch`, `compile`, `automaton`, `decision`, `event`, `rules`, `simd`, `error`, `id`, `strategy` |
//! | `scratch` | [`Scratch`]: every buffer that matching needs | `decision`, `event`, `id` |
//! | `compile` | [`RuleSet`] to compiled set; the only place where its limits are enforced | `automaton`, `decision`, `predicate`, `path`, `rules`, `pattern`, `operator`, `json`, `error`, `id`, `strategy` |
//! | `automaton` | the compiled set | `decision`, `predicate` |
//! | `decision` | from the values of an event to the rules that match | `event`, `predicate`, `error`, `id`, `work` |
//! | `event` | an event, as bytes or parsed, to the leaves on paths that some rule names | `predicate`, `path`, `simd`, `json`, `error`, `id`, `work` |
//! | `predicate` | the predicates that rules apply to values, the numbers of values, and the index of the predicates on a path | `path`, `operator`, `json`, `id`, `word`, `work` |
//! | `path` | the trie from the names of an event to the paths that rules name | `id`, `word` |
//! | [`lint`] | warnings: patterns that are valid and yet suspect | `rules`, `pattern`, `json`, `error`, `id` |
//! | `rules` | [`RuleSet`]: patterns in the order of their addition | `pattern`, `error`, `id` |
//! | [`pattern`] | the language: syntax tree, parser, printer, branches | `operator`, `json`, `error` |
//! | `operator` | all of an operator: its meaning for one string, its cost, and what its matches have in common | `json`, `work` |
//! | `simd` | the only CPU-specific code: the ends of strings, objects and arrays | `json` |
//! | `json` | the meaning of JSON text, once, for patterns and events alike | `error` |
//! | `error` | errors with positions | `id` |
//! | `id` | identifiers of rules, paths, tests | nothing |
//! | `strategy` | switches of the optimisations | nothing |
//! | `word` | the first bytes of a text as a number | nothing |
//! | `work` | the work that an event has cost | nothing |
//!
//! [aws]: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html

mod automaton;
#[cfg(feature = "capi")]
mod capi;
mod compile;
mod decision;
mod error;
mod event;
mod id;
mod json;
pub mod lint;
mod matcher;
mod operator;
mod path;
pub mod pattern;
mod predicate;
mod rules;
mod scratch;
mod simd;
mod strategy;
mod word;
mod work;

pub use error::{
    BuildError, BuildErrorKind, EventError, EventErrorKind, Expected, JsonErrorKind, Operator, PatternError,
    PatternErrorKind, Span,
};
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
pub use event::ParsedEvent;
pub use id::RuleId;
pub use matcher::{Builder, Matcher, Stats};
pub use pattern::limits::{Extensions, PatternLimits};
pub use rules::RuleSet;
pub use scratch::Scratch;
pub use simd::Kernel;
pub use strategy::{Strategy, Use};

/// Runs the examples of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
