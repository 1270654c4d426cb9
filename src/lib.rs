//! Matches JSON events against thousands of [Amazon EventBridge event patterns][aws] at once.
//!
//! Patterns are collected in a [`RuleSet`], which is compiled once into a [`Matcher`]. For every
//! event, the matcher finds all rules whose pattern matches the event.
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
//! The meaning of a pattern is specified, with examples, in [`pattern`]. Module [`explain`] has the
//! reasons why an event matches a rule or not, [`lint`] warnings about patterns that are valid and
//! suspect, and [`generate`] events that just match a pattern or just miss it.
//!
//! # Features
//!
//! No feature is on by default. With `serde_json` or `simd-json`, `Matcher::matches_parsed` accepts
//! events that these crates have parsed. With `serde_json`, a [`Pattern`] can also be built from a
//! value. With `live`, rules can change while events are matched. `cli` is the command line, `capi`
//! the C interface.
//!
//! # Threads
//!
//! [`RuleSet`], [`Matcher`] and every error are `Send + Sync`. A [`Matcher`] is immutable: to
//! change the rules, build another matcher and replace the first one (in an `Arc`, for instance). A
//! [`Scratch`] is the memory of one thread. It can be used with any matcher.
//!
//! [aws]: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html

#![cfg_attr(docsrs, feature(doc_cfg))]

// # Modules
//
// Dependencies point down the table and never up. The last column lists every module whose names
// are imported. `tests/layers.rs` compares the table with the sources, and lists the exceptions.
//
// | module | what it knows | uses |
// |---|---|---|
// | `capi` | the C interface (feature `capi`) | what is public |
// | `live` | rules that change while events are matched (feature `live`) | `builder`, `matcher`, `scratch`, `automaton`, `decision`, `evaluate`, `event`, `path`, `rules`, `pattern`, `error`, `id` |
// | `lint` | warnings: patterns that are valid and yet suspect | `builder`, `matcher`, `scratch`, `event`, `rules`, `pattern`, `operator`, `json`, `error`, `id` |
// | `explain` | the reasons for which an event matches a rule or not, from the engine's answers for parts of the rule | `builder`, `matcher`, `scratch`, `event`, `path`, `rules`, `pattern`, `json`, `error`, `id` |
// | `generate` | examples of a pattern: events that just match, and events that just miss | `builder`, `matcher`, `scratch`, `rules`, `pattern`, `operator`, `json`, `error`, `id` |
// | `builder` | `MatcherBuilder`: the settings and limits of a matcher | `matcher`, `graph`, `compile`, `automaton`, `event`, `rules`, `tuning`, `simd`, `error`, `id` |
// | `graph` | `Graph`: the compiled set as plain data, with the names that its rules write | `compile`, `automaton`, `decision`, `pattern`, `json`, `id` |
// | `matcher` | `Matcher`: one event through the compiled set | `scratch`, `automaton`, `decision`, `evaluate`, `event`, `simd`, `error`, `id` |
// | `scratch` | `Scratch`: every buffer that matching needs | `decision`, `evaluate`, `event`, `id`, `work` |
// | `compile` | `RuleSet` to compiled set; the only place where its limits are enforced | `automaton`, `decision`, `predicate`, `path`, `rules`, `pattern`, `operator`, `json`, `error`, `id`, `table_range`, `tuning` |
// | `automaton` | the compiled set | `decision`, `predicate` |
// | `decision` | from the predicates that hold to the rules that match | `evaluate`, `event`, `predicate`, `error`, `id`, `table_range`, `work` |
// | `evaluate` | from the leaves of an event to the predicates that hold, each evaluated once | `event`, `predicate`, `json`, `error`, `id`, `work` |
// | `event` | an event, as bytes or parsed, to the leaves on paths that some rule names | `path`, `simd`, `json`, `error`, `id` |
// | `predicate` | the predicates that rules apply to values, the numbers of values, and the index of the predicates on a path | `path`, `operator`, `json`, `id`, `table_range`, `word`, `work` |
// | `path` | the trie from the names of an event to the paths that rules name | `id`, `word` |
// | `rules` | `RuleSet`: patterns in the order of their addition | `pattern`, `error`, `id` |
// | `pattern` | the language: syntax tree, parser, printer, branches | `operator`, `json`, `error` |
// | `operator` | all of an operator: its meaning for one string, its cost, and what its matches have in common | `json`, `work` |
// | `tuning` | switches of the optimisations | `simd` |
// | `simd` | the only CPU-specific code: the ends of strings, objects and arrays | `json` |
// | `json` | the meaning of JSON text, once, for patterns and events alike | `error` |
// | `error` | errors with positions | `id` |
// | `id` | identifiers of rules, paths, tests | nothing |
// | `table_range` | a range of a table of the compiled set | nothing |
// | `word` | the first bytes of a text as a number | nothing |
// | `work` | the work that an event has cost | nothing |

mod automaton;
mod builder;
#[cfg(feature = "capi")]
mod capi;
mod compile;
mod decision;
pub mod error;
mod evaluate;
mod event;
pub mod explain;
pub mod generate;
pub mod graph;
mod id;
pub mod json;
pub mod lint;
#[cfg(feature = "live")]
#[cfg_attr(docsrs, doc(cfg(feature = "live")))]
pub mod live;
mod matcher;
mod operator;
mod path;
pub mod pattern;
mod predicate;
mod rules;
mod scratch;
mod simd;
mod table_range;
pub mod tuning;
mod word;
mod work;

pub use builder::MatcherBuilder;
#[doc(inline)]
pub use error::{BuildError, EventError, PatternError};
#[cfg(any(feature = "serde_json", feature = "simd-json"))]
#[cfg_attr(docsrs, doc(cfg(any(feature = "serde_json", feature = "simd-json"))))]
pub use event::ParsedEvent;
pub use event::limits::EventLimits;
pub use id::RuleId;
pub use matcher::{Matcher, MemoryParts, Stats};
#[doc(inline)]
pub use pattern::Pattern;
pub use pattern::limits::{Extensions, PatternLimits};
pub use rules::{RuleSet, RuleSetIter};
pub use scratch::Scratch;

// The threads that the documentation promises.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    const fn movable<T: Send>() {}
    shared::<Matcher>();
    shared::<RuleSet>();
    shared::<PatternError>();
    shared::<BuildError>();
    shared::<EventError>();
    movable::<Scratch>();
};

/// Runs the examples of the README.
#[cfg(all(doctest, feature = "live"))]
#[doc = include_str!("../README.md")]
struct Readme;
