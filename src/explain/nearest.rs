//! The pair of an alternative and a value that is most alike.

use crate::pattern::ValueTest;

use super::tree::Near;

/// The maximum length in bytes of a text that is compared.
const LENGTH: usize = 64;

/// The maximum number of pairs of a field that are compared.
const PAIRS: usize = 1_000;

/// Returns the pair with the least edit distance. `values` has the decoded strings of a field, with
/// their indices.
pub(crate) fn nearest<'t>(
    tests: impl Iterator<Item = (usize, &'t ValueTest)>,
    values: &[(usize, String)],
) -> Option<Near> {
    let mut best: Option<Near> = None;
    let mut pairs = 0;
    for (alternative, test) in tests {
        let Some((text, part)) = operand(test) else { continue };
        if text.len() > LENGTH {
            continue;
        }
        for (value, whole) in values {
            pairs += 1;
            if pairs > PAIRS {
                return best;
            }
            let compared = part.of(whole, text.chars().count());
            if compared.len() > LENGTH {
                continue;
            }
            let distance = strsim::levenshtein(text, compared);
            if best.is_none_or(|best| distance < best.distance) {
                let length = text.chars().count().max(compared.chars().count());
                best = Some(Near { alternative, value: *value, distance, length });
            }
        }
    }
    best
}

/// The part of a value that is compared.
#[derive(Clone, Copy)]
enum Part {
    Whole,
    Beginning,
    End,
}

impl Part {
    fn of(self, text: &str, length: usize) -> &str {
        match self {
            Part::Whole => text,
            Part::Beginning => text.char_indices().nth(length).map_or(text, |(end, _)| &text[..end]),
            Part::End => {
                let skipped = text.chars().count().saturating_sub(length);
                text.char_indices().nth(skipped).map_or("", |(start, _)| &text[start..])
            }
        }
    }
}

/// Returns the operand of a test, and the part of a value that is compared with the operand.
fn operand(test: &ValueTest) -> Option<(&str, Part)> {
    let (text, part) = match test {
        ValueTest::String(text) | ValueTest::Exactly(text) | ValueTest::EqualsIgnoreCase(text) => {
            (text, Part::Whole)
        }
        ValueTest::Prefix(text) | ValueTest::PrefixIgnoreCase(text) => (text, Part::Beginning),
        ValueTest::Suffix(text) | ValueTest::SuffixIgnoreCase(text) => (text, Part::End),
        _ => return None,
    };
    Some((text.as_str()?, part))
}

#[cfg(test)]
mod tests {
    use super::nearest;
    use crate::explain::part::alternatives;
    use crate::pattern::Pattern;

    fn near(pattern: &str, values: &[&str]) -> Option<(usize, usize, usize)> {
        let pattern = Pattern::parse(pattern).unwrap();
        let tests = alternatives(&pattern).iter().map(|alternative| &alternative.test).enumerate();
        let values: Vec<_> = values.iter().map(|value| (*value).to_owned()).enumerate().collect();
        nearest(tests, &values).map(|near| (near.alternative, near.value, near.distance))
    }

    #[test]
    fn pair_with_the_least_distance_is_found() {
        assert_eq!(near(r#"{"a":["stopped","runing"]}"#, &["pending", "running"]), Some((1, 1, 1)));
        assert_eq!(near(r#"{"a":[{"prefix":"upload/"}]}"#, &["uploads/2026/a.csv"]), Some((0, 0, 1)));
        assert_eq!(near(r#"{"a":[{"suffix":".png"}]}"#, &["a.pgn"]), Some((0, 0, 2)));
        assert_eq!(near(r#"{"a":[5,{"wildcard":"x*"}]}"#, &["x"]), None);
        assert_eq!(near(r#"{"a":["x"]}"#, &[&"x".repeat(65)]), None);
        assert_eq!(near(r#"{"a":[{"suffix":""}]}"#, &["é"]), Some((0, 0, 0)));
    }
}
