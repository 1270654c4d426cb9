//! Conversions to [`Pattern`]: from text, and from values of `serde_json`.

use std::str::FromStr;

use crate::error::PatternError;

use super::Pattern;

/// The same as [`Pattern::parse`].
impl FromStr for Pattern {
    type Err = PatternError;

    fn from_str(text: &str) -> Result<Pattern, PatternError> {
        Pattern::parse(text)
    }
}

/// The same as [`Pattern::parse`].
impl TryFrom<&str> for Pattern {
    type Error = PatternError;

    fn try_from(text: &str) -> Result<Pattern, PatternError> {
        Pattern::parse(text)
    }
}

#[cfg(feature = "serde_json")]
mod value {
    use std::{fmt::Write, slice};

    use serde_json::{Value, map};

    use crate::error::PatternError;
    use crate::pattern::Pattern;

    /// Parses a pattern that a program has built, within the default
    /// [`PatternLimits`](crate::PatternLimits).
    ///
    /// The spans of the pattern and of an error count bytes of `value.to_string()`. The conversion
    /// takes time and memory in proportion to that text, and no stack for nesting. For other
    /// limits, pass the text to [`Pattern::parse_with`].
    ///
    /// ```
    /// use galop::Pattern;
    /// use serde_json::json;
    ///
    /// let (states, size) = (["stopped", "terminated"], 1_000);
    /// let value = json!({"detail": {"state": states, "size": [{"numeric": [">", size]}]}});
    /// assert_eq!(Pattern::try_from(&value)?.combinations(), 1);
    ///
    /// let value = json!({"detail": {"state": "stopped"}});
    /// let error = Pattern::try_from(&value).unwrap_err();
    /// assert_eq!(error.code(), "leaf-not-array");
    /// assert_eq!(&value.to_string()[error.span().start..error.span().end], r#""stopped""#);
    /// # Ok::<(), galop::PatternError>(())
    /// ```
    #[cfg_attr(docsrs, doc(cfg(feature = "serde_json")))]
    impl TryFrom<&Value> for Pattern {
        type Error = PatternError;

        fn try_from(value: &Value) -> Result<Pattern, PatternError> {
            Pattern::parse(&text(value))
        }
    }

    enum Open<'v> {
        Object(map::Iter<'v>),
        Array(slice::Iter<'v, Value>),
    }

    /// Returns the text of a value as `serde_json` writes it, which would take stack for each
    /// level.
    pub(super) fn text(value: &Value) -> String {
        let mut text = String::new();
        let mut open = Vec::new();
        begin(value, &mut text, &mut open);
        while let Some(innermost) = open.last_mut() {
            let (item, end) = match innermost {
                Open::Object(members) => (members.next().map(|(name, value)| (Some(name), value)), '}'),
                Open::Array(elements) => (elements.next().map(|value| (None, value)), ']'),
            };
            let Some((name, value)) = item else {
                text.push(end);
                open.pop();
                continue;
            };
            if !text.ends_with(['{', '[']) {
                text.push(',');
            }
            if let Some(name) = name {
                begin(&Value::String(name.clone()), &mut text, &mut Vec::new());
                text.push(':');
            }
            begin(value, &mut text, &mut open);
        }
        text
    }

    /// Appends a scalar, or the opening bracket of an object or array, which is pushed to `open`.
    fn begin<'v>(value: &'v Value, text: &mut String, open: &mut Vec<Open<'v>>) {
        match value {
            Value::Object(members) => {
                text.push('{');
                open.push(Open::Object(members.iter()));
            }
            Value::Array(elements) => {
                text.push('[');
                open.push(Open::Array(elements.iter()));
            }
            scalar => _ = write!(text, "{scalar}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::Pattern;

    const TEXT: &str = r#"{"a":[{"prefix":"x"},5],"b":{"c":[null]}}"#;

    #[test]
    fn every_conversion_reads_the_same() {
        assert_eq!(TEXT.parse::<Pattern>().map(|pattern| pattern.to_string()).as_deref(), Ok(TEXT));
        assert_eq!(Pattern::try_from(TEXT).map(|pattern| pattern.to_string()).as_deref(), Ok(TEXT));
        assert_eq!("{}".parse::<Pattern>().map(drop), Pattern::parse("{}").map(drop));
        assert_eq!(Pattern::try_from("{}").map(drop), Pattern::parse("{}").map(drop));
    }

    #[cfg(feature = "serde_json")]
    mod values {
        use serde_json::{Value, json};

        use super::TEXT;
        use crate::pattern::Pattern;
        use crate::pattern::convert::value::text;

        #[test]
        fn values_are_written_as_serde_json_writes_them() {
            for value in [
                json!({}),
                json!([]),
                json!(null),
                json!("é\n\"\u{1}😀"),
                json!({"a{": [{}, [], [1, -2.5, 1e300], "]"], "\t[": {"b": true, "c": {"d": false}}}),
                TEXT.parse().expect("JSON"),
            ] {
                assert_eq!(text(&value), value.to_string());
            }
        }

        /// The macro `json` would take stack for each level.
        fn around(value: Value) -> Value {
            Value::Object([("a".to_owned(), value)].into_iter().collect())
        }

        #[test]
        fn deep_values_are_errors() {
            let mut value = json!([1]);
            for _ in 0..100_000 {
                value = around(value);
            }
            assert_eq!(
                Pattern::try_from(&value).map(drop).map_err(|error| error.code()),
                Err("pattern-too-long")
            );
            // A value takes stack for each level when it is dropped.
            while let Value::Object(mut members) = value {
                value = members.remove("a").expect("each level has a member");
            }
            let mut value = json!([1]);
            for _ in 0..1_000 {
                value = around(value);
            }
            assert_eq!(Pattern::try_from(&value).map(drop).map_err(|error| error.code()), Err("too-deep"));
        }
    }
}
