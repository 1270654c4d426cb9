//! The numbers and names of refusals.
//!
//! Made from the table in `src/error/codes.rs` by `GALOP_WRITE=1 cargo test --features capi details_equal`.

use std::ffi::CStr;

/// Why a pattern, a rule set or an event is refused. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Detail {
    /// Nothing is refused, or this library has a name but no number for the reason.
    None = 0,
    /// The text ends before the value it began is complete.
    UnexpectedEnd = 1,
    /// A character that the grammar does not allow at its position.
    UnexpectedCharacter = 2,
    /// A word that is neither true, false nor null.
    InvalidLiteral = 3,
    /// A number that RFC 8259 does not allow, such as 01, 1. or .5.
    InvalidNumber = 4,
    /// An escape that RFC 8259 does not allow.
    InvalidEscape = 5,
    /// A character below U+0020 in a string that is not escaped.
    ControlCharacter = 6,
    /// Bytes that are not UTF-8.
    InvalidUtf8 = 7,
    /// Something follows the root object.
    TrailingText = 8,
    /// Objects and arrays are nested more deeply than the limit allows.
    TooDeep = 9,
    /// The root is not an object.
    RootNotObject = 10,
    /// Pattern: {} in the place of fields.
    EmptyObject = 11,
    /// Pattern: [] in the place of alternatives.
    EmptyList = 12,
    /// Pattern: A value in the place of a list of alternatives or an object.
    LeafNotArray = 13,
    /// Pattern: A list among the alternatives of a field.
    NestedList = 14,
    /// Pattern: {} among the alternatives of a field.
    EmptyOperator = 15,
    /// Pattern: A name that is not the name of an operator.
    UnknownOperator = 16,
    /// Pattern: An object that names an operator has a second name.
    MultipleOperators = 17,
    /// Pattern: The operator takes one string and nothing else.
    ArgumentNotString = 18,
    /// Pattern: exists takes true or false.
    ExistsNotBoolean = 19,
    /// Pattern: The operator cannot be applied inside the other one.
    UnsupportedNesting = 20,
    /// Pattern: The number has no exact double that spells it, so it cannot be ordered, nor excluded by value.
    NumberNotComparable = 21,
    /// Pattern: numeric takes a list.
    NumericNotList = 22,
    /// Pattern: The list of numeric is not a comparison, nor a lower bound followed by an upper bound.
    NumericSyntax = 23,
    /// Pattern: The lower bound is not less than the upper bound. EventBridge refuses equal bounds even if both
    /// are inclusive. It also refuses a single bound that is the least or the greatest double.
    NumericEmptyRange = 24,
    /// Pattern: anything-but excludes strings or numbers and nothing else.
    AnythingButOperand = 25,
    /// Pattern: anything-but excludes either strings or numbers.
    AnythingButMixed = 26,
    /// Pattern: anything-but excludes nothing.
    AnythingButEmpty = 27,
    /// Pattern: anything-but excludes the empty prefix or suffix, and with it every string.
    AnythingButEmptyAffix = 28,
    /// Pattern: Two adjacent *.
    WildcardAdjacentStars = 29,
    /// Pattern: A backslash is followed neither by * nor by a backslash.
    WildcardEscape = 30,
    /// Pattern: A CIDR block is an address, one slash and a number of bits.
    CidrSyntax = 31,
    /// Pattern: The number of bits of a CIDR block is not a number, or is out of range.
    CidrMask = 32,
    /// Pattern: The address of a CIDR block is not an IPv4 or IPv6 address.
    CidrAddress = 33,
    /// Pattern: $or takes a list of objects.
    OrNotList = 34,
    /// Pattern: $or takes at least two alternatives.
    OrTooFew = 35,
    /// Pattern: An alternative of $or is not an object.
    OrNotObject = 36,
    /// Pattern: The name of an operator cannot be the name of a field inside $or.
    OrReservedName = 37,
    /// Pattern: The text has more bytes than the limit allows.
    PatternTooLong = 38,
    /// Pattern: A branch of the pattern names more paths than the limit allows, or thousands of branches write more fields
    /// than the limit on average, some paths more than once.
    TooManyFields = 39,
    /// Pattern: The lists of $or combine into more branches than the limit allows.
    TooManyCombinations = 40,
    /// Pattern: The wildcards of one field are more complex than the limit allows.
    TooComplex = 41,
    /// Rules: The compiled set takes more memory than the limit allows.
    SizeLimit = 42,
    /// Event: The event has more bytes than the limit allows.
    EventTooLong = 43,
    /// Event: To decide on the event takes more steps than the limit allows.
    TooMuchWork = 44,
    /// Pattern: A field lists more values than the limit allows.
    TooManyValues = 45,
    /// Pattern: A wildcard has more * than the limit allows.
    TooManyStars = 46,
    /// Rules: The set has more rules than the limit allows.
    TooManyRules = 47,
    /// Event: The event has more values on paths that some rule names than the limit allows.
    TooManyLeaves = 48,
    /// Event: The arrays of the event that some rule looks into have more elements together than the limit allows.
    TooManyElements = 49,
    /// Pattern: The paths of all fields have more bytes together than the limit allows.
    PathsTooLong = 50,
    /// Pattern: The pattern must be expanded to more branches than the limit allows, because paths of $or
    /// also occur outside of it.
    TooManyBranches = 51,
    /// Rules: A rule takes more memory than the limit allows.
    RuleSizeLimit = 52,
    /// Rules: The CPU cannot run the kernel that the options of the matcher name.
    KernelUnavailable = 53,
    /// Pattern: The operator is an extension of the language, which the limits do not allow.
    ExtensionNotAllowed = 54,
    /// Pattern: The text is not a regular expression as RFC 9485 defines it.
    RegexpSyntax = 55,
    /// Pattern: The regular expressions of the pattern take more memory together than the limit allows.
    RegexpTooLarge = 56,
    /// Pattern: The rule set already holds as many rules as it can.
    RuleSetFull = 57,
}

/// The stable names, in the order of their numbers from one on.
pub(super) const NAMES: [(&CStr, Detail); 57] = [
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
    (c"extension-not-allowed", Detail::ExtensionNotAllowed),
    (c"regexp-syntax", Detail::RegexpSyntax),
    (c"regexp-too-large", Detail::RegexpTooLarge),
    (c"rule-set-full", Detail::RuleSetFull),
];
