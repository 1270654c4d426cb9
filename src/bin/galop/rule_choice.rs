//! The rules of a command that the user has named.

use galop::Pattern;

use crate::Failure;
use crate::output::word;
use crate::rules::Rules;

/// Returns the rules with the ids, or all rules if there are no ids, in the order of the files.
pub(crate) fn chosen<'r>(rules: &'r Rules, ids: &[String]) -> Result<Vec<(&'r str, &'r Pattern)>, Failure> {
    if rules.len() == 0 && rules.unreadable == 0 {
        return Err(Failure::Input("there is no rule in these files".to_owned()));
    }
    for id in ids {
        if !rules.accepted.iter().any(|rule| rule.id == *id) {
            return Err(Failure::Input(unknown(id, rules.accepted.iter().map(|rule| &*rule.id))));
        }
    }
    let all = rules.accepted.iter().zip(rules.set.iter());
    let named = all.filter(|(rule, _)| ids.is_empty() || ids.contains(&rule.id));
    Ok(named.map(|(rule, (_, pattern))| (&*rule.id, pattern)).collect())
}

/// Returns the message for an id that no rule has, with the nearest id.
pub(crate) fn unknown<'r>(id: &str, ids: impl Iterator<Item = &'r str>) -> String {
    let message = format!("no rule has the id {}", word(id));
    match nearest(id, ids) {
        Some(near) => format!("{message}; did you mean {}?", word(near)),
        None => message,
    }
}

/// Returns the name that a misspelt one is probably meant to be.
pub(crate) fn nearest<'r>(name: &str, names: impl Iterator<Item = &'r str>) -> Option<&'r str> {
    let distances = names.map(|known| (strsim::osa_distance(name, known), known));
    let (distance, known) = distances.min_by_key(|(distance, _)| *distance)?;
    (distance <= name.chars().count().div_ceil(3).min(3)).then_some(known)
}
