//! The macro of [`codes`](super::codes): generates everything about a kind of error from one row.

/// A row of the table, for the C interface.
#[cfg(test)]
#[cfg_attr(not(feature = "capi"), allow(dead_code, reason = "the tests of the C interface read all fields"))]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The number of the kind in C.
    pub(crate) number: u32,
    /// The stable name.
    pub(crate) code: &'static str,
    /// The name of the variant, from which the name in C is made.
    pub(crate) variant: &'static str,
    /// The documentation of the variant, line by line.
    pub(crate) docs: &'static [&'static str],
    /// The subject of the kind: `Pattern`, `Event` or `Rules`; empty if there are several.
    pub(crate) subject: &'static str,
}

/// Declares an enumeration of kinds of errors. A row is
///
/// ```text
/// Variant { field: Type } = number in C, "code": "message with {field}" help "a suggestion";
/// ```
///
/// The fields and the help are optional. A help is a text, or an expression of type `Option`, which
/// may use the fields. A type after the name of the enumeration adds a variant for the errors of
/// JSON, whose rows are elsewhere.
macro_rules! kinds {
    (
        $(#[$attribute:meta])*
        pub enum $Kind:ident $( : $Json:ident )?, $subject:literal {
            $(
                $(#[doc = $doc:literal])*
                $Variant:ident $({ $( $(#[$field_attribute:meta])* $field:ident: $Type:ty, )* })?
                    = $number:literal, $code:literal: $message:literal $( help $help:expr )?;
            )*
        }
    ) => {
        $(#[$attribute])*
        #[non_exhaustive]
        pub enum $Kind {
            $(
                /// The text is not a JSON object.
                Json($Json),
            )?
            $( $(#[doc = $doc])* $Variant $({ $( $(#[$field_attribute])* $field: $Type, )* })?, )*
        }

        impl $Kind {
            /// The code of each kind, in the order of the variants. Those of JSON are in
            /// [`JsonErrorKind::CODES`].
            pub const CODES: &'static [&'static str] = &[$( $code ),*];

            #[cfg(test)]
            pub(super) const ROWS: &'static [$crate::error::table::Row] = &[$(
                $crate::error::table::Row {
                    number: $number,
                    code: $code,
                    variant: stringify!($Variant),
                    docs: &[$( $doc ),*],
                    subject: $subject,
                }
            ),*];

            /// Returns the stable name of this kind of error, for instance `unexpected-end`.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $( $Kind::Json(kind) => $Json::code(kind), )?
                    $( $Kind::$Variant { .. } => $code, )*
                }
            }

            /// Returns a suggestion, if there is one.
            #[allow(dead_code, unused_variables, reason = "not every table has helps, nor every help its fields")]
            pub(super) fn help(&self) -> Option<String> {
                match self {
                    $( $Kind::Json(kind) => $Json::help(kind), )?
                    $( $Kind::$Variant $({ $( $field ),* })? => {
                        $( return $crate::error::table::Help::text($help); )?
                        #[allow(unreachable_code, reason = "reached if there is no help")]
                        None
                    } )*
                }
            }
        }

        impl std::fmt::Display for $Kind {
            #[allow(unused_variables, reason = "a message need not have all fields")]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                match self {
                    $( $Kind::Json(kind) => <$Json as std::fmt::Display>::fmt(kind, f), )?
                    $( $Kind::$Variant $({ $( $field ),* })? => write!(f, $message), )*
                }
            }
        }
    };
}

pub(super) use kinds;

/// The types that are allowed after `help` in a row.
pub(super) trait Help {
    fn text(self) -> Option<String>;
}

impl Help for &str {
    fn text(self) -> Option<String> {
        Some(self.to_owned())
    }
}

impl Help for Option<String> {
    fn text(self) -> Option<String> {
        self
    }
}
