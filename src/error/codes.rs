//! The table of errors: for each kind its code, its number in C, its message and its help.
//!
//! Codes and numbers never change. The code and the number of a removed kind are never reused. The C
//! interface is made from the table, and tests compare the specification with it.

use super::table::kinds;
use super::{Expected, Operator};

kinds! {
    /// The faults of a text as JSON.
    #[derive(Clone, Copy, Debug, Eq, PartialEq)]
    pub enum JsonErrorKind, "" {
        /// The text ends before the value it began is complete.
        UnexpectedEnd = 1, "unexpected-end": "the text ends too early"
            help "a bracket or a quote is not closed";

        /// A character that the grammar does not allow at its position.
        UnexpectedCharacter {
            /// The characters that the grammar allows there.
            expected: Expected,
        } = 2, "unexpected-character": "unexpected character, expected {expected}"
            help expected.help();

        /// A word that is neither `true`, `false` nor `null`.
        InvalidLiteral = 3, "invalid-literal": "unknown word, expected `true`, `false` or `null`"
            help "put a text in double quotes; the words are in lower case";

        /// A number that RFC 8259 does not allow, such as `01`, `1.` or `.5`.
        InvalidNumber = 4, "invalid-number": "not a JSON number"
            help "no zero or `+` in front, digits on both sides of the point; a text is in double quotes";

        /// An escape that RFC 8259 does not allow.
        InvalidEscape = 5, "invalid-escape": "not a JSON escape"
            help "write a backslash twice";

        /// A character below U+0020 in a string that is not escaped.
        ControlCharacter = 6, "control-character": "control character in a string, it must be escaped"
            help "write a line break as `\\n`, a tab as `\\t`; or the quote before it is not closed";

        /// Bytes that are not UTF-8.
        InvalidUtf8 = 7, "invalid-utf8": "not UTF-8"
            help "save the text as UTF-8";

        /// Something follows the root object.
        TrailingText = 8, "trailing-text": "text follows the root object";

        /// Objects and arrays are nested more deeply than the limit allows.
        TooDeep {
            /// The limit, in levels; the root is the first.
            limit: usize,
        } = 9, "too-deep": "nested more than {limit} levels deep";

        /// The root is not an object.
        RootNotObject = 10, "root-not-object": "the root must be an object";
    }
}

kinds! {
    /// The faults of a pattern.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub enum PatternErrorKind: JsonErrorKind, "Pattern" {
        /// `{}` in the place of fields.
        EmptyObject = 11, "empty-object": "an object must name at least one field"
            help "for any value of a field write `[{\"exists\":true}]`";

        /// `[]` in the place of alternatives.
        EmptyList = 12, "empty-list": "a list must hold at least one alternative"
            help "for any value of a field write `[{\"exists\":true}]`";

        /// A value in the place of a list of alternatives or an object.
        LeafNotArray = 13, "leaf-not-array": "a field takes a list of alternatives, or an object"
            help "put the value in a list: `[…]`";

        /// A list among the alternatives of a field.
        NestedList = 14, "nested-list": "a list inside a list is not allowed"
            help "write the alternatives side by side in one list";

        /// `{}` among the alternatives of a field.
        EmptyOperator = 15, "empty-operator": "an object among the alternatives must name an operator";

        /// A name that is not the name of an operator.
        UnknownOperator {
            /// The operator that may have been meant.
            suggestion: Option<Operator>,
        } = 16, "unknown-operator": "not the name of an operator"
            help suggestion.map(|operator| format!("did you mean `\"{operator}\"`?"));

        /// An object that names an operator has a second name.
        MultipleOperators = 17, "multiple-operators":
            "an object among the alternatives names one operator only"
            help "write one object per operator; for values that must hold together there is no operator";

        /// The operator takes one string and nothing else.
        ArgumentNotString {
            /// The operator.
            operator: Operator,
        } = 18, "argument-not-string": "`{operator}` takes a string here"
            help Some(format!("write one object per text: `[{{\"{operator}\":\"…\"}},{{\"{operator}\":\"…\"}}]`"));

        /// `exists` takes `true` or `false`.
        ExistsNotBoolean = 19, "exists-not-boolean": "`exists` takes `true` or `false`";

        /// The operator cannot be applied inside the other one.
        UnsupportedNesting {
            /// The outer operator.
            operator: Operator,
        } = 20, "unsupported-nesting": "`{operator}` does not allow this operand";

        /// The number has no exact double that spells it, so it cannot be ordered, nor excluded by value.
        NumberNotComparable = 21, "number-not-comparable": "a double does not hold this number exactly"
            help "use a number that a double can hold exactly as written";

        /// `numeric` takes a list.
        NumericNotList = 22, "numeric-not-list": "`numeric` takes a list"
            help "write `[\"=\", 5]`, `[\">\", 0]` or `[\">\", 0, \"<=\", 5]`";

        /// The list of `numeric` is not a comparison, nor a lower bound followed by an upper bound.
        NumericSyntax = 23, "numeric-syntax": "not a comparison that `numeric` knows"
            help "write `[\"=\", 5]`, `[\">\", 0]` or `[\">\", 0, \"<=\", 5]`, the lower bound first";

        /// The lower bound is not less than the upper bound. EventBridge refuses equal bounds even if both
        /// are inclusive. It also refuses a single bound that is the least or the greatest double.
        NumericEmptyRange = 24, "numeric-empty-range": "the bounds leave no range of numbers"
            help "the lower bound must be less than the upper bound";

        /// `anything-but` excludes strings or numbers and nothing else.
        AnythingButOperand = 25, "anything-but-operand": "`anything-but` excludes strings or numbers";

        /// `anything-but` excludes either strings or numbers.
        AnythingButMixed = 26, "anything-but-mixed":
            "`anything-but` excludes either strings or numbers, not both"
            help "write strings and numbers in two rules";

        /// `anything-but` excludes nothing.
        AnythingButEmpty = 27, "anything-but-empty": "`anything-but` must exclude something";

        /// `anything-but` excludes the empty prefix or suffix, and with it every string.
        AnythingButEmptyAffix {
            /// `prefix` or `suffix`.
            operator: Operator,
        } = 28, "anything-but-empty-affix":
            "`anything-but` with the empty {operator} would exclude every string";

        /// Two adjacent `*`.
        WildcardAdjacentStars = 29, "wildcard-adjacent-stars": "two `*` side by side"
            help "one `*` already stands for any text";

        /// A backslash is followed neither by `*` nor by a backslash.
        WildcardEscape = 30, "wildcard-escape": "a backslash must be followed by `*` or a backslash"
            help "`\\\\*` in JSON stands for the character `*`, `\\\\\\\\` for a backslash";

        /// A CIDR block is an address, one slash and a number of bits.
        CidrSyntax = 31, "cidr-syntax": "a CIDR block is an address, one `/` and a number of bits";

        /// The number of bits of a CIDR block is not a number, or is out of range.
        CidrMask = 32, "cidr-mask": "the number of bits is out of range"
            help "0 to 31 bits for IPv4 and 0 to 127 for IPv6; for one address write it as a plain string";

        /// The address of a CIDR block is not an IPv4 or IPv6 address.
        CidrAddress = 33, "cidr-address": "not an IPv4 or IPv6 address";

        /// The operator is an extension of the language, which the limits do not allow.
        ExtensionNotAllowed {
            /// The operator.
            operator: Operator,
        } = 54, "extension-not-allowed": "`{operator}` is an extension, which is not allowed here"
            help Some(format!(
                "allow it: `PatternLimits::extensions` in Rust, `extensions` of `galop_limits` in C, \
                 `--extensions {operator}` on the command line"
            ));

        /// The text is not a regular expression as RFC 9485 defines it.
        RegexpSyntax {
            /// The fault, for people.
            reason: &'static str,
        } = 55, "regexp-syntax": "not a regular expression (RFC 9485): {reason}";

        /// The regular expressions of the pattern take more memory together than the limit allows.
        RegexpTooLarge {
            /// The limit, in bytes.
            limit: usize,
        } = 56, "regexp-too-large": "compiled, the regular expressions take more than {limit} bytes"
            help "repeat less, or shorter parts: `.{1,200}` takes as much as 200 dots";

        /// `$or` takes a list of objects.
        OrNotList = 34, "or-not-list": "`$or` takes a list of objects"
            help "write `\"$or\":[{\"a\":[1]},{\"b\":[2]}]`";

        /// `$or` takes at least two alternatives.
        OrTooFew = 35, "or-too-few": "`$or` takes at least two alternatives";

        /// An alternative of `$or` is not an object.
        OrNotObject = 36, "or-not-object": "an alternative of `$or` must be an object";

        /// The name of an operator cannot be the name of a field inside `$or`.
        OrReservedName = 37, "or-reserved-name": "the name of an operator cannot name a field inside `$or`"
            help "rename the field, or write it outside `$or`";

        /// The text has more bytes than the limit allows.
        PatternTooLong {
            /// The limit, in bytes.
            limit: usize,
        } = 38, "pattern-too-long": "longer than {limit} bytes";

        /// A branch of the pattern names more paths than the limit allows, or thousands of branches write more fields
        /// than the limit on average, some paths more than once.
        TooManyFields {
            /// The limit, in paths.
            limit: usize,
        } = 39, "too-many-fields": "more than {limit} paths in one branch";

        /// The paths of all fields have more bytes together than the limit allows.
        PathsTooLong {
            /// The limit, in bytes.
            limit: usize,
        } = 50, "paths-too-long": "the paths of all fields have more than {limit} bytes together";

        /// A field lists more values than the limit allows.
        TooManyValues {
            /// The limit, in values.
            limit: usize,
        } = 45, "too-many-values": "more than {limit} values in one field";

        /// A wildcard has more `*` than the limit allows.
        TooManyStars {
            /// The limit, in `*`.
            limit: usize,
        } = 46, "too-many-stars": "more than {limit} `*` in one wildcard";

        /// The lists of `$or` combine into more branches than the limit allows.
        TooManyCombinations {
            /// The limit, in branches.
            limit: usize,
        } = 40, "too-many-combinations": "`$or` combines into more than {limit} branches";

        /// The pattern must be expanded to more branches than the limit allows, because paths of `$or`
        /// also occur outside of it.
        TooManyBranches {
            /// The limit, in branches.
            limit: usize,
        } = 51, "too-many-branches": "`$or` must be expanded to more than {limit} branches"
            help "a path in this `$or` is written outside of it as well; \
                  write each path in one of the two places only";

        /// The wildcards of one field are more complex than the limit allows.
        TooComplex {
            /// The limit, as a complexity score.
            limit: usize,
        } = 41, "too-complex": "the wildcards of this field are too complex: their score is over {limit}";

        /// The rule set already holds as many rules as it can.
        RuleSetFull {
            /// The limit, in rules.
            limit: usize,
        } = 57, "rule-set-full": "the set already holds {limit} rules";
    }
}

kinds! {
    /// The faults of an event.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub enum EventErrorKind: JsonErrorKind, "Event" {
        /// The event has more bytes than the limit allows.
        EventTooLong {
            /// The limit, in bytes.
            limit: usize,
        } = 43, "event-too-long": "longer than {limit} bytes";

        /// The event has more values on paths that some rule names than the limit allows.
        TooManyLeaves {
            /// The limit, in strings, numbers, `true`s, `false`s and `null`s.
            limit: usize,
        } = 48, "too-many-leaves": "more than {limit} values on paths that rules name";

        /// The arrays of the event that some rule looks into have more elements together than the limit allows.
        TooManyElements {
            /// The limit, in elements.
            limit: usize,
        } = 49, "too-many-elements": "more than {limit} elements in arrays that rules look into";

        /// To decide on the event takes more steps than the limit allows.
        TooMuchWork {
            /// The limit, in steps.
            limit: u64,
        } = 44, "too-much-work": "too much work: over {limit} steps";
    }
}

kinds! {
    /// The reasons for which a rule set is not compiled.
    #[derive(Clone, Debug, Eq, PartialEq)]
    pub enum BuildErrorKind, "Rules" {
        /// The set has more rules than the limit allows.
        TooManyRules {
            /// The limit, in rules.
            limit: usize,
        } = 47, "too-many-rules": "there are more than {limit} rules";

        /// The compiled set takes more memory than the limit allows.
        SizeLimit {
            /// The limit, in bytes.
            limit: usize,
            /// The bytes of the rule that the error names, as
            /// [`MatcherBuilder::rule_size_limit`](crate::MatcherBuilder::rule_size_limit) counts them. No rule of the set has more,
            /// nor has a later one as many.
            rule_bytes: usize,
        } = 42, "size-limit":
            "the compiled set would take more than {limit} bytes; this rule takes {rule_bytes} of them, \
             and none takes more";

        /// A rule takes more memory than the limit allows.
        RuleSizeLimit {
            /// The limit, in bytes.
            limit: usize,
            /// The bytes of the rule.
            rule_bytes: usize,
        } = 52, "rule-size-limit": "compiled, it takes {rule_bytes} bytes, more than {limit}";

        /// The CPU cannot run the kernel that the options of the matcher name.
        KernelUnavailable = 53, "kernel-unavailable": "this CPU cannot run the kernel that is asked for";
    }
}

/// Returns all rows, in no order.
#[cfg(test)]
pub(crate) fn rows() -> impl Iterator<Item = &'static super::table::Row> {
    let tables = [JsonErrorKind::ROWS, PatternErrorKind::ROWS, EventErrorKind::ROWS, BuildErrorKind::ROWS];
    tables.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::{BuildErrorKind, EventErrorKind, JsonErrorKind, PatternErrorKind, rows};

    /// The numbers of some old rows: a row that is moved must not take another number.
    #[test]
    fn numbers_do_not_change() {
        for (number, code) in [
            (1, "unexpected-end"),
            (10, "root-not-object"),
            (16, "unknown-operator"),
            (33, "cidr-address"),
            (41, "too-complex"),
            (42, "size-limit"),
            (44, "too-much-work"),
            (47, "too-many-rules"),
            (50, "paths-too-long"),
            (52, "rule-size-limit"),
            (53, "kernel-unavailable"),
        ] {
            let row = rows().find(|row| row.number == number).expect("the number is taken");
            assert_eq!(row.code, code);
        }
    }

    #[test]
    fn numbers_and_codes_are_distinct() {
        let numbers: HashSet<u32> = rows().map(|row| row.number).collect();
        let codes: HashSet<_> = rows().map(|row| row.code).collect();
        assert_eq!(numbers, (1..=rows().count() as u32).collect());
        assert_eq!(codes.len(), numbers.len());
    }

    #[test]
    fn codes_are_the_names_of_the_variants() {
        for row in rows() {
            let mut code = String::new();
            for c in row.variant.chars() {
                if c.is_ascii_uppercase() && !code.is_empty() {
                    code.push('-');
                }
                code.push(c.to_ascii_lowercase());
            }
            assert_eq!(row.code, code);
        }
    }

    #[test]
    fn codes_are_listed() {
        let lists =
            [JsonErrorKind::CODES, PatternErrorKind::CODES, EventErrorKind::CODES, BuildErrorKind::CODES];
        assert_eq!(lists.iter().map(|list| list.len()).sum::<usize>(), rows().count());
        assert_eq!(JsonErrorKind::InvalidUtf8.code(), "invalid-utf8");
        let nested = PatternErrorKind::Json(JsonErrorKind::TooDeep { limit: 7 });
        assert_eq!(
            (nested.code(), nested.to_string()),
            ("too-deep", "nested more than 7 levels deep".into())
        );
    }
}
