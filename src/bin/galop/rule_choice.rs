//! The rules of a command that the user has named.

use galop::RuleId;

use crate::Failure;
use crate::output::word;
use crate::rules::Rules;

/// Returns the rules with the ids, in the order of the ids, or all rules if there are no ids.
pub(crate) fn chosen(rules: &Rules, ids: &[String]) -> Result<Vec<RuleId>, Failure> {
    if rules.len() == 0 && rules.unreadable == 0 {
        return Err(Failure::Input("there is no rule in these files".to_owned()));
    }
    let all = || rules.set.iter().map(|(rule, _)| rule);
    if ids.is_empty() {
        return Ok(all().collect());
    }
    let known = |rule: RuleId| rules.accepted[rule.as_usize()].id.as_str();
    let find = |id: &String| {
        let found = all().find(|&rule| known(rule) == id);
        found.ok_or_else(|| Failure::Input(unknown(id, all().map(known))))
    };
    ids.iter().map(find).collect()
}

/// Returns the message for an id that no rule has, with the nearest id.
pub(crate) fn unknown<'r>(id: &str, ids: impl Iterator<Item = &'r str>) -> String {
    let message = format!("no rule has the id {}", word(id));
    match nearest(id, ids) {
        Some(near) => format!("{message}; did you mean {}?", word(near)),
        None => message,
    }
}

/// Returns the name that a misspelt or shortened one is probably meant to be.
pub(crate) fn nearest<'r>(name: &str, names: impl Iterator<Item = &'r str>) -> Option<&'r str> {
    let most = name.chars().count().div_ceil(3).min(3);
    let is_start = |known: &str| !name.is_empty() && known.starts_with(name);
    let distances = names.map(|known| (strsim::osa_distance(name, known), known));
    let near = distances.filter(|(distance, known)| *distance <= most || is_start(known));
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}
