//! Compiles a [`RuleSet`](crate::RuleSet) to an [`Automaton`](crate::automaton::Automaton).
//!
//! Every rule is expanded to branches, and its factored `$or`s to choices. Every list of
//! alternatives on a path becomes a field predicate, which all rules with the list share. Every
//! plain value gets a number, and every other alternative becomes a predicate that is stored once.
//! The branches are then sorted into the groups of the decision tree.
//!
//! The limits of the compiled set and of a compiled rule are enforced here and nowhere else.

mod choice;
mod compiler;
mod extent;
mod field;
mod group;
mod intern;
mod limit;
mod names;
mod tree;

#[cfg(test)]
mod example;

pub(crate) use compiler::SizeLimits;
pub(crate) use limit::{compile, compile_with_names, compile_within};
pub(crate) use names::Names;
