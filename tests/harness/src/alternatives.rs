//! A table of alternatives: variants of every form of alternative, and values for them. The
//! variants of different forms collide.
//!
//! The table has three subjects: addresses in several spellings, numbers in several spellings, and
//! short texts, some with unpaired surrogates. The variants of a form name the subjects, exclude
//! them, and name or exclude parts of them.

use galop::pattern::{Member, Pattern, ValueTest};
use galop::{Extensions, PatternLimits};

/// The variants of each form. A form is named as [`form`] names it.
pub const FORMS: [(&str, &[&str]); 22] = [
    (
        "String",
        &[
            r#""10.0.0.1""#,
            r#""010.0.0.01""#,
            r#""::ffff:a00:1""#,
            r#""::1""#,
            r#""0:0:0:0:0:0:0:1""#,
            r#""10.0.0.256""#,
            r#""ab""#,
            r#""""#,
            r#""1""#,
            r#""\ud83d""#,
        ],
    ),
    (
        "Number",
        &["1", "1.0", "10e-1", "300", "9007199254740993", "9007199254740993.0", "9007199254740992", "1e400"],
    ),
    ("True", &["true"]),
    ("False", &["false"]),
    ("Null", &["null"]),
    (
        "Exactly",
        &[
            r#"{"exactly":"10.0.0.1"}"#,
            r#"{"exactly":"010.0.0.01"}"#,
            r#"{"exactly":"::1"}"#,
            r#"{"exactly":"ab"}"#,
            r#"{"exactly":"\ud83d"}"#,
        ],
    ),
    (
        "Prefix",
        &[
            r#"{"prefix":""}"#,
            r#"{"prefix":"10."}"#,
            r#"{"prefix":"10.0.0.1"}"#,
            r#"{"prefix":"::"}"#,
            r#"{"prefix":"a"}"#,
            r#"{"prefix":"\ud83d"}"#,
        ],
    ),
    (
        "PrefixIgnoreCase",
        &[
            r#"{"prefix":{"equals-ignore-case":"FD0"}}"#,
            r#"{"prefix":{"equals-ignore-case":"10."}}"#,
            r#"{"prefix":{"equals-ignore-case":"A"}}"#,
            r#"{"prefix":{"equals-ignore-case":"\ud83d"}}"#,
        ],
    ),
    (
        "Suffix",
        &[
            r#"{"suffix":".1"}"#,
            r#"{"suffix":"10.0.0.1"}"#,
            r#"{"suffix":":1"}"#,
            r#"{"suffix":"b"}"#,
            r#"{"suffix":"\ude00"}"#,
        ],
    ),
    (
        "SuffixIgnoreCase",
        &[
            r#"{"suffix":{"equals-ignore-case":":F"}}"#,
            r#"{"suffix":{"equals-ignore-case":"0.1"}}"#,
            r#"{"suffix":{"equals-ignore-case":"B"}}"#,
            r#"{"suffix":{"equals-ignore-case":"\ude00"}}"#,
        ],
    ),
    (
        "EqualsIgnoreCase",
        &[
            r#"{"equals-ignore-case":"10.0.0.1"}"#,
            r#"{"equals-ignore-case":"FD00::f"}"#,
            r#"{"equals-ignore-case":"AB"}"#,
            r#"{"equals-ignore-case":"ß"}"#,
            r#"{"equals-ignore-case":"\ud83d"}"#,
        ],
    ),
    (
        "Wildcard",
        &[
            r#"{"wildcard":"*"}"#,
            r#"{"wildcard":"10.0.0.1"}"#,
            r#"{"wildcard":"10.*.1"}"#,
            r#"{"wildcard":"*:*"}"#,
            r#"{"wildcard":"a*b"}"#,
            r#"{"wildcard":"\ud83d*"}"#,
        ],
    ),
    (
        "Numeric",
        &[
            r#"{"numeric":["=",1]}"#,
            r#"{"numeric":["=",1.00]}"#,
            r#"{"numeric":[">",1]}"#,
            r#"{"numeric":[">=",1]}"#,
            r#"{"numeric":["<",1]}"#,
            r#"{"numeric":[">",0,"<=",300]}"#,
            r#"{"numeric":[">=",1.0,"<",3e2]}"#,
        ],
    ),
    (
        "Cidr",
        &[
            r#"{"cidr":"10.0.0.0/8"}"#,
            r#"{"cidr":"010.0.0.01/31"}"#,
            r#"{"cidr":"0.0.0.0/0"}"#,
            r#"{"cidr":"::/127"}"#,
            r#"{"cidr":"fd00::/16"}"#,
            r#"{"cidr":"::/0"}"#,
        ],
    ),
    (
        "Regexp",
        &[
            r#"{"regexp":"10\\.0\\.0\\.1"}"#,
            r#"{"regexp":"[0-9.]+"}"#,
            r#"{"regexp":"(a|A)x?b"}"#,
            r#"{"regexp":".*"}"#,
            r#"{"regexp":"\\P{L}.{1,8}"}"#,
        ],
    ),
    ("Exists", &[r#"{"exists":true}"#, r#"{"exists":false}"#]),
    (
        "AnythingBut.Strings",
        &[
            r#"{"anything-but":"10.0.0.1"}"#,
            r#"{"anything-but":["10.0.0.1","010.0.0.01"]}"#,
            r#"{"anything-but":["::1","0::1","FD00::F"]}"#,
            r#"{"anything-but":["ab","10.0.0.2"]}"#,
            r#"{"anything-but":["","1"]}"#,
            r#"{"anything-but":"\ud83d"}"#,
        ],
    ),
    (
        "AnythingBut.Numbers",
        &[r#"{"anything-but":1}"#, r#"{"anything-but":[1.0,3e2]}"#, r#"{"anything-but":9007199254740992}"#],
    ),
    (
        "AnythingBut.Prefix",
        &[
            r#"{"anything-but":{"prefix":"10."}}"#,
            r#"{"anything-but":{"prefix":["10.0.0.1","::"]}}"#,
            r#"{"anything-but":{"prefix":["a","1"]}}"#,
            r#"{"anything-but":{"prefix":"\ud83d"}}"#,
        ],
    ),
    (
        "AnythingBut.Suffix",
        &[
            r#"{"anything-but":{"suffix":".1"}}"#,
            r#"{"anything-but":{"suffix":["10.0.0.1",":1"]}}"#,
            r#"{"anything-but":{"suffix":["b","B"]}}"#,
            r#"{"anything-but":{"suffix":["\ude00","\ud83d"]}}"#,
        ],
    ),
    (
        "AnythingBut.EqualsIgnoreCase",
        &[
            r#"{"anything-but":{"equals-ignore-case":"10.0.0.1"}}"#,
            r#"{"anything-but":{"equals-ignore-case":["fd00::F","ab"]}}"#,
            r#"{"anything-but":{"equals-ignore-case":["ß","\ud83d"]}}"#,
        ],
    ),
    (
        "AnythingBut.Wildcard",
        &[
            r#"{"anything-but":{"wildcard":"10.*"}}"#,
            r#"{"anything-but":{"wildcard":["10.0.0.1","*:*"]}}"#,
            r#"{"anything-but":{"wildcard":["a*","*1"]}}"#,
            r#"{"anything-but":{"wildcard":["*\ude00",""]}}"#,
        ],
    ),
];

/// The subjects of the alternatives, and values near them.
pub const VALUES: [&str; 56] = [
    r#""10.0.0.1""#,
    r#""010.0.0.01""#,
    r#""010.000.000.001""#,
    r#""::ffff:a00:1""#,
    r#""::FFFF:0A00:0001""#,
    r#""10.0.0.2""#,
    r#""10.9.0.1""#,
    r#""9.0.0.1""#,
    r#""::1""#,
    r#""0::1""#,
    r#""0:0:0:0:0:0:0:1""#,
    r#""::2""#,
    r#""fd00::f""#,
    r#""FD00::F""#,
    r#""fd00:0::000f""#,
    r#""a00::1""#,
    r#""10.0.0.256""#,
    r#""::ffff:10.0.0.1""#,
    r#""10.0.0.1 ""#,
    r#""10.0.0.1/8""#,
    r#""x10.0.0.1""#,
    r#""ab""#,
    r#""AB""#,
    r#""aB""#,
    r#""a""#,
    r#""B""#,
    r#""axb""#,
    r#""abx""#,
    r#""""#,
    r#""ß""#,
    r#""SS""#,
    r#""ss""#,
    r#""\ud83d""#,
    r#""\ude00""#,
    r#""\ud83d\ude00""#,
    r#""😀x""#,
    r#""\ud83d\ud83d""#,
    r#""x\ude00""#,
    r#""1""#,
    r#""1.0""#,
    r#""null""#,
    r#""true""#,
    "1",
    "1.0",
    "10e-1",
    "0.1E+1",
    "0",
    "-1",
    "2.5",
    "300",
    "3e2",
    "301",
    "9007199254740993",
    "9007199254740993.0",
    "9007199254740992",
    "1e400",
];

/// The values that are not strings or numbers.
pub const LITERALS: [&str; 3] = ["true", "false", "null"];

/// Returns all variants of all forms.
pub fn alternatives() -> impl Iterator<Item = &'static str> {
    FORMS.iter().flat_map(|(_, variants)| variants.iter().copied())
}

/// The default limits, with all extensions.
pub fn limits() -> PatternLimits {
    let mut limits = PatternLimits::default();
    limits.extensions = Extensions::ALL;
    limits
}

/// Returns the parsed alternative.
pub fn parsed(alternative: &str) -> ValueTest {
    let pattern = format!(r#"{{"f":[{alternative}]}}"#);
    let pattern = Pattern::parse_with(pattern, &limits()).expect("the alternative is valid");
    match &pattern.root().members[..] {
        [Member::Field { alternatives, .. }] => alternatives[0].test.clone(),
        other => panic!("the field is read as {other:?}"),
    }
}

/// Returns the name of the form of an alternative: its variant in the syntax tree. For
/// `anything-but`, the name of the excluded form is appended.
pub fn form(test: &ValueTest) -> String {
    let variant = |value: &dyn std::fmt::Debug| {
        let text = format!("{value:?}");
        text.split(|char: char| !char.is_ascii_alphanumeric()).next().unwrap_or_default().to_owned()
    };
    match test {
        ValueTest::AnythingBut(excluded) => format!("{}.{}", variant(test), variant(excluded)),
        _ => variant(test),
    }
}
