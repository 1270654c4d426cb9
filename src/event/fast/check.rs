//! What no path leads into, read only to see that it is valid.

use crate::simd::vectors::Vectors;

use super::{Walker, behind_colon, short, token};

/// Where a walk past members or elements stops that no path leads into.
enum Item<'a> {
    /// At the value of one.
    Value(&'a [u8]),
    /// Behind one.
    Behind(&'a [u8]),
}

impl<'a, V: Vectors, const SKIPS: bool, const STOPS: bool> Walker<'a, '_, V, SKIPS, STOPS> {
    /// Checks an object or array that no path leads into. What is behind.
    #[inline(always)]
    pub(super) fn check(&mut self, mut rest: &'a [u8]) -> Option<&'a [u8]> {
        let most = self.depth - self.scratch.open.len() - 1;
        self.scratch.brackets.clear();
        loop {
            if let [byte @ (b'{' | b'['), inside @ ..] = rest {
                if self.scratch.brackets.len() >= most {
                    return None;
                }
                // In ASCII, two behind the one that opens.
                let bracket = byte + 2;
                self.scratch.brackets.push(bracket);
                rest = token(inside)?;
                if *rest.first()? != bracket {
                    match self.item(bracket, rest)? {
                        Item::Value(value) => {
                            rest = value;
                            continue;
                        }
                        Item::Behind(behind) => rest = behind,
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
                        Item::Behind(behind) => rest = behind,
                    },
                    [byte, behind @ ..] if *byte == bracket => {
                        self.scratch.brackets.pop();
                        rest = behind;
                        if self.scratch.brackets.is_empty() {
                            return Some(rest);
                        }
                    }
                    _ => return None,
                }
            }
        }
    }

    /// Goes from a member or element, inside of what this bracket closes, to a value, or past leaves that are short.
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
                return Some(Item::Behind(&rest[end..]));
            }
            rest = &rest[end + 1..];
        }
        let [b'"', name @ ..] = rest else { return None };
        let (length, _) = self.string(name)?;
        Some(Item::Value(behind_colon(name.get(length + 1..)?)?))
    }
}
