//! [`Names`]: the texts of the rules for the ids of a compiled set.

use hashbrown::HashMap;

use crate::id::PathId;
use crate::json::JsonString;
use crate::pattern::ValueTest;
use crate::predicate::dictionary::ValueId;

/// The paths and tests of a compiled set by their ids. The compiled set does not keep the texts of
/// operators, so a drawing needs the names.
pub(crate) struct Names<'p> {
    /// The path of each [`PathId`]: names joined by dots.
    pub(crate) paths: Vec<JsonString>,
    /// The distinct alternatives of each field predicate.
    pub(crate) fields: Vec<Vec<&'p ValueTest>>,
    /// The test of each predicate.
    pub(crate) predicates: Vec<&'p ValueTest>,
    /// A test for each value that is a plain alternative. Several tests can have one value, for
    /// instance `1` and `1.0`; the least is taken.
    pub(crate) values: HashMap<(PathId, ValueId), &'p ValueTest>,
}
