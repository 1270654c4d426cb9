//! Quoted numbers and literals, if other rules compare the same field with numbers or literals.

use std::collections::HashMap;

use crate::id::RuleId;
use crate::json::number;
use crate::pattern::branch::{Field, fields};
use crate::pattern::form::Kinds;
use crate::pattern::{Pattern, ValueTest};

use super::codes::WarningKind;
use super::found::Found;

/// The paths that rules compare with numbers and with literals.
#[derive(Debug, Default)]
pub(super) struct RealKinds {
    numbers: Paths,
    literals: Paths,
}

/// For each path, the only rule with such a comparison, or `None` if there are several rules.
type Paths = HashMap<Box<[u8]>, Option<RuleId>>;

impl RealKinds {
    pub(super) fn add(&mut self, rule: RuleId, pattern: &Pattern) {
        for field in fields(pattern) {
            let has = |kinds| field.alternatives.iter().any(|other| other.test.form().kinds == kinds);
            for (paths, kinds) in [(&mut self.numbers, Kinds::Numbers), (&mut self.literals, Kinds::Literals)]
            {
                if has(kinds) {
                    let only = paths.entry(field.path.clone()).or_insert(Some(rule));
                    *only = only.filter(|only| *only == rule);
                }
            }
        }
    }

    /// Reports strings of a field that other rules compare with numbers or literals. A list that has
    /// such values too is meant to accept both.
    pub(super) fn quoted(&self, rule: RuleId, field: &Field<'_>, found: &mut Found<'_>) {
        let is_elsewhere = |paths: &Paths| paths.get(&field.path).is_some_and(|only| *only != Some(rule));
        let has = |kinds| field.alternatives.iter().any(|other| other.test.form().kinds == kinds);
        let numbers = is_elsewhere(&self.numbers) && !has(Kinds::Numbers);
        let literals = is_elsewhere(&self.literals) && !has(Kinds::Literals);
        if !numbers && !literals {
            return;
        }
        for alternative in field.alternatives {
            let ValueTest::String(text) = &alternative.test else { continue };
            let text = text.as_bytes();
            if numbers && number::is_valid(text) {
                found.add(WarningKind::QuotedNumber, alternative.span);
            }
            if literals && matches!(text, b"true" | b"false" | b"null") {
                found.add(WarningKind::QuotedLiteral, alternative.span);
            }
        }
    }
}
