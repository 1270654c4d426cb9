//! [`RuleSet`] to [`Automaton`].
//!
//! Every rule is unfolded into branches, and what is not unfolded into choices of them. Every list of alternatives on a path
//! becomes a field test that all rules share which write it, every value gets a number, and every other alternative becomes
//! a test that is kept once. The branches are then sorted into the groups of the decision tree. The limits of the compiled
//! set and of a compiled rule are enforced here and nowhere else.

mod choice;
mod compiler;
mod extent;
mod field;
mod group;
mod intern;
mod limit;
mod tree;

#[cfg(test)]
mod example;

pub(crate) use compiler::SizeLimits;
pub(crate) use limit::{compile, compile_within};
