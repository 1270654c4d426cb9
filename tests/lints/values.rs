//! Tests of the lints about the values of a field.

use galop::lint::{Level, Lints, WarningKind};

use super::{assert_found, codes, warnings, warnings_of};

#[test]
fn alternatives_meant_as_conditions_are_reported() {
    for (list, marked) in [
        (r#"{"suffix":".png"},{"prefix":"in/"}"#, r#"{"prefix":"in/"}"#),
        (r#"{"anything-but":"x"},{"anything-but":"y"}"#, r#"{"anything-but":"y"}"#),
        (r#"{"prefix":"in/"},{"anything-but":{"suffix":".tmp"}}"#, r#"{"anything-but":{"suffix":".tmp"}}"#),
        (r#""x",{"anything-but":["x","y"]}"#, r#"{"anything-but":["x","y"]}"#),
        (r#"{"numeric":[">",5]},{"numeric":["<",10]}"#, r#"{"numeric":["<",10]}"#),
        (r#"{"numeric":["<=",5]},{"numeric":[">",5]}"#, r#"{"numeric":[">",5]}"#),
    ] {
        assert_found("meant-as-and", &format!(r#"{{"a":[{list}]}}"#), &[marked]);
    }
    for list in [
        r#"{"prefix":"a"},{"prefix":"b"}"#,
        r#"{"prefix":"a"},{"suffix":"b"},"c""#,
        r#"{"prefix":"a"},{"suffix":"a"}"#,
        r#"{"anything-but":"x"},{"exists":false}"#,
        r#"{"numeric":["<",5]},{"numeric":[">",10]}"#,
        r#"{"numeric":["<",5]},{"numeric":[">",5]}"#,
    ] {
        assert_found("meant-as-and", &format!(r#"{{"a":[{list}]}}"#), &[]);
    }
    let mut lints = Lints::all(Level::Allow);
    lints.set(WarningKind::MeantAsAnd, Level::Warn);
    let help = |list: &str| warnings_of(&[&format!(r#"{{"a":[{list}]}}"#)], &[], &lints)[0].help().unwrap();
    assert!(help(r#"{"prefix":"a*"},{"suffix":"\\b"}"#).ends_with(r#"`{"wildcard":"a\\**\\\\b"}`"#));
    let two = r#"{"anything-but":{"prefix":"a"}},{"anything-but":{"prefix":"b"}}"#;
    assert_eq!(help(two), r#"write one list: `{"anything-but":{"prefix":[…]}}`"#);
    let two = r#"{"anything-but":{"equals-ignore-case":"a"}},{"anything-but":{"equals-ignore-case":"b"}}"#;
    assert_eq!(help(two), r#"write one list: `{"anything-but":{"equals-ignore-case":[…]}}`"#);
    assert_eq!(help(r#"{"anything-but":1},{"anything-but":2}"#), r#"write one list: `{"anything-but":[…]}`"#);
    // No list has strings and numbers, and no range is empty.
    assert!(help(r#"{"anything-but":"a"},{"anything-but":2}"#).starts_with("alternatives are ORed"));
    assert!(help(r#"{"numeric":["<=",5]},{"numeric":[">",5]}"#).starts_with("alternatives are ORed"));
    let bounds = r#"{"numeric":["<",10]},{"numeric":[">=",5]}"#;
    assert_eq!(help(bounds), r#"write one range: `{"numeric":[">=",5,"<",10]}`"#);
}

#[test]
fn quoted_patterns_are_reported() {
    for (list, marked) in [
        (r#""{ \"suffix\": \"x\" }""#, r#""{ \"suffix\": \"x\" }""#),
        (r#""{\"source\":[\"x\"]}""#, r#""{\"source\":[\"x\"]}""#),
        (r#""[\"a\",\"b\"]""#, r#""[\"a\",\"b\"]""#),
        (r#""prefix:a""#, r#""prefix:a""#),
        (r#""anything-but: x""#, r#""anything-but: x""#),
        (r#""exists""#, r#""exists""#),
        (r#""prefix","a""#, r#""prefix""#),
        (r#""> 70""#, r#""> 70""#),
        (r#"">=",5"#, r#"">=""#),
    ] {
        assert_found("quoted-pattern", &format!(r#"{{"a":[{list}]}}"#), &[marked]);
    }
    for list in [
        r#""{}""#,
        r#""{\"a\":5}""#,
        r#""[]""#,
        r#""prefix""#,
        r#""a","prefix""#,
        r#""numeric","text","date""#,
        r#""prefixes:a""#,
        r#""prefix:""#,
        r#"">""#,
        r#""=>""#,
        r#""<none>""#,
        r#""""#,
    ] {
        assert_found("quoted-pattern", &format!(r#"{{"a":[{list}]}}"#), &[]);
    }
}

#[test]
fn helps_close_their_quotation() {
    for text in [format!("{{\\\"prefix\\\":\\\"{}\\\"}}", "x".repeat(100)), format!(">{}", "9".repeat(100))] {
        let found = warnings_of(&[&format!(r#"{{"a":["{text}"]}}"#)], &[], &Lints::new());
        let help = found[0].help().unwrap();
        assert_eq!(found[0].code(), "quoted-pattern");
        assert!(help.contains('…') && help.ends_with('`') && help.len() < 120, "{help}");
    }
}

#[test]
fn quoted_literals_are_reported() {
    let real = r#"{"a":[true]}"#;
    assert_eq!(warnings(&[real, r#"{"a":["true","false","x"]}"#]).len(), 2);
    assert_eq!(warnings(&[real, r#"{"a":["null"]}"#]), [("quoted-literal", r#""null""#.into())]);
    assert_eq!(warnings(&[real, r#"{"a":["true",true]}"#]), []);
    assert_eq!(warnings(&[real, r#"{"b":["true"]}"#]), []);
    assert_eq!(warnings(&[r#"{"a":[5]}"#, r#"{"a":["5",5]}"#]), []);
}

#[test]
fn texts_are_checked() {
    for (code, list, marked) in [
        ("star-in-text", r#""a*b""#, r#""a*b""#),
        ("star-in-text", r#"{"prefix":"a*"}"#, r#"{"prefix":"a*"}"#),
        ("star-in-text", r#"{"anything-but":["x","*.tmp"]}"#, r#"{"anything-but":["x","*.tmp"]}"#),
        ("needless-wildcard", r#"{"wildcard":"abc"}"#, r#"{"wildcard":"abc"}"#),
        ("needless-wildcard", r#"{"wildcard":"*.png"}"#, r#"{"wildcard":"*.png"}"#),
        ("needless-wildcard", r#"{"wildcard":"*"}"#, r#"{"wildcard":"*"}"#),
        (
            "needless-wildcard",
            r#"{"anything-but":{"wildcard":["a*","b*"]}}"#,
            r#"{"anything-but":{"wildcard":["a*","b*"]}}"#,
        ),
        ("cidr-host-bits", r#"{"cidr":"2001:db8::1/32"}"#, r#"{"cidr":"2001:db8::1/32"}"#),
        ("blank-ends", r#"" x""#, r#"" x""#),
        ("blank-ends", r#""x\n""#, r#""x\n""#),
        ("blank-ends", r#"{"prefix":" x"}"#, r#"{"prefix":" x"}"#),
        ("blank-ends", r#"{"suffix":"x "}"#, r#"{"suffix":"x "}"#),
        ("blank-ends", r#"{"anything-but":["x","y "]}"#, r#"{"anything-but":["x","y "]}"#),
    ] {
        assert_found(code, &format!(r#"{{"a":[{list}]}}"#), &[marked]);
    }
    for list in [
        r#""*""#,
        r#"{"exactly":"a*"}"#,
        r#"{"wildcard":"a*b"}"#,
        r#"{"wildcard":"*a*"}"#,
        r#"{"wildcard":"a\\**"}"#,
        r#"{"anything-but":{"wildcard":["a*","*b"]}}"#,
        r#"{"cidr":"10.0.0.0/8"}"#,
        r#"{"cidr":"::/0"}"#,
        r#"{"prefix":"EC2 "}"#,
        r#"{"suffix":" x"}"#,
        r#"" ""#,
        r#""a b""#,
    ] {
        assert_eq!(codes(&format!(r#"{{"a":[{list}]}}"#)), [], "{list}");
    }
    assert_found("blank-ends", r#"{"detail":{"key ":["x"]}}"#, &[r#""key ""#]);
    let help = |text: &str| warnings_of(&[text], &[], &Lints::new())[0].help().unwrap();
    assert!(help(r#"{"a":[{"wildcard":"beta\\*"}]}"#).starts_with(r#"`{"exactly":"beta*"}` is the same"#));
    assert_eq!(help(r#"{"a":[{"cidr":"10.1.2.3/16"}]}"#), "the block is `10.1.0.0/16`");
}

#[test]
fn account_ids_have_twelve_digits() {
    for value in [r#""12345""#, r#""1234567890123""#, r#""12345678901a""#, r#"{"anything-but":["1"]}"#] {
        assert_found("account-id", &format!(r#"{{"account":[{value}]}}"#), &[value]);
    }
    assert_found("account-id", r#"{"account":["012345678901",{"prefix":"9"}]}"#, &[]);
    assert_found("account-id", r#"{"detail":{"account":["5"]}}"#, &[]);
}

#[test]
fn kinds_of_dynamodb_are_known() {
    let image = |field: &str| format!(r#"{{"dynamodb":{{"NewImage":{{"a":{field}}}}}}}"#);
    for field in [
        r#"{"N":[5]}"#,
        r#"{"S":[5]}"#,
        r#"{"BOOL":["true"]}"#,
        r#"{"NULL":[1]}"#,
        r#"{"M":{"b":{"N":[5]}}}"#,
    ] {
        assert_eq!(codes(&image(field)).len(), 1, "{field}");
    }
    for field in
        [r#"{"N":["5"]}"#, r#"{"BOOL":[true]}"#, r#"{"L":{"S":["x"]}}"#, r#"{"N":[{"exists":true}]}"#]
    {
        assert_eq!(codes(&image(field)), [], "{field}");
    }
    assert_eq!(codes(r#"{"detail":{"N":[5]}}"#), []);
}
