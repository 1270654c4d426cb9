//! Paths: the names on the way to a value, and the trie that leads from names to path ids.

mod name;
pub(crate) mod trie;
