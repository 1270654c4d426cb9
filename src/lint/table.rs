//! The macro of [`codes`](super::codes): generates everything about a kind of warning from one row.

/// Declares the lints. A row is
///
/// ```text
/// Variant = "code", Level, Needs: "message"
///     help "a suggestion"
///     bad ["pattern"] at "text"
///     good ["pattern"];
/// ```
///
/// `bad` is a set of patterns, and `at` is the text in its last pattern that the warning marks. `good`
/// is a set of patterns without the warning. `events`, after `at`, are events for both.
macro_rules! lints {
    ($(
        $(#[doc = $doc:literal])*
        $Variant:ident = $code:literal, $level:ident, $needs:ident: $message:literal
            help $help:literal
            bad [$( $bad:literal ),*] at $at:literal $( events [$( $event:literal ),*] )?
            good [$( $good:literal ),*];
    )*) => {
        /// The reason for a warning.
        ///
        /// The documentation of each kind has an example with the warning.
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        #[non_exhaustive]
        pub enum WarningKind {
            $(
                $(#[doc = $doc])*
                ///
                /// ```json
                $(#[doc = $bad])*
                /// ```
                $Variant,
            )*
        }

        impl WarningKind {
            /// Every kind, in the order of the codes in [`WarningKind::CODES`].
            pub const ALL: &'static [WarningKind] = &[$( WarningKind::$Variant ),*];

            /// The code of each kind.
            pub const CODES: &'static [&'static str] = &[$( $code ),*];

            pub(super) const ROWS: &'static [Row] = &[$(
                Row {
                    code: $code,
                    level: Level::$level,
                    needs: Needs::$needs,
                    message: $message,
                    help: $help,
                    meaning: &[$( $doc ),*],
                    bad: &[$( $bad ),*],
                    at: $at,
                    events: &[$( $( $event ),* )?],
                    good: &[$( $good ),*],
                }
            ),*];
        }
    };
}

pub(super) use lints;
