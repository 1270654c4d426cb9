//! The results of calls: statuses, details and errors, with their numbers and names in C.

use std::ffi::{CStr, c_char};

use crate::{BuildError, EventError, PatternError, RuleId};

/// The result of a call. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// Success. The outputs are written.
    Ok = 0,
    /// A pointer that must not be NULL is NULL.
    NullPointer = 1,
    /// An argument has an impossible value: a pointer that is not aligned for its type, a length
    /// beyond the address space, offsets that descend or exceed the buffer, a structure with an
    /// impossible size.
    InvalidArgument = 2,
    /// A pointer to an object of another kind than the function takes.
    WrongObject = 3,
    /// The object is in use by another thread, or by the call of the running callback.
    InUse = 4,
    /// An option is unknown to this version of the library: a flag, a kernel, or a nonzero field
    /// after the end of the known structure.
    UnknownOption = 5,
    /// The pattern is refused. The error has the reason and the place.
    PatternRefused = 6,
    /// The rules cannot be compiled. The error has the crossed limit and the rule, or says that
    /// this CPU cannot run the kernel.
    BuildRefused = 7,
    /// The event is refused. The error has the reason and the place. No rules are reported for the
    /// event.
    EventRefused = 8,
    /// The callback stopped the call.
    Stopped = 9,
    /// A fault in the library. Every object stays usable.
    Panic = 10,
}

/// The reason why a pattern, a rule set or an event is refused. Numbers are never reused; later
/// versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Detail {
    /// Nothing is refused, or the reason has a name but no number in this version of the library.
    None = 0,

    /// The text ends inside a value.
    UnexpectedEnd = 1,
    /// A character that is not allowed at its place.
    UnexpectedCharacter = 2,
    /// A word that is neither true, false nor null.
    InvalidLiteral = 3,
    /// Not a number of JSON.
    InvalidNumber = 4,
    /// Not an escape of JSON.
    InvalidEscape = 5,
    /// A character below U+0020 in a string.
    ControlCharacter = 6,
    /// Bytes that are not UTF-8.
    InvalidUtf8 = 7,
    /// Text after the root object.
    TrailingText = 8,
    /// Nested more deeply than the limit allows.
    TooDeep = 9,
    /// The root is not an object.
    RootNotObject = 10,

    /// Pattern: an object without fields.
    EmptyObject = 11,
    /// Pattern: a list without alternatives.
    EmptyList = 12,
    /// Pattern: a value in place of a list of alternatives.
    LeafNotArray = 13,
    /// Pattern: a list inside a list.
    NestedList = 14,
    /// Pattern: an object among alternatives that names no operator.
    EmptyOperator = 15,
    /// Pattern: not the name of an operator.
    UnknownOperator = 16,
    /// Pattern: an object among alternatives that names two operators.
    MultipleOperators = 17,
    /// Pattern: the operator takes a string.
    ArgumentNotString = 18,
    /// Pattern: exists takes true or false.
    ExistsNotBoolean = 19,
    /// Pattern: the operator is not allowed inside the other operator.
    UnsupportedNesting = 20,
    /// Pattern: a number that a double cannot hold exactly.
    NumberNotComparable = 21,
    /// Pattern: numeric takes a list.
    NumericNotList = 22,
    /// Pattern: not a comparison that numeric knows.
    NumericSyntax = 23,
    /// Pattern: no number lies in the range.
    NumericEmptyRange = 24,
    /// Pattern: anything-but excludes strings or numbers.
    AnythingButOperand = 25,
    /// Pattern: anything-but excludes either strings or numbers.
    AnythingButMixed = 26,
    /// Pattern: anything-but excludes nothing.
    AnythingButEmpty = 27,
    /// Pattern: anything-but excludes the empty prefix or suffix.
    AnythingButEmptyAffix = 28,
    /// Pattern: two stars side by side in a wildcard.
    WildcardAdjacentStars = 29,
    /// Pattern: a backslash in a wildcard before neither a star nor a backslash.
    WildcardEscape = 30,
    /// Pattern: not an address, one slash and a number of bits.
    CidrSyntax = 31,
    /// Pattern: the number of bits is out of range.
    CidrMask = 32,
    /// Pattern: not an address.
    CidrAddress = 33,
    /// Pattern: $or takes a list of objects.
    OrNotList = 34,
    /// Pattern: $or takes at least two alternatives.
    OrTooFew = 35,
    /// Pattern: an alternative of $or that is not an object.
    OrNotObject = 36,
    /// Pattern: a field inside $or with the name of an operator.
    OrReservedName = 37,
    /// Pattern: more bytes than the limit allows.
    PatternTooLong = 38,
    /// Pattern: more paths in a branch than the limit allows.
    TooManyFields = 39,
    /// Pattern: $or combines into more branches than the limit allows.
    TooManyCombinations = 40,
    /// Pattern: wildcards more complex than the limit allows.
    TooComplex = 41,

    /// Rules: the compiled set takes more memory than the limit allows.
    SizeLimit = 42,

    /// Event: more bytes than the limit allows.
    EventTooLong = 43,
    /// Event: the decision takes more steps than the limit allows.
    TooMuchWork = 44,

    /// Pattern: more values in a field than the limit allows.
    TooManyValues = 45,
    /// Pattern: more stars in a wildcard than the limit allows.
    TooManyStars = 46,
    /// Rules: more rules than the limit allows.
    TooManyRules = 47,
    /// Event: more values on paths that rules name than the limit allows.
    TooManyLeaves = 48,
    /// Event: more elements in arrays that rules look into than the limit allows.
    TooManyElements = 49,
    /// Pattern: the paths of all fields are together longer than the limit allows.
    PathsTooLong = 50,
    /// Pattern: expanded to more branches than the limit allows.
    TooManyBranches = 51,
    /// Rules: a rule takes more memory than the limit allows.
    RuleSizeLimit = 52,
    /// Matcher: this CPU cannot run the kernel.
    KernelUnavailable = 53,
}

/// The details of a failed call. The caller owns the memory. A call that succeeds does not change
/// it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Error {
    /// The status that the call returned.
    pub status: Status,
    /// The reason for a refusal; zero if the status is the only information.
    pub detail: Detail,
    /// The start of the fault: an offset in the bytes of the pattern or of the event. Zero if there
    /// is no place, as for GALOP_DETAIL_TOO_MUCH_WORK.
    pub start: usize,
    /// The end of the fault: the offset after its last byte. Equal to the start if there is only a
    /// place, as in events.
    pub end: usize,
    /// The rule at fault, if rules cannot be compiled. If there are too many rules, the first rule
    /// past the limit. If all rules together take too much memory, the rule that takes the most.
    /// Otherwise the first rule that takes too much memory itself. For a batch, the index of the
    /// event.
    pub index: usize,
}

/// The stable names of the details, in the order of their numbers. The first number is one.
pub(super) const NAMES: [(&CStr, Detail); 53] = [
    (c"unexpected-end", Detail::UnexpectedEnd),
    (c"unexpected-character", Detail::UnexpectedCharacter),
    (c"invalid-literal", Detail::InvalidLiteral),
    (c"invalid-number", Detail::InvalidNumber),
    (c"invalid-escape", Detail::InvalidEscape),
    (c"control-character", Detail::ControlCharacter),
    (c"invalid-utf8", Detail::InvalidUtf8),
    (c"trailing-text", Detail::TrailingText),
    (c"too-deep", Detail::TooDeep),
    (c"root-not-object", Detail::RootNotObject),
    (c"empty-object", Detail::EmptyObject),
    (c"empty-list", Detail::EmptyList),
    (c"leaf-not-array", Detail::LeafNotArray),
    (c"nested-list", Detail::NestedList),
    (c"empty-operator", Detail::EmptyOperator),
    (c"unknown-operator", Detail::UnknownOperator),
    (c"multiple-operators", Detail::MultipleOperators),
    (c"argument-not-string", Detail::ArgumentNotString),
    (c"exists-not-boolean", Detail::ExistsNotBoolean),
    (c"unsupported-nesting", Detail::UnsupportedNesting),
    (c"number-not-comparable", Detail::NumberNotComparable),
    (c"numeric-not-list", Detail::NumericNotList),
    (c"numeric-syntax", Detail::NumericSyntax),
    (c"numeric-empty-range", Detail::NumericEmptyRange),
    (c"anything-but-operand", Detail::AnythingButOperand),
    (c"anything-but-mixed", Detail::AnythingButMixed),
    (c"anything-but-empty", Detail::AnythingButEmpty),
    (c"anything-but-empty-affix", Detail::AnythingButEmptyAffix),
    (c"wildcard-adjacent-stars", Detail::WildcardAdjacentStars),
    (c"wildcard-escape", Detail::WildcardEscape),
    (c"cidr-syntax", Detail::CidrSyntax),
    (c"cidr-mask", Detail::CidrMask),
    (c"cidr-address", Detail::CidrAddress),
    (c"or-not-list", Detail::OrNotList),
    (c"or-too-few", Detail::OrTooFew),
    (c"or-not-object", Detail::OrNotObject),
    (c"or-reserved-name", Detail::OrReservedName),
    (c"pattern-too-long", Detail::PatternTooLong),
    (c"too-many-fields", Detail::TooManyFields),
    (c"too-many-combinations", Detail::TooManyCombinations),
    (c"too-complex", Detail::TooComplex),
    (c"size-limit", Detail::SizeLimit),
    (c"event-too-long", Detail::EventTooLong),
    (c"too-much-work", Detail::TooMuchWork),
    (c"too-many-values", Detail::TooManyValues),
    (c"too-many-stars", Detail::TooManyStars),
    (c"too-many-rules", Detail::TooManyRules),
    (c"too-many-leaves", Detail::TooManyLeaves),
    (c"too-many-elements", Detail::TooManyElements),
    (c"paths-too-long", Detail::PathsTooLong),
    (c"too-many-branches", Detail::TooManyBranches),
    (c"rule-size-limit", Detail::RuleSizeLimit),
    (c"kernel-unavailable", Detail::KernelUnavailable),
];

impl Detail {
    /// Returns the number of a code. The search is linear, because only refusals use it.
    fn of(code: &str) -> Detail {
        let found = NAMES.iter().find(|(name, _)| name.to_bytes() == code.as_bytes());
        found.map_or(Detail::None, |&(_, detail)| detail)
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Error {
        Error { status, detail: Detail::None, start: 0, end: 0, index: 0 }
    }
}

impl From<PatternError> for Error {
    fn from(error: PatternError) -> Error {
        let (detail, span) = (Detail::of(error.code()), error.span());
        Error { detail, start: span.start, end: span.end, ..Error::from(Status::PatternRefused) }
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Error {
        let (detail, index) = (Detail::of(error.code()), error.rule().map_or(0, RuleId::as_usize));
        Error { detail, index, ..Error::from(Status::BuildRefused) }
    }
}

impl From<EventError> for Error {
    fn from(error: EventError) -> Error {
        let (detail, place) = (Detail::of(error.code()), error.offset().unwrap_or(0));
        Error { detail, start: place, end: place, ..Error::from(Status::EventRefused) }
    }
}

/// Returns a short text for people, NUL-terminated. Returns "unknown status" for unknown numbers.
/// The text is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn galop_status_text(status: u32) -> *const c_char {
    let text = match status {
        0 => c"ok",
        1 => c"a pointer is NULL",
        2 => c"an argument is invalid",
        3 => c"an object of another kind",
        4 => c"the object is in use",
        5 => c"an option that this version does not know",
        6 => c"the pattern is refused",
        7 => c"the rules cannot be compiled",
        8 => c"the event is refused",
        9 => c"stopped by the callback",
        10 => c"a fault in the library",
        _ => c"unknown status",
    };
    text.as_ptr()
}

/// Returns the stable name of a detail, NUL-terminated: "leaf-not-array". Returns "" for unknown
/// numbers. Names never change, and the command line prints the same names. The text is never
/// freed.
#[unsafe(no_mangle)]
pub extern "C" fn galop_detail_text(detail: u32) -> *const c_char {
    let at = (detail as usize).checked_sub(1);
    at.and_then(|at| NAMES.get(at)).map_or(c"", |(name, _)| name).as_ptr()
}
