//! [`Names`]: the numbers of a compiled set as the rules write them.

use hashbrown::HashMap;

use crate::id::PathId;
use crate::json::JsonString;
use crate::pattern::ValueTest;
use crate::predicate::dictionary::ValueId;

/// The names of the numbers in a compiled set. The compiled set has no texts of its own for
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
