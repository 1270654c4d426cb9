//! Sections 5.2 to 5.4: prefix, suffix, ignore-case and wildcard, all as sequences of pieces.

use super::json::{Units, utf16};
use super::{Reject, reject};
use std::char::DecodeUtf16Error;
use std::collections::BTreeSet;

#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// `*`
    Anything,
    /// One of the spellings.
    OneOf(Vec<Units>),
}

/// Returns true if the text is the sequence of pieces. The set has the offsets at which the pieces
/// so far can end.
pub(super) fn made_of(pieces: &[Piece], text: &[u16]) -> bool {
    let mut ends = BTreeSet::from([0]);
    for piece in pieces {
        let Some(&first) = ends.first() else { return false };
        ends = match piece {
            Piece::Anything => (first..=text.len()).collect(),
            Piece::OneOf(spellings) => {
                let mut next = BTreeSet::new();
                for end in ends {
                    next.extend(
                        spellings.iter().filter(|s| text[end..].starts_with(s)).map(|s| end + s.len()),
                    );
                }
                next
            }
        };
    }
    ends.contains(&text.len())
}

pub(super) fn plain(text: &[u16]) -> Vec<Piece> {
    text.iter().map(|&unit| Piece::OneOf(vec![vec![unit]])).collect()
}

/// Section 5.3: each character of the pattern in lower or upper case, and in no other spelling.
pub(super) fn any_case(text: &[u16]) -> Vec<Piece> {
    let spellings = |char| match char {
        Ok(char) => {
            vec![utf16(&char::to_lowercase(char).to_string()), utf16(&char::to_uppercase(char).to_string())]
        }
        Err(unpaired) => vec![vec![DecodeUtf16Error::unpaired_surrogate(&unpaired)]],
    };
    char::decode_utf16(text.iter().copied()).map(|char| Piece::OneOf(spellings(char))).collect()
}

/// Section 5.4.
pub(super) fn wildcard(text: &[u16]) -> Result<Vec<Piece>, Reject> {
    const STAR: u16 = b'*' as u16;
    const BACKSLASH: u16 = b'\\' as u16;
    let mut pieces = Vec::new();
    let mut rest = text;
    loop {
        match rest {
            [] => return Ok(pieces),
            [STAR, STAR, ..] => return reject("wildcard-adjacent-stars"),
            [STAR, after @ ..] => {
                pieces.push(Piece::Anything);
                rest = after;
            }
            [BACKSLASH, escaped @ (STAR | BACKSLASH), after @ ..] => {
                pieces.extend(plain(&[*escaped]));
                rest = after;
            }
            [BACKSLASH, ..] => return reject("wildcard-escape"),
            [unit, after @ ..] => {
                pieces.extend(plain(&[*unit]));
                rest = after;
            }
        }
    }
}

pub(super) fn starting(pieces: Vec<Piece>) -> Vec<Piece> {
    [pieces, vec![Piece::Anything]].concat()
}

pub(super) fn ending(pieces: Vec<Piece>) -> Vec<Piece> {
    [vec![Piece::Anything], pieces].concat()
}
