//! Texts in any case: a whole string, its front or its back.

use crate::work::BYTES;

use super::spellings::IgnoreCase;
use super::text::{Between, Condition, Ends, Place, TextOperator};

/// Accepts strings that equal this text in any case.
#[derive(Clone, Debug)]
pub(crate) struct EqualsIgnoreCase(pub(crate) IgnoreCase);

/// Accepts strings that begin with this text in any case.
#[derive(Clone, Debug)]
pub(crate) struct PrefixIgnoreCase(pub(crate) IgnoreCase);

/// Accepts strings that end with this text in any case.
#[derive(Clone, Debug)]
pub(crate) struct SuffixIgnoreCase(pub(crate) IgnoreCase);

macro_rules! text_operator {
    ($Operator:ident, $place:expr, $is_match:ident) => {
        impl TextOperator for $Operator {
            #[inline]
            fn is_match(&self, value: &[u8]) -> bool {
                self.0.$is_match(value)
            }

            /// The spellings of a character are compared one after the other, and each comparison
            /// takes a step.
            #[inline]
            fn compared(&self, value: &[u8]) -> usize {
                self.0.spellings().len().min(value.len()) * BYTES
            }

            fn memory_usage(&self) -> usize {
                self.0.memory_usage()
            }

            fn ends(&self) -> Ends<'_> {
                ends(&self.0, $place)
            }

            fn condition(&self) -> Condition<'_> {
                Condition::CaseFold($place, &self.0)
            }
        }
    };
}

text_operator!(EqualsIgnoreCase, Place::Whole, is_match);
text_operator!(PrefixIgnoreCase, Place::Front, is_prefix_of);
text_operator!(SuffixIgnoreCase, Place::Back, is_suffix_of);

fn ends(text: &IgnoreCase, place: Place) -> Ends<'_> {
    let (prefix, suffix) = match place {
        Place::Whole | Place::Front => (text.ascii_prefix(), Vec::new()),
        Place::Back => (Vec::new(), text.ascii_suffix()),
    };
    let between = if place == Place::Whole { Between::Nothing } else { Between::Something };
    // Every spelling of a character has at least one byte.
    let least = text.characters();
    Ends { prefix: prefix.into(), suffix: suffix.into(), least, ignores_case: true, between }
}
