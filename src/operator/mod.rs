//! The operators: compiled operands, and their results for single values.
//!
//! Each file contains the compiled form of one operator and its result for one value. The module
//! has no knowledge of rules, paths or events.

pub(crate) mod address;
pub(crate) mod affix;
pub(crate) mod ignore_case;
pub(crate) mod operation;
pub(crate) mod regexp;
pub(crate) mod spellings;
pub(crate) mod text;
pub(crate) mod wildcard;

pub(crate) use address::{Address, Network};
pub(crate) use operation::TextOperation;
pub(crate) use spellings::IgnoreCase;
pub(crate) use text::TextOperator;
pub(crate) use wildcard::Wildcard;
