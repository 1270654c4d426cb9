//! Lints that compare the fields of rules with a sample of events.

use std::collections::HashMap;

use crate::pattern::branch::{Field, fields};
use crate::pattern::form::Kinds;
use crate::pattern::{Alternative, ValueTest};
use crate::rules::RuleSet;

use super::codes::WarningKind;
use super::found::{Found, shown};
use super::profile::{EventProfile, SeenKinds};

/// A sample of events, and for each path of a rule that no event has, a similar path.
pub(super) struct Observed<'e> {
    profile: &'e EventProfile,
    /// The keys are the [`letters`] of a whole path, and those of its last name after a dot.
    similar: HashMap<String, Option<String>>,
}

impl<'e> Observed<'e> {
    pub(super) fn new(rules: &RuleSet, profile: &'e EventProfile) -> Observed<'e> {
        let mut similar = HashMap::new();
        for (_, pattern) in rules.iter() {
            for field in fields(pattern) {
                if profile.kinds(&field.path).is_none() {
                    similar.extend(keys(&field.path).map(|key| (key, None)));
                }
            }
        }
        if !similar.is_empty() {
            profile.for_each_path(|path| {
                for key in keys(path) {
                    if let Some(found @ None) = similar.get_mut(&key) {
                        *found = Some(String::from_utf8_lossy(path).into_owned());
                    }
                }
            });
        }
        Observed { profile, similar }
    }

    /// Reports a field without a value in the sample, or without a value of a kind that it accepts.
    pub(super) fn field(&self, field: &Field<'_>, found: &mut Found<'_>) {
        let waits_for_absence = |alternative: &Alternative| alternative.test == ValueTest::Exists(false);
        let waits_for_absence = field.alternatives.iter().any(waits_for_absence);
        match self.profile.kinds(&field.path) {
            _ if self.profile.events() == 0 => {}
            Some(kinds) if kinds.has_value() => self.kinds(field, kinds, found),
            _ if waits_for_absence || !self.profile.is_complete() => {}
            Some(_) => found.add_help(WarningKind::PathNotSeen, field.span, || {
                "the events have an object or an empty list here: name a field inside".to_owned()
            }),
            None => match keys(&field.path).find_map(|key| self.similar.get(&key)?.as_deref()) {
                Some(path) => found.add_help(WarningKind::PathNotSeen, field.span, || {
                    format!("did you mean `{}`?", shown(&path))
                }),
                None => found.add(WarningKind::PathNotSeen, field.span),
            },
        }
    }

    fn kinds(&self, field: &Field<'_>, seen: SeenKinds, found: &mut Found<'_>) {
        let mut first = None;
        for alternative in field.alternatives {
            let is_seen = match alternative.test.form().kinds {
                Kinds::Strings => seen.strings,
                Kinds::Numbers => seen.numbers,
                Kinds::Literals => seen.literals,
                Kinds::All => true,
                Kinds::Absence => continue,
            };
            if is_seen {
                return;
            }
            first.get_or_insert(alternative.span);
        }
        if let Some(span) = first {
            found.add_help(WarningKind::KindNotSeen, span, || format!("the events have {seen} here"));
        }
    }
}

/// Returns the keys of a path: of the whole path, and of its last name.
fn keys(path: &[u8]) -> impl Iterator<Item = String> {
    let text = String::from_utf8_lossy(path);
    let whole = letters(&text);
    let last = format!(".{}", letters(text.rsplit('.').next().unwrap_or_default()));
    [whole, last].into_iter()
}

/// Returns the letters, digits and dots of a path, in lower case.
fn letters(path: &str) -> String {
    path.chars().filter(|c| c.is_alphanumeric() || *c == '.').flat_map(char::to_lowercase).collect()
}
