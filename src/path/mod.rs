//! Paths: the names that lead to a value, and the trie that maps names to path ids.

mod name;
pub(crate) mod trie;
