//! Any operator on strings.

use super::affix::{Prefix, Suffix};
use super::ignore_case::{EqualsIgnoreCase, PrefixIgnoreCase, SuffixIgnoreCase};
use super::regexp::Regexp;
use super::text::{Condition, Ends, TextOperator};
use super::wildcard::Wildcard;

macro_rules! operators {
    ($( $Operator:ident ),*) => {
        /// Any operator on strings.
        #[derive(Clone, Debug)]
        pub(crate) enum TextOperation {
            $( $Operator($Operator), )*
        }

        impl TextOperator for TextOperation {
            #[inline]
            fn is_match(&self, value: &[u8]) -> bool {
                match self {
                    $( TextOperation::$Operator(operator) => operator.is_match(value), )*
                }
            }

            #[inline]
            fn compared(&self, value: &[u8]) -> usize {
                match self {
                    $( TextOperation::$Operator(operator) => operator.compared(value), )*
                }
            }

            fn memory_usage(&self) -> usize {
                match self {
                    $( TextOperation::$Operator(operator) => operator.memory_usage(), )*
                }
            }

            fn ends(&self) -> Ends<'_> {
                match self {
                    $( TextOperation::$Operator(operator) => operator.ends(), )*
                }
            }

            fn condition(&self) -> Condition<'_> {
                match self {
                    $( TextOperation::$Operator(operator) => operator.condition(), )*
                }
            }
        }

        $(
            impl From<$Operator> for TextOperation {
                fn from(operator: $Operator) -> TextOperation {
                    TextOperation::$Operator(operator)
                }
            }
        )*
    };
}

operators!(Prefix, Suffix, EqualsIgnoreCase, PrefixIgnoreCase, SuffixIgnoreCase, Wildcard, Regexp);
