//! Hints: the probable intention of the author of a faulty pattern.

use super::Operator;

/// A help that fits one fault better than the help of its kind.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Hint {
    /// An operator is a member of an object, and not in the list of a field.
    OperatorInList(Operator),
    /// The name of an operator in another spelling.
    Spelling(Operator),
    /// A function of CloudFormation.
    Template,
    /// A tag of YAML, such as `!Sub`.
    Tag,
    /// A text in single or typographic quotes.
    Quotes,
    /// A comment.
    Comment,
    /// `$and`, or another name for it.
    And,
    /// `$or` among the alternatives of a field, or with operators as alternatives.
    OrOfValues,
    /// The name of `$or` in another spelling.
    Or,
    /// The inside of a JSON string.
    Escaped,
    /// A text that holds JSON in the place of JSON.
    JsonInString,
    /// Operators in a list of `anything-but`.
    ExcludedOperators(Operator),
    /// An operator that `anything-but` does not allow.
    AnythingBut,
    /// A number or a word in quotes.
    Quoted,
    /// A value that needs quotes.
    Unquoted,
    /// A comparison and its number in one text.
    ComparisonInText,
    /// A comparison in the spelling of a programming language.
    EqualSign,
    /// A comparison that `numeric` does not have.
    NotEqual,
    /// The two bounds are the same number.
    EqualBounds,
    /// The bound is the least or greatest double.
    EdgeBound,
    /// `prefix` and `suffix` of one value.
    PrefixAndSuffix,
}

impl Hint {
    /// Returns the hint for a text that begins with an unexpected character.
    pub(crate) fn of_character(text: &[u8]) -> Option<Hint> {
        let character = text[..text.len().min(4)].utf8_chunks().next()?.valid().chars().next()?;
        match character {
            '!' => Some(Hint::Tag),
            '\'' | '`' | '“' | '”' | '„' | '‘' | '’' | '«' | '»' => Some(Hint::Quotes),
            '/' | '#' => Some(Hint::Comment),
            '\\' => Some(Hint::Escaped),
            _ => None,
        }
    }

    pub(super) fn text(self) -> String {
        let text = match self {
            Hint::OperatorInList(operator) => {
                let example = example(operator);
                return format!("an operator goes into the list of its field: `[{example}]`");
            }
            Hint::Spelling(operator) => {
                return format!("the operator is spelt `\"{operator}\"`: `{}`", example(operator));
            }
            Hint::Template => {
                "this is a function of CloudFormation, which has no value before the template is deployed; \
                 write the value itself"
            }
            Hint::Tag => {
                "this looks like a tag of YAML, for instance `!Sub`; write the value itself, as JSON"
            }
            Hint::Quotes => "JSON has double quotes only: `\"`",
            Hint::Comment => "JSON has no comments",
            Hint::And => {
                "all fields of an object must hold, so write them side by side: `{\"a\":[1],\"b\":[2]}`; \
                 there is no `$and`"
            }
            Hint::OrOfValues => {
                "the alternatives of a field are one list: `[\"a\",{\"prefix\":\"b\"}]`; \
                 `$or` takes objects of fields: `\"$or\":[{\"a\":[1]},{\"b\":[2]}]`"
            }
            Hint::Or => "did you mean `\"$or\"`?",
            Hint::Escaped => "this is the inside of a JSON string; write it without the backslashes",
            Hint::JsonInString => {
                "this is JSON inside a text; write it without the quotes around it and the backslashes in it"
            }
            Hint::ExcludedOperators(operator) => {
                return format!(
                    "write the operator once, with a list: `{{\"anything-but\":{{\"{operator}\":[\"a\",\"b\"]}}}}`"
                );
            }
            Hint::AnythingBut => {
                "`anything-but` takes values, or one of `prefix`, `suffix`, `equals-ignore-case` and `wildcard`"
            }
            Hint::Quoted => "this is a text, because it is in quotes; write it without them",
            Hint::Unquoted => "put the value in double quotes",
            Hint::ComparisonInText => "write the comparison and the number apart: `[\">=\", 5]`",
            Hint::EqualSign => "write `[\"=\", 5]`",
            Hint::NotEqual => "write `{\"anything-but\":5}` in place of `numeric`",
            Hint::EqualBounds => "for one number write `[\"=\", 5]`",
            Hint::EdgeBound => "the bound must not be the least or the greatest double",
            Hint::PrefixAndSuffix => {
                "for a value with this prefix and this suffix write a wildcard: `{\"wildcard\":\"prefix*suffix\"}`"
            }
        };
        text.to_owned()
    }
}

/// Returns an object with the operator.
fn example(operator: Operator) -> &'static str {
    match operator {
        Operator::Exactly => "{\"exactly\":\"…\"}",
        Operator::Prefix => "{\"prefix\":\"…\"}",
        Operator::Suffix => "{\"suffix\":\"…\"}",
        Operator::EqualsIgnoreCase => "{\"equals-ignore-case\":\"…\"}",
        Operator::Wildcard => "{\"wildcard\":\"…*…\"}",
        Operator::AnythingBut => "{\"anything-but\":[\"…\"]}",
        Operator::Numeric => "{\"numeric\":[\">\",0]}",
        Operator::Cidr => "{\"cidr\":\"10.0.0.0/8\"}",
        Operator::Exists => "{\"exists\":true}",
        Operator::Regexp => "{\"regexp\":\"…\"}",
    }
}

#[cfg(test)]
mod tests {
    use crate::error::Operator;
    use crate::{Pattern, PatternLimits};

    /// Returns the code of the error of a pattern, and its help.
    fn refused(text: &str) -> (&'static str, String) {
        let limits = PatternLimits::default();
        let error = Pattern::parse_with(text, &limits).expect_err(text);
        assert_eq!(Pattern::check(text, &limits).first(), Some(&error), "{text}");
        (error.code(), error.help().unwrap_or_default())
    }

    #[track_caller]
    fn assert_help(text: &str, code: &str, part: &str) {
        let (found, help) = refused(text);
        assert_eq!(found, code, "{text}");
        assert!(help.contains(part), "{text}: {help}");
    }

    #[test]
    fn every_example_is_a_pattern() {
        let limits = PatternLimits { extensions: crate::Extensions::ALL, ..PatternLimits::default() };
        for operator in Operator::ALL {
            let text = format!("{{\"a\":[{}]}}", super::example(operator));
            assert!(Pattern::parse_with(text, &limits).is_ok(), "{operator}");
        }
    }

    #[test]
    fn operator_without_list_has_the_list_as_help() {
        for (text, list) in [
            (r#"{"a":{"exists":true}}"#, r#"[{"exists":true}]"#),
            (r#"{"a":{"prefix":"x"}}"#, r#"[{"prefix":"…"}]"#),
            (r#"{"a":{"suffix":"x"}}"#, r#"[{"suffix":"…"}]"#),
            (r#"{"a":{"Prefix":"x"}}"#, r#"[{"prefix":"…"}]"#),
            (r#"{"a":{"wildcard":"x*"}}"#, r#"[{"wildcard":"…*…"}]"#),
            (r#"{"a":{"cidr":"10.0.0.0/8"}}"#, r#"[{"cidr":"10.0.0.0/8"}]"#),
            (r#"{"a":{"anything-but":"x"}}"#, r#"[{"anything-but":["…"]}]"#),
            (r#"{"a":{"anything_but":"x"}}"#, r#"[{"anything-but":["…"]}]"#),
            (r#"{"a":{"not":"x"}}"#, r#"[{"anything-but":["…"]}]"#),
            (r#"{"a":{"anything-but":{"prefix":"x"}}}"#, r#"[{"anything-but":["…"]}]"#),
            (r#"{"a":{"numeric":5}}"#, r#"[{"numeric":[">",0]}]"#),
            (r#"{"a":{"equals-ignore-case":"x"}}"#, r#"[{"equals-ignore-case":"…"}]"#),
        ] {
            assert_help(text, "leaf-not-array", list);
        }
        for (text, list) in [
            (r#"{"$or":[{"a":{"prefix":"x"}},{"b":[1]}]}"#, r#"[{"prefix":"…"}]"#),
            (r#"{"$or":[{"a":{"numeric":[">",5]}},{"b":[1]}]}"#, r#"[{"numeric":[">",0]}]"#),
        ] {
            assert_help(text, "or-reserved-name", list);
        }
        // A field at the root is not meant as an operator.
        assert_help(r#"{"prefix":"x"}"#, "leaf-not-array", "put the value in a list");
        assert_help(r#"{"a":{"state":"x"}}"#, "leaf-not-array", "put the value in a list");
        assert_help(r#"{"$or":[{"prefix":["x"]},{"b":[1]}]}"#, "or-reserved-name", "rename the field");
    }

    #[test]
    fn help_shows_the_operator_of_the_fault() {
        for operator in ["prefix", "suffix", "wildcard", "cidr", "equals-ignore-case", "exactly"] {
            let text = format!("{{\"a\":[{{\"{operator}\":[\"x\",\"y\"]}}]}}");
            assert_help(
                &text,
                "argument-not-string",
                &format!("[{{\"{operator}\":\"…\"}},{{\"{operator}\":\"…\"}}]"),
            );
            let text = format!("{{\"a\":[{{\"{operator}\":5}}]}}");
            assert_help(&text, "argument-not-string", "in double quotes");
        }
        assert_help(r#"{"a":[{"anything-but":{"prefix":5}}]}"#, "argument-not-string", "in double quotes");
    }

    #[test]
    fn faults_of_numeric_have_helps_of_their_own() {
        for bounds in [r#"[">=",1,"<=",1]"#, r#"[">=",1,"<=",1.0]"#, r#"[">",1,"<",1]"#] {
            let text = format!("{{\"a\":[{{\"numeric\":{bounds}}}]}}");
            let error = Pattern::parse(&text).unwrap_err();
            assert_eq!(error.kind().to_string(), "the bounds leave no range of numbers");
            assert_eq!(error.help().unwrap(), "for one number write `[\"=\", 5]`");
        }
        let range = "numeric-empty-range";
        assert_help(r#"{"a":[{"numeric":[">",2,"<",1]}]}"#, range, "must be less");
        assert_help(r#"{"a":[{"numeric":[">",1.7976931348623157e308]}]}"#, range, "the greatest");
        for (list, part) in [
            (r#"[">","5"]"#, "without them"),
            (r#"[">",0,"<","5"]"#, "without them"),
            (r#"[">= 5"]"#, "apart"),
            (r#"[">=5"]"#, "apart"),
            (r#"["==",5]"#, "write `[\"=\", 5]`"),
            (r#"["!=",5]"#, "anything-but"),
            (r#"["<",1,">",0]"#, "the lower bound first"),
        ] {
            assert_help(&format!("{{\"a\":[{{\"numeric\":{list}}}]}}"), "numeric-syntax", part);
        }
        for text in ["inf", "nan", "+5", "1e"] {
            let (code, help) = refused(&format!("{{\"a\":[{{\"numeric\":[\">\",\"{text}\"]}}]}}"));
            assert_eq!((code, help.contains("without them")), ("numeric-syntax", false), "{help}");
        }
        assert_help(r#"{"a":[{"numeric":">5"}]}"#, "numeric-not-list", "apart");
        assert_help(r#"{"a":[{"numeric":5}]}"#, "numeric-not-list", "[\"=\", 5]");
        assert_help(r#"{"a":[{"exists":"true"}]}"#, "exists-not-boolean", "without them");
    }

    #[test]
    fn functions_of_templates_have_hints() {
        for (text, code) in [
            (r#"{"a":[{"Ref":"X"}]}"#, "unknown-operator"),
            (r#"{"a":{"Ref":"X"}}"#, "leaf-not-array"),
            (r#"{"a":[{"Fn::Sub":"${X}"}]}"#, "unknown-operator"),
            (r#"{"a":{"Fn::Sub":"${X}"}}"#, "leaf-not-array"),
            (r#"{"a":{"Fn::Join":["",["x"]]}}"#, "nested-list"),
            (r#"{"a":[{"prefix":{"Fn::GetAtt":["x","y"]}}]}"#, "unsupported-nesting"),
            (r#"{"a":[{"anything-but":[{"Ref":"X"}]}]}"#, "anything-but-operand"),
        ] {
            assert_help(text, code, "CloudFormation");
        }
        assert_help(r#"{"a":{"Condition":"x"}}"#, "leaf-not-array", "put the value in a list");
        assert_help("{\"a\":[!Sub x]}", "unexpected-character", "YAML");
        assert_help("{\"a\":!Ref x}", "unexpected-character", "YAML");
        assert_help("{\"a\":['x']}", "unexpected-character", "double quotes only");
        assert_help("{“a”:[1]}", "unexpected-character", "double quotes only");
        assert_help(r#"{\"a\":[1]}"#, "unexpected-character", "without the backslashes");
        assert_help("{\"a\":[1], // one\n}", "unexpected-character", "no comments");
    }

    #[test]
    fn names_of_other_languages_have_hints() {
        assert_help(r#"{"$and":[{"a":[1]},{"b":[2]}]}"#, "unknown-operator", "no `$and`");
        assert_help(r#"{"a":[{"$and":[{"prefix":"x"}]}]}"#, "unknown-operator", "no `$and`");
        assert_help(r#"{"or":[{"a":[1]},{"b":[2]}]}"#, "unknown-operator", "`\"$or\"`");
        assert_help(r#"{"a":[{"$or":[{"prefix":"x"}]}]}"#, "unknown-operator", "one list");
        assert_help(r#"{"a":{"$or":[{"prefix":"x"},{"suffix":"y"}]}}"#, "or-reserved-name", "one list");
        assert_help(r#"{"$or":["a","b"]}"#, "or-not-object", "one list");
        assert_help(r#"{"$or":{"a":[1],"b":[2]}}"#, "or-not-list", "`\"$or\":[{\"a\":[1]},{\"b\":[2]}]`");
        for (name, right) in [("Prefix", "prefix"), ("anything_but", "anything-but"), ("not", "anything-but")]
        {
            let text = format!("{{\"a\":[{{\"{name}\":\"x\"}}]}}");
            assert_help(&text, "unknown-operator", &format!("the operator is spelt `\"{right}\"`"));
        }
        assert_help(r#"{"a":[{"prefx":"x"}]}"#, "unknown-operator", "did you mean `\"prefix\"`?");
        assert_help(
            r#"{"a":[{"anything-but":{"Prefix":"x"}}]}"#,
            "unsupported-nesting",
            "spelt `\"prefix\"`",
        );
        assert_help(
            r#"{"a":[{"anything-but":{"exists":true}}]}"#,
            "unsupported-nesting",
            "takes values, or one of",
        );
        assert_help(
            r#"{"a":[{"anything-but":[{"prefix":"x"},{"prefix":"y"}]}]}"#,
            "anything-but-operand",
            r#"{"anything-but":{"prefix":["a","b"]}}"#,
        );
        // `anything-but` does not allow `exactly`, nor `prefix` any operator except one.
        let exactly = r#"{"a":[{"anything-but":{"Exactly":"x"}}]}"#;
        assert_help(exactly, "unsupported-nesting", "takes values, or one of");
        let suffix = refused(r#"{"a":[{"prefix":{"Suffix":"x"}}]}"#);
        assert_eq!(suffix.0, "unsupported-nesting");
        assert!(!suffix.1.contains("spelt"), "{}", suffix.1);
        assert_help(r#"{"a":[{"prefix":"x","suffix":"y"}]}"#, "multiple-operators", "wildcard");
    }

    #[test]
    fn json_inside_a_text_has_a_hint() {
        assert_help(r#""{\"a\":[1]}""#, "root-not-object", "JSON inside a text");
        assert_help(r#"{"detail":"{\"a\":[1]}"}"#, "leaf-not-array", "JSON inside a text");
        assert_help(r#"{"detail":" [\"x\"]"}"#, "leaf-not-array", "JSON inside a text");
        assert_help(r#"{"detail":"{x"}"#, "leaf-not-array", "JSON inside a text");
        assert_help(r#"{"detail":"x"}"#, "leaf-not-array", "put the value in a list");
    }
}
