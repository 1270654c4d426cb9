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
    similar: HashMap<String, Similar>,
}

/// The paths of the sample with a key.
#[derive(Clone, Debug, Default)]
struct Similar {
    count: usize,
    /// One of the paths.
    path: String,
}

impl<'e> Observed<'e> {
    pub(super) fn new(rules: &RuleSet, profile: &'e EventProfile) -> Observed<'e> {
        let mut similar = HashMap::new();
        for (_, pattern) in rules.iter() {
            for field in fields(pattern) {
                if profile.kinds(&field.path).is_none() {
                    similar.extend(keys(&field.path).map(|key| (key, Similar::default())));
                }
            }
        }
        if !similar.is_empty() {
            profile.for_each_path(|path| {
                for key in keys(path) {
                    let Some(similar) = similar.get_mut(&key) else { continue };
                    similar.count += 1;
                    if similar.count == 1 {
                        similar.path = String::from_utf8_lossy(path).into_owned();
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
            None => match self.similar(field) {
                Some(help) => found.add_help(WarningKind::PathNotSeen, field.span, || help),
                None => found.add(WarningKind::PathNotSeen, field.span),
            },
        }
    }

    /// Returns the help that names similar paths of the sample: the path in another spelling, or the
    /// name at another level.
    fn similar(&self, field: &Field<'_>) -> Option<String> {
        let similar =
            keys(&field.path).find_map(|key| self.similar.get(&key).filter(|same| same.count > 0))?;
        let path = shown(&similar.path);
        Some(match similar.count {
            1 => format!("did you mean `{path}`?"),
            count => format!("the name occurs at {count} other places, such as `{path}`"),
        })
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
