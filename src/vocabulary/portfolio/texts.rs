//! Conditions on strings: each distinct one once, sorted by the way in which it is decided.

use hashbrown::HashMap;

use crate::json::string::to_cesu8;
use crate::text::{IgnoreCase, Wildcard};
use crate::vocabulary::test::{TextOperation, TextTest};

use super::folded::{Folded, Place};
use super::literals::{Literal, LiteralScratch, Literals};

/// The distinct conditions of some tests, as they are collected.
#[derive(Debug, Default)]
pub(super) struct Conditions<'t> {
    tests: Vec<&'t TextTest>,
    /// The number of each condition, and whether it looks at code units.
    numbers: HashMap<(Meaning<'t>, bool), u32>,
}

/// What tests have in common that are the same condition, however they are written.
#[derive(Debug, Eq, Hash, PartialEq)]
enum Meaning<'t> {
    Literal(Literal),
    Folded(Place, &'t IgnoreCase),
}

impl<'t> Meaning<'t> {
    fn of(operation: &'t TextOperation) -> Meaning<'t> {
        let literal = |front: &[u8], back: &[u8]| Literal::Pieces(front.into(), Box::default(), back.into());
        Meaning::Literal(match operation {
            TextOperation::Prefix(text) => literal(text, b""),
            TextOperation::Suffix(text) => literal(b"", text),
            TextOperation::Wildcard(Wildcard::Exact(text)) => Literal::Exact(text.clone()),
            TextOperation::Wildcard(Wildcard::Pieces { first, middle, last, .. }) => {
                let pieces = middle.iter().map(|piece| piece.needle()).filter(|piece| !piece.is_empty());
                Literal::Pieces(first.clone(), pieces.map(Box::from).collect(), last.clone())
            }
            TextOperation::EqualsIgnoreCase(text) => return Meaning::Folded(Place::Whole, text),
            TextOperation::PrefixIgnoreCase(text) => return Meaning::Folded(Place::Front, text),
            TextOperation::SuffixIgnoreCase(text) => return Meaning::Folded(Place::Back, text),
        })
    }
}

impl<'t> Conditions<'t> {
    /// The number of the condition that a test is.
    pub(super) fn add(&mut self, test: &'t TextTest) -> u32 {
        *self.numbers.entry((Meaning::of(&test.operation), test.units)).or_insert_with(|| {
            self.tests.push(test);
            self.tests.len() as u32 - 1
        })
    }

    pub(super) fn len(&self) -> usize {
        self.tests.len()
    }
}

#[derive(Debug)]
pub(super) struct Texts {
    /// Conditions that are tried one by one.
    single: Box<[(TextOperation, u32)]>,
    /// Conditions that are tried one by one on the code units of the string.
    units: Box<[(TextOperation, u32)]>,
    literals: Option<Literals>,
    folded: Option<Folded>,
}

/// So few conditions without pieces, or that ignore the case of ASCII alone, are tried one by one.
const FEW: usize = 2;

/// So few conditions that ignore case are tried one by one if some are spelled with other characters.
const FEW_BEYOND_ASCII: usize = 8;

/// So few conditions with pieces are tried one by one.
const FEW_WITH_PIECES: usize = 8;

/// Memory for one value after the other.
#[derive(Debug, Default)]
pub(super) struct TextScratch {
    units: Vec<u8>,
    key: Vec<u8>,
    literals: LiteralScratch,
}

impl TextScratch {
    /// The bytes of memory behind this value.
    pub(super) fn memory_usage(&self) -> usize {
        self.units.capacity() + self.key.capacity() + self.literals.memory_usage()
    }
}

impl Texts {
    pub(super) fn new(conditions: Conditions<'_>) -> Texts {
        let (mut single, mut units, mut literals, mut folded) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let operation = |number: u32| (conditions.tests[number as usize].operation.clone(), number);
        let mut meanings: Vec<_> = conditions.numbers.into_iter().collect();
        meanings.sort_unstable_by_key(|meaning| meaning.1);
        for ((meaning, is_units), number) in meanings {
            match meaning {
                _ if is_units => units.push(operation(number)),
                Meaning::Literal(literal) => literals.push((literal, number)),
                Meaning::Folded(place, text) => folded.push((place, text, number)),
            }
        }
        let with_pieces = literals.iter().filter(|(literal, _)| literal.has_pieces()).count();
        let without = literals.len() - with_pieces;
        let is_single = |(literal, _): &mut (Literal, u32)| {
            if literal.has_pieces() { with_pieces <= FEW_WITH_PIECES } else { without <= FEW }
        };
        single.extend(literals.extract_if(.., is_single).map(|literal| operation(literal.1)));
        let is_ascii = folded.iter().all(|(_, text, _)| text.spellings().is_ascii());
        if folded.len() <= if is_ascii { FEW } else { FEW_BEYOND_ASCII } {
            single.extend(folded.drain(..).map(|text| operation(text.2)));
        }
        Texts {
            single: single.into(),
            units: units.into(),
            literals: (!literals.is_empty()).then(|| Literals::new(&literals)),
            folded: (!folded.is_empty()).then(|| Folded::new(&folded)),
        }
    }

    /// Calls `met` with each condition that a string in WTF-8 meets. Returns the steps that it took.
    pub(super) fn find(&self, value: &[u8], scratch: &mut TextScratch, mut met: impl FnMut(u32)) -> u64 {
        let mut steps = 0;
        for (operation, condition) in &self.single {
            if operation.holds(value) {
                met(*condition);
            }
        }
        if let Some(literals) = &self.literals {
            steps += literals.find(value, &mut scratch.literals, &mut met);
        }
        if let Some(folded) = &self.folded {
            steps += folded.find(value, &mut scratch.key, &mut met);
        }
        if !self.units.is_empty() {
            scratch.units.clear();
            to_cesu8(value, &mut scratch.units);
            for (operation, condition) in &self.units {
                steps += operation.steps(value.len());
                if operation.holds(&scratch.units) {
                    met(*condition);
                }
            }
        }
        steps
    }

    /// The bytes of memory behind this value.
    pub(super) fn memory_usage(&self) -> usize {
        let operations = |all: &[(TextOperation, u32)]| {
            size_of_val(all) + all.iter().map(|(operation, _)| operation.memory_usage()).sum::<usize>()
        };
        operations(&self.single)
            + operations(&self.units)
            + self.literals.as_ref().map_or(0, Literals::memory_usage)
            + self.folded.as_ref().map_or(0, Folded::memory_usage)
    }
}
