//! Operators that are written where the name of a field is expected.

use crate::error::Operator;
use crate::pattern::{Alternative, Member, Object, ValueTest};

use super::codes::WarningKind;
use super::found::{Found, shown};

/// Reports objects whose only member is a field with the name of an operator. The list around the
/// operator is missing: `{"size":{"numeric":[">",5]}}` asks for a field `size.numeric`.
/// `detail` at the top is an object in every event, so its fields may have any name.
pub(super) fn operators_as_fields(root: &Object, found: &mut Found<'_>) {
    let mut open = vec![root];
    while let Some(parent) = open.pop() {
        for member in &parent.members {
            match member {
                Member::Nested { name: around, object } => {
                    let is_detail = around.text.as_bytes() == b"detail" && std::ptr::eq(parent, root);
                    if !is_detail
                        && let [field @ Member::Field { name, alternatives }] = object.members.as_slice()
                        && let Some(operator) = name.text.as_str().and_then(Operator::from_name)
                    {
                        let help = || meant(operator, alternatives, field);
                        found.add_help(WarningKind::OperatorAsField, name.span, help);
                    }
                    open.push(object);
                }
                Member::Or { alternatives, .. } => open.extend(alternatives),
                Member::Field { .. } => {}
            }
        }
    }
}

/// Returns the help: the operator with its operand, inside a list. An operator that takes no list is
/// shown with the first operand.
fn meant(operator: Operator, alternatives: &[Alternative], field: &Member) -> String {
    let is_value =
        |operand: &Alternative| matches!(operand.test, ValueTest::String(_) | ValueTest::Number(_));
    let takes_list = operator == Operator::Numeric
        || operator == Operator::AnythingBut && alternatives.iter().all(is_value);
    let meant = match alternatives {
        [operand, others @ ..] if !takes_list => {
            let others = if others.is_empty() { "" } else { ",…" };
            format!("{{\"{operator}\":{}}}{others}", shown(&operand.test))
        }
        _ => format!("{{{}}}", shown(field)),
    };
    format!("an operator is inside a list: `[{meant}]`")
}

#[cfg(test)]
mod tests {
    use crate::lint::lint;

    #[test]
    fn help_has_the_list() {
        let help = |pattern: &str| {
            let rules = [pattern.parse().unwrap()].into_iter().collect();
            let found = lint(&rules).into_iter().find(|warning| warning.code() == "operator-as-field");
            found.and_then(|warning| warning.help())
        };
        for (pattern, meant) in [
            (r#"{"detail":{"a":{"exists":[true]}}}"#, r#"[{"exists":true}]"#),
            (r#"{"detail":{"a":{"anything-but":["x"]}}}"#, r#"[{"anything-but":["x"]}]"#),
            (r#"{"a":{"numeric":[">",5]}}"#, r#"[{"numeric":[">",5]}]"#),
            (r#"{"a":{"prefix":["x","y"]}}"#, r#"[{"prefix":"x"},…]"#),
            (r#"{"a":{"anything-but":["x","y"]}}"#, r#"[{"anything-but":["x","y"]}]"#),
            (r#"{"a":{"anything-but":[{"prefix":"x"}]}}"#, r#"[{"anything-but":{"prefix":"x"}}]"#),
        ] {
            assert!(help(pattern).unwrap().contains(meant), "{pattern}");
        }
        // A field of this name beside others is a field.
        assert_eq!(help(r#"{"detail":{"a":{"prefix":["x"],"size":[1]}}}"#), None);
        assert_eq!(help(r#"{"detail":{"prefix":["x"]}}"#), None);
    }
}
