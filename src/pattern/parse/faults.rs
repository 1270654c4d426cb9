//! All faults of a pattern. After a fault, the parser goes on after the value at fault.

use crate::error::{PatternError, PatternErrorKind, Span};
use crate::json::value_span;
use crate::pattern::ast::Pattern;
use crate::pattern::limits::PatternLimits;

use super::text::read;
use super::{Parser, Result};

/// The maximum number of faults that are collected.
const FAULTS: usize = 100;

impl Pattern {
    /// Returns all faults of a pattern in the order of the text, at most a hundred; none if the
    /// pattern is accepted. The first fault is the error of [`Pattern::parse_with`].
    ///
    /// A name, a value or an alternative has at most one fault. A fault of the JSON text is the last one, because the
    /// text after it has no certain meaning. Limits on whole patterns, such as the number of
    /// branches, are checked if there is no other fault. Takes time in proportion to the text.
    ///
    /// ```
    /// use galop::{Pattern, PatternLimits};
    ///
    /// let text = r#"{"source":"aws.ec2","detail":{"state":[{"prefx":"s"},{"sufix":"d"}]}}"#;
    /// let faults = Pattern::check(text, &PatternLimits::default());
    /// let codes: Vec<_> = faults.iter().map(|fault| fault.code()).collect();
    /// assert_eq!(codes, ["leaf-not-array", "unknown-operator", "unknown-operator"]);
    /// ```
    pub fn check(text: impl AsRef<[u8]>, limits: &PatternLimits) -> Vec<PatternError> {
        let (result, mut faults) = read(text.as_ref(), limits, Some(Vec::new()));
        // The fault that reaches the maximum is the result as well.
        if let Err(error) = result
            && faults.last() != Some(&error)
        {
            faults.push(error);
        }
        faults
    }
}

impl Parser<'_> {
    /// Collects a fault, after which the parser can go on. Returns the fault if it ends the parsing.
    pub(super) fn collect(&mut self, fault: PatternError) -> Result<()> {
        match &mut self.faults {
            Some(faults) if !matches!(fault.kind(), PatternErrorKind::Json(_)) => {
                faults.push(fault.clone());
                if faults.len() < FAULTS { Ok(()) } else { Err(fault) }
            }
            _ => Err(fault),
        }
    }

    /// Collects the fault of a value that begins at or after `start`, and goes on after the value.
    /// `depth` is the depth around the value. Returns the span of the value.
    pub(super) fn skip_value(&mut self, fault: PatternError, start: usize, depth: usize) -> Result<Span> {
        self.collect(fault)?;
        let span = value_span(self.lexer.text(), start)?;
        self.lexer.jump(span.end);
        self.depth = depth;
        Ok(span)
    }
}

#[cfg(test)]
mod tests {
    use super::FAULTS;
    use crate::{Pattern, PatternLimits};

    /// Returns the code and the start of each fault.
    fn faults(text: &str) -> Vec<(&'static str, usize)> {
        let limits = PatternLimits::default();
        let faults = Pattern::check(text, &limits);
        assert_eq!(faults.first().cloned(), Pattern::parse_with(text, &limits).err(), "{text}");
        faults.iter().map(|fault| (fault.code(), fault.span().start)).collect()
    }

    #[test]
    fn accepted_pattern_has_no_faults() {
        assert_eq!(faults(r#"{"a":[1,{"prefix":"x"}],"$or":[{"b":[2]},{"c":{"d":[3]}}]}"#), []);
    }

    #[test]
    fn every_field_and_alternative_has_its_fault() {
        assert_eq!(
            faults(
                r#"{"a":1,"b":[],"c":{},"d":[[1]],"e":{"f":"x","g":[{"x":1},2,{"y":{"z":[1]}}]},"h":[1]}"#
            ),
            [
                ("leaf-not-array", 5),
                ("empty-list", 11),
                ("empty-object", 18),
                ("nested-list", 26),
                ("leaf-not-array", 40),
                ("unknown-operator", 50),
                ("unknown-operator", 60),
            ]
        );
        assert_eq!(faults("{}"), [("empty-object", 0)]);
        assert_eq!(faults(r#"{"a":[{"prefix":"x","suffix":"y"},{},{"exists":1}]}"#).len(), 3);
    }

    #[test]
    fn every_part_of_or_has_its_fault() {
        assert_eq!(
            faults(r#"{"$or":[],"a":{"$or":1},"b":{"$or":[1,{"c":2}]},"d":{"$or":[{"e":[1]}]},"f":1}"#),
            [
                ("or-too-few", 7),
                ("or-not-list", 21),
                ("or-not-object", 36),
                ("leaf-not-array", 43),
                ("or-too-few", 59),
                ("leaf-not-array", 76),
            ]
        );
        let reserved = faults(r#"{"$or":[{"prefix":["x"]},{"a":{"suffix":1}}]}"#);
        assert_eq!(reserved, [("or-reserved-name", 9), ("or-reserved-name", 31), ("leaf-not-array", 40)]);
    }

    #[test]
    fn fault_of_json_is_the_last() {
        assert_eq!(
            faults(r#"{"a":1,"b":2,"c":[tru],"d":3}"#),
            [("leaf-not-array", 5), ("leaf-not-array", 11), ("invalid-literal", 18)]
        );
        assert_eq!(faults(r#"{"a":[[1,}],"b":2}"#), [("nested-list", 6), ("unexpected-character", 9)]);
        assert_eq!(faults(r#"{"a":1} x"#), [("leaf-not-array", 5), ("trailing-text", 8)]);
        assert_eq!(faults(r#"{"a":1"#), [("leaf-not-array", 5), ("unexpected-end", 6)]);
        assert_eq!(faults(r#"{"a":1,}"#), [("leaf-not-array", 5), ("unexpected-character", 7)]);
        let limits = PatternLimits::default();
        let codes: Vec<_> =
            Pattern::check(b"{\"a\":1,\"b\":\"\xff\"}", &limits).iter().map(|fault| fault.code()).collect();
        assert_eq!(codes, ["leaf-not-array", "invalid-utf8"]);
    }

    #[test]
    fn number_of_faults_is_bounded() {
        let fields: Vec<String> = (0..500).map(|n| format!("\"f{n}\":{n}")).collect();
        assert_eq!(faults(&format!("{{{}}}", fields.join(","))).len(), FAULTS);
        let limits = PatternLimits { values: 3, ..PatternLimits::default() };
        let found =
            Pattern::check(r#"{"a":[1,2,3,4,5,6],"b":[{"anything-but":[1,2,3,4,5]},2,3],"c":1}"#, &limits);
        let codes: Vec<_> = found.iter().map(|fault| fault.code()).collect();
        assert_eq!(codes, ["too-many-values", "too-many-values", "leaf-not-array"]);
    }

    #[test]
    fn depth_is_the_same_after_a_fault() {
        let deep = format!("{}1{}", "[".repeat(900), "]".repeat(900));
        let text =
            format!("{{\"a\":[{{\"prefix\":{deep}}}],\"b\":[{{\"numeric\":[[1]]}}],\"c\":{{\"d\":1}}}}");
        assert_eq!(faults(&text).len(), 3);
        let nested =
            format!("{}{{\"x\":1,\"y\":[{{}}],\"z\":[1]}}{}", "{\"a\":".repeat(990), "}".repeat(990));
        assert_eq!(faults(&nested).len(), 2);
    }

    #[test]
    fn first_fault_is_the_error_of_parsing() {
        let pieces = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"a\"",
            "\"$or\"",
            "\"prefix\"",
            "\"numeric\"",
            "1",
            "\">\"",
            "x",
            "{\"a\":[1]}",
        ];
        let mut state = 1_u64;
        for _ in 0..200_000 {
            let mut text = "{".to_owned();
            for _ in 0..8 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                text += pieces[(state >> 33) as usize % pieces.len()];
            }
            faults(&text);
        }
    }
}
