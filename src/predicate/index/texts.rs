//! Conditions on strings. Each distinct condition is stored once, in the table that decides it.

use hashbrown::HashMap;

use crate::json::string::{first_supplementary, to_cesu8};
use crate::operator::text::{Condition, Place};
use crate::operator::{IgnoreCase, TextOperation, TextOperator};
use crate::predicate::test::{TextPredicate, steps};
use crate::work::Work;

use super::casefold::CaseFold;
use super::globs::{GlobScratch, Globs, Literal};

/// The distinct conditions of some predicates, while they are collected.
#[derive(Debug, Default)]
pub(super) struct Conditions<'t> {
    tests: Vec<&'t TextPredicate>,
    /// For each condition, and whether it compares code units, its number.
    numbers: HashMap<(Meaning<'t>, bool), u32>,
}

/// The identity of a condition: equal for predicates that are the same condition in different
/// operators.
#[derive(Debug, Eq, Hash, PartialEq)]
enum Meaning<'t> {
    Literal(Literal),
    CaseFold(Place, &'t IgnoreCase),
    Alone(&'static str, &'t [u8]),
}

impl<'t> Meaning<'t> {
    fn of(operation: &'t TextOperation) -> Meaning<'t> {
        match operation.condition() {
            Condition::Exact(text) => Meaning::Literal(Literal::Exact(text.into())),
            Condition::Pieces(front, pieces, back) => {
                let pieces = pieces.into_iter().map(Box::from).collect();
                Meaning::Literal(Literal::Pieces(front.into(), pieces, back.into()))
            }
            Condition::CaseFold(place, text) => Meaning::CaseFold(place, text),
            Condition::Alone(operator, text) => Meaning::Alone(operator, text),
        }
    }
}

impl<'t> Conditions<'t> {
    /// Returns the number of the condition of a predicate.
    pub(super) fn add(&mut self, test: &'t TextPredicate) -> u32 {
        *self.numbers.entry((Meaning::of(&test.operation), test.units)).or_insert_with(|| {
            self.tests.push(test);
            self.tests.len() as u32 - 1
        })
    }

    pub(super) fn len(&self) -> usize {
        self.tests.len()
    }
}

/// The conditions on characters and the conditions on code units.
#[derive(Debug)]
pub(super) struct Texts {
    /// Conditions on a value in WTF-8.
    characters: Form,
    /// Conditions on the code units of a value, which is converted to CESU-8 for them. Only
    /// operands with unpaired surrogates need them.
    units: Option<Box<Form>>,
}

/// Conditions on one encoding of a value.
#[derive(Debug)]
struct Form {
    /// Conditions that are evaluated one by one.
    single: Box<[(TextOperation, u32)]>,
    literals: Option<Globs>,
    folded: Option<CaseFold>,
}

/// At most `FEW` conditions without pieces are evaluated one by one. The same limit holds for
/// conditions that ignore the case of ASCII alone.
const FEW: usize = 2;

/// At most `FEW_BEYOND_ASCII` conditions that ignore case are evaluated one by one if some have
/// spellings beyond ASCII.
const FEW_BEYOND_ASCII: usize = 8;

/// At most `FEW_WITH_PIECES` conditions with pieces are evaluated one by one.
const FEW_WITH_PIECES: usize = 8;

/// Buffers that are reused for every value.
#[derive(Debug, Default)]
pub(super) struct TextScratch {
    units: Vec<u8>,
    key: Vec<u8>,
    literals: GlobScratch,
}

impl TextScratch {
    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        self.units.capacity() + self.key.capacity() + self.literals.memory_usage()
    }
}

/// A condition and its number.
type Numbered<'t> = (Meaning<'t>, u32);

impl Texts {
    pub(super) fn new(conditions: Conditions<'_>) -> Texts {
        let (mut characters, mut units) = (Vec::new(), Vec::new());
        for ((meaning, is_units), number) in conditions.numbers {
            if is_units { &mut units } else { &mut characters }.push((meaning, number));
        }
        let form = |mut meanings: Vec<Numbered<'_>>| {
            meanings.sort_unstable_by_key(|meaning| meaning.1);
            Form::new(meanings, &conditions.tests)
        };
        Texts { units: (!units.is_empty()).then(|| Box::new(form(units))), characters: form(characters) }
    }

    /// Calls `met` with each condition that a string in WTF-8 meets. Stops early if the work limit
    /// is exceeded.
    pub(super) fn find(
        &self,
        value: &[u8],
        scratch: &mut TextScratch,
        work: &mut Work,
        mut met: impl FnMut(u32),
    ) {
        let TextScratch { units, key, literals } = scratch;
        self.characters.find(value, key, literals, work, &mut met);
        if let Some(form) = &self.units {
            work.spend_bytes(value.len());
            if work.is_exhausted() {
                return;
            }
            if first_supplementary(value).is_none() {
                form.find(value, key, literals, work, &mut met);
                return;
            }
            units.clear();
            to_cesu8(value, units);
            form.find(units, key, literals, work, &mut met);
        }
    }

    /// Returns the number of bytes that the value has allocated.
    pub(super) fn memory_usage(&self) -> usize {
        let units = self.units.as_ref();
        self.characters.memory_usage() + units.map_or(0, |form| size_of_val(&**form) + form.memory_usage())
    }
}

impl Form {
    fn new(meanings: Vec<Numbered<'_>>, tests: &[&TextPredicate]) -> Form {
        let (mut single, mut literals, mut folded) = (Vec::new(), Vec::new(), Vec::new());
        let operation = |number: u32| (tests[number as usize].operation.clone(), number);
        for (meaning, number) in meanings {
            match meaning {
                Meaning::Literal(literal) => literals.push((literal, number)),
                Meaning::CaseFold(place, text) => folded.push((place, text, number)),
                Meaning::Alone(..) => single.push(operation(number)),
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
        Form {
            single: single.into(),
            literals: (!literals.is_empty()).then(|| Globs::new(&literals)),
            folded: (!folded.is_empty()).then(|| CaseFold::new(&folded)),
        }
    }

    fn find(
        &self,
        value: &[u8],
        key: &mut Vec<u8>,
        scratch: &mut GlobScratch,
        work: &mut Work,
        met: &mut impl FnMut(u32),
    ) {
        for (operation, condition) in &self.single {
            work.spend(steps(operation, value));
            if work.is_exhausted() {
                return;
            }
            if operation.is_match(value) {
                met(*condition);
            }
        }
        if let Some(literals) = &self.literals {
            literals.find(value, scratch, work, &mut *met);
        }
        if let Some(folded) = &self.folded {
            folded.find(value, key, work, met);
        }
    }

    fn memory_usage(&self) -> usize {
        let operations = self.single.iter().map(|(operation, _)| operation.memory_usage()).sum::<usize>();
        size_of_val(&*self.single)
            + operations
            + self.literals.as_ref().map_or(0, Globs::memory_usage)
            + self.folded.as_ref().map_or(0, CaseFold::memory_usage)
    }
}
