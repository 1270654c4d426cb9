//! The printer: JSON without white space. Members keep their order, and names and values their
//! nesting.

use std::fmt::{self, Display, Formatter};

use super::ast::{Alternative, AnythingBut, Member, NumericRange, Object, Pattern, ValueTest};
use super::walk::{Step, Walk};

impl Display for Pattern {
    /// Writes the pattern as one line of JSON. Parsing the line yields the same pattern.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.root.fmt(f)
    }
}

impl Display for Object {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        let mut is_first = true;
        for step in Walk::new(self) {
            let follows = matches!(
                step,
                Step::Field { .. } | Step::Enter { .. } | Step::Or { .. } | Step::Alternative { .. }
            );
            if follows && !is_first {
                f.write_str(",")?;
            }
            is_first = false;
            match step {
                Step::Field { name, alternatives } => {
                    write!(f, "{}:", name.text)?;
                    list(f, alternatives)?;
                }
                Step::Enter { name, .. } => write!(f, "{}:{{", name.text)?,
                Step::Or { .. } => f.write_str("\"$or\":[")?,
                Step::Alternative { .. } => f.write_str("{")?,
                Step::Leave | Step::EndAlternative => f.write_str("}")?,
                Step::EndOr => f.write_str("]")?,
            }
            if matches!(step, Step::Enter { .. } | Step::Or { .. } | Step::Alternative { .. }) {
                is_first = true;
            }
        }
        f.write_str("}")
    }
}

impl Display for Member {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Member::Nested { name, object } => write!(f, "{}:{object}", name.text),
            Member::Field { name, alternatives } => {
                write!(f, "{}:", name.text)?;
                list(f, alternatives)
            }
            Member::Or { alternatives, .. } => {
                f.write_str("\"$or\":")?;
                list(f, alternatives)
            }
        }
    }
}

impl Display for Alternative {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.test.fmt(f)
    }
}

impl Display for ValueTest {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let form = self.form();
        for operator in form.operators {
            write!(f, "{{\"{operator}\":")?;
        }
        form.operand.fmt(f)?;
        form.operators.iter().try_for_each(|_| f.write_str("}"))
    }
}

impl Display for NumericRange {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        for (at, (comparison, number)) in self.comparisons().enumerate() {
            write!(f, "{}\"{comparison}\",{number}", if at > 0 { "," } else { "" })?;
        }
        f.write_str("]")
    }
}

impl Display for AnythingBut {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            AnythingBut::Strings(texts) => one_or_list(f, texts),
            AnythingBut::Numbers(numbers) => one_or_list(f, numbers),
            AnythingBut::Prefix(texts) => operator(f, "prefix", texts),
            AnythingBut::Suffix(texts) => operator(f, "suffix", texts),
            AnythingBut::EqualsIgnoreCase(texts) => operator(f, "equals-ignore-case", texts),
            AnythingBut::Wildcard(wildcards) => operator(f, "wildcard", wildcards),
        }
    }
}

fn operator(f: &mut Formatter<'_>, name: &str, operands: &[impl Display]) -> fmt::Result {
    write!(f, "{{\"{name}\":")?;
    one_or_list(f, operands)?;
    f.write_str("}")
}

fn one_or_list(f: &mut Formatter<'_>, items: &[impl Display]) -> fmt::Result {
    match items {
        [one] => one.fmt(f),
        _ => list(f, items),
    }
}

fn list(f: &mut Formatter<'_>, items: &[impl Display]) -> fmt::Result {
    f.write_str("[")?;
    commas(f, items)?;
    f.write_str("]")
}

fn commas(f: &mut Formatter<'_>, items: &[impl Display]) -> fmt::Result {
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            f.write_str(",")?;
        }
        item.fmt(f)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use crate::error::Operator;
    use crate::pattern::Pattern;
    use crate::pattern::ast::Member;
    use crate::pattern::limits::{Extensions, PatternLimits};

    /// Every form of an alternative, in the spelling in which it is printed, and its operator.
    const ALTERNATIVES: [(&str, Option<Operator>); 26] = [
        (r#""x\ny""#, None),
        ("1e5", None),
        ("true", None),
        ("false", None),
        ("null", None),
        (r#"{"exactly":"x"}"#, Some(Operator::Exactly)),
        (r#"{"prefix":"x"}"#, Some(Operator::Prefix)),
        (r#"{"prefix":{"equals-ignore-case":"x"}}"#, Some(Operator::Prefix)),
        (r#"{"suffix":"x"}"#, Some(Operator::Suffix)),
        (r#"{"suffix":{"equals-ignore-case":"x"}}"#, Some(Operator::Suffix)),
        (r#"{"equals-ignore-case":"x"}"#, Some(Operator::EqualsIgnoreCase)),
        (r#"{"wildcard":"x*"}"#, Some(Operator::Wildcard)),
        (r#"{"numeric":["=",5]}"#, Some(Operator::Numeric)),
        (r#"{"numeric":["<",5]}"#, Some(Operator::Numeric)),
        (r#"{"numeric":["<=",5]}"#, Some(Operator::Numeric)),
        (r#"{"numeric":[">",5,"<=",6.0]}"#, Some(Operator::Numeric)),
        (r#"{"numeric":[">=",-5,"<",6]}"#, Some(Operator::Numeric)),
        (r#"{"cidr":"10.0.0.0/8"}"#, Some(Operator::Cidr)),
        (r#"{"exists":true}"#, Some(Operator::Exists)),
        (r#"{"regexp":"x|y"}"#, Some(Operator::Regexp)),
        (r#"{"anything-but":"x"}"#, Some(Operator::AnythingBut)),
        (r#"{"anything-but":[1,2]}"#, Some(Operator::AnythingBut)),
        (r#"{"anything-but":{"prefix":["x","y"]}}"#, Some(Operator::AnythingBut)),
        (r#"{"anything-but":{"suffix":"x"}}"#, Some(Operator::AnythingBut)),
        (r#"{"anything-but":{"equals-ignore-case":"x"}}"#, Some(Operator::AnythingBut)),
        (r#"{"anything-but":{"wildcard":"*"}}"#, Some(Operator::AnythingBut)),
    ];

    #[test]
    fn compact_pattern_is_printed_unchanged() {
        let alternatives = ALTERNATIVES.map(|(alternative, _)| alternative).join(",");
        let text = format!(r#"{{"a":[{alternatives}],"b":{{"$or":[{{"c":[1]}},{{"d":[2],"é":[3]}}]}}}}"#);
        let limits = PatternLimits { extensions: Extensions::ALL, ..PatternLimits::default() };
        let pattern = Pattern::parse_with(&text, &limits).unwrap();
        assert_eq!(pattern.to_string(), text);
        let Member::Field { alternatives, .. } = &pattern.root().members[0] else { panic!("{text}") };
        let operators: Vec<_> = alternatives.iter().map(|alternative| alternative.test.operator()).collect();
        assert_eq!(operators, ALTERNATIVES.map(|(_, operator)| operator));
    }

    #[test]
    fn printed_pattern_is_compact() {
        let pattern = r#" { "a" : [ {"anything-but": ["x"]}, "\u0041" ] } "#;
        assert_eq!(Pattern::parse(pattern).unwrap().to_string(), r#"{"a":[{"anything-but":"x"},"A"]}"#);
    }
}
