//! [`Trap`]: a known reason why a field does not hold.

use std::fmt;

use crate::pattern::Pattern;

/// Declares the kinds of traps with their codes.
macro_rules! kinds {
    ($( $(#[doc = $doc:literal])* $Kind:ident = $code:literal; )*) => {
        /// The kind of a trap. Kinds may be added in any version.
        #[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
        #[non_exhaustive]
        pub enum TrapKind {
            $( $(#[doc = $doc])* $Kind, )*
        }

        impl TrapKind {
            /// Every kind.
            pub const ALL: [TrapKind; [$( $code ),*].len()] = [$( TrapKind::$Kind ),*];

            /// Returns the stable name of the kind.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self {
                    $( TrapKind::$Kind => $code, )*
                }
            }
        }
    };
}

kinds! {
    /// The field holds for the value with, or without, quotes.
    KindDiffers = "kind-differs";
    /// No alternative holds for values of this kind.
    OtherKind = "other-kind";
    /// The field holds for the value without the blanks around it, or an alternative has blanks.
    Blanks = "blanks";
    /// An alternative holds for the value in any case.
    CaseDiffers = "case-differs";
    /// The field holds for the value with its percent escapes decoded.
    PercentEncoded = "percent-encoded";
    /// A plain value is only a part of the event's value.
    PlainIsWhole = "plain-is-whole";
    /// A plain value has a star, and the value matches it as a wildcard.
    StarInPlain = "star-in-plain";
    /// An alternative is an operator in quotes.
    QuotedOperator = "quoted-operator";
    /// `anything-but` lists the value.
    Excluded = "excluded";
    /// The value is the empty string.
    EmptyString = "empty-string";
    /// `null` holds for the value `null` only.
    NullIsValue = "null-is-value";
    /// The field must not exist, and the event has it.
    Present = "present";
    /// The event has an object on the path.
    ValueIsObject = "value-is-object";
    /// The event has an array or object without values on the path.
    ValueIsEmpty = "value-is-empty";
    /// The event has a value where the pattern has an object.
    ParentIsValue = "parent-is-value";
    /// The event has JSON inside a string where the pattern has an object.
    JsonInString = "json-in-string";
    /// The event has JSON in Base64 where the pattern has an object.
    JsonInBase64 = "json-in-base64";
    /// The pattern names an element of an array by its index.
    ArrayIndex = "array-index";
    /// The event has no object with this name on the path.
    NoObject = "no-object";
    /// The event has a similar name.
    OtherSpelling = "other-spelling";
    /// The event has the name on another path.
    OtherLevel = "other-level";
    /// The operator needs a value, and there is none.
    NeedsValue = "needs-value";
    /// A later field with the same path takes the place of the field.
    Overwritten = "overwritten";
    /// The fields hold in different elements of an array only.
    DifferentElements = "different-elements";
}

/// A known reason why a field or a rule does not hold: a fact, and often a remedy.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Trap {
    kind: TrapKind,
    message: String,
    proof: Option<Proof>,
}

/// A pattern and an event that match. They show the fact that a trap names.
///
/// ```
/// let pattern = galop::Pattern::parse(r#"{"code":["80"]}"#)?;
/// let explanation = galop::explain::explain_pattern(&pattern, br#"{"code":80}"#)?;
/// let proof = explanation.fields()[0].traps()[0].proof().expect("the trap has a proof");
/// assert_eq!(proof.pattern, r#"{"code":["80"]}"#);
/// assert_eq!(proof.event.as_deref(), Some(r#"{"code":"80"}"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct Proof {
    /// The pattern.
    pub pattern: String,
    /// The event. `None` is the event of the explanation.
    pub event: Option<String>,
}

/// The maximum length in bytes of a proof that is stored.
const PROOF_LENGTH: usize = 1 << 16;

impl Trap {
    pub(crate) fn new(kind: TrapKind, message: impl Into<String>) -> Trap {
        Trap { kind, message: message.into(), proof: None }
    }

    /// Adds a pattern and an event that match. `None` is the event of the explanation.
    pub(crate) fn proven(self, pattern: &Pattern, event: Option<&[u8]>) -> Trap {
        if event.is_some_and(|event| event.len() > PROOF_LENGTH) {
            return self;
        }
        let event = event.map(|event| String::from_utf8_lossy(event).into_owned());
        let pattern = pattern.to_string();
        let proof = (pattern.len() <= PROOF_LENGTH).then_some(Proof { pattern, event });
        Trap { proof, ..self }
    }

    /// Returns a pattern and an event that match, if the trap says that a test or a field would hold.
    /// Patterns and events of more than 64 KiB are not stored.
    #[must_use]
    pub fn proof(&self) -> Option<&Proof> {
        self.proof.as_ref()
    }

    /// Returns the kind.
    #[must_use]
    pub fn kind(&self) -> TrapKind {
        self.kind
    }

    /// Returns the stable name of the kind: `kind-differs`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Returns the reason as a sentence. The wording may change.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Trap {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message)
    }
}
