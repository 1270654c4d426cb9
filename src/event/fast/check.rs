//! Checks of objects and arrays that no path leads into.

use crate::simd::vectors::Vectors;

use super::{Reader, after_colon, short, token};

/// The position of the reader inside an object or array that no path leads into.
enum Item<'a> {
    /// Before a value.
    Value(&'a [u8]),
    /// After a value.
    After(&'a [u8]),
}

impl<'a, V: Vectors, const SKIPS: bool, const STOPS: bool> Reader<'a, '_, V, SKIPS, STOPS> {
    /// Checks an object or array that no path leads into. Returns the text after it.
    #[inline(always)]
    pub(super) fn check(&mut self, mut rest: &'a [u8]) -> Option<&'a [u8]> {
        let most = self.depth - self.scratch.open.len() - 1;
        self.scratch.brackets.clear();
        loop {
            if let [byte @ (b'{' | b'['), inside @ ..] = rest {
                if self.scratch.brackets.len() >= most {
                    return None;
                }
                // In ASCII, the closing bracket is two after the opening one.
                let bracket = byte + 2;
                self.scratch.brackets.push(bracket);
                rest = token(inside)?;
                if *rest.first()? != bracket {
                    match self.item(bracket, rest)? {
                        Item::Value(value) => {
                            rest = value;
                            continue;
                        }
                        Item::After(after) => rest = after,
                    }
                }
            } else {
                rest = self.leaf(None, rest)?;
            }
            loop {
                let bracket = *self.scratch.brackets.last()?;
                match token(rest)? {
                    [b',', next @ ..] => match self.item(bracket, token(next)?)? {
                        Item::Value(value) => {
                            rest = value;
                            break;
                        }
                        Item::After(after) => rest = after,
                    },
                    [byte, after @ ..] if *byte == bracket => {
                        self.scratch.brackets.pop();
                        rest = after;
                        if self.scratch.brackets.is_empty() {
                            return Some(rest);
                        }
                    }
                    _ => return None,
                }
            }
        }
    }

    /// Reads from a member or element up to its value. In an object, members with short values are
    /// read too. `bracket` is the closing bracket.
    #[inline(always)]
    fn item(&self, bracket: u8, mut rest: &'a [u8]) -> Option<Item<'a>> {
        if bracket == b']' {
            return Some(Item::Value(rest));
        }
        while let Some(block) = rest.first_chunk()
            && let Some(name) = short::name(self.vectors, block, false)
        {
            let start = name + 3;
            let Some(leaf) = short::leaf(self.vectors, block, start) else {
                return Some(Item::Value(token(&rest[start..])?));
            };
            let end = start + leaf.end;
            if block[end] != b',' || block[end + 1] != b'"' {
                return Some(Item::After(&rest[end..]));
            }
            rest = &rest[end + 1..];
        }
        let [b'"', name @ ..] = rest else { return None };
        let (length, _) = self.string(name)?;
        Some(Item::Value(after_colon(name.get(length + 1..)?)?))
    }
}
