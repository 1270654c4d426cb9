//! The rules and the fields that cost the most.
//!
//! The cost of a rule is a difference: the steps of the whole set, less the steps of the set without
//! the rule. Steps are counted by the matcher, so the difference has no noise. Rules share work, so
//! the costs of all rules do not add up to the whole, and a cost can be negative. The cost of a
//! field is the same difference, with `{"exists":true}` in place of its alternatives in every rule.
//!
//! A greedy search finds the costliest: parts of the set are left out, and the costliest parts are
//! divided again. A costly rule among cheap ones may be missed, if another part costs more.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use galop::error::Span;
use galop::pattern::{Member, Object};
use galop::{BuildError, MatcherBuilder, Pattern, RuleId, RuleSet, Scratch};
use serde::{Deserialize, Serialize};

use super::events::Workload;
use crate::rules::Rules;

/// The number of parts into which a part is divided.
const PARTS: usize = 16;

/// The number of parts that are divided again, and of rules and fields that are found.
const KEPT: usize = 5;

/// The number of events whose steps are counted.
const EVENTS: usize = 500;

/// The rules and fields that cost the most, costliest first.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(super) struct Costs {
    pub(super) rules: Vec<Share>,
    pub(super) fields: Vec<Share>,
    /// False if the time ended before the search did.
    pub(super) is_complete: bool,
}

/// The cost of a rule or a field.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Share {
    /// The id of the rule, or the path of the field.
    pub(super) name: String,
    /// The steps of one event.
    pub(super) steps: f64,
    /// The share of the steps of the set.
    pub(super) share: f64,
}

/// Finds the costliest rules and fields. The search for each of both takes at most about `time`.
pub(super) fn find(
    builder: &MatcherBuilder,
    rules: &Rules,
    workload: &Workload,
    time: Duration,
) -> Result<Costs, BuildError> {
    let mut meter = Meter { builder, workload, scratch: Scratch::new(), events: 0 };
    let total = meter.steps(&rules.set)?;
    let per_event = |meter: &Meter<'_>, name: String, cost: i64| Share {
        name,
        steps: cost as f64 / meter.events.max(1) as f64,
        share: cost as f64 / total.max(1) as f64,
    };

    let deadline = Instant::now() + time;
    let (costs, rules_complete) = costliest(rules.set.len(), deadline, |left_out| {
        let mut kept = vec![true; rules.set.len()];
        left_out.iter().for_each(|&rule| kept[rule] = false);
        let set: RuleSet = rules
            .set
            .iter()
            .filter(|(id, _)| kept[id.as_usize()])
            .map(|(_, pattern)| pattern.clone())
            .collect();
        Ok(total as i64 - meter.steps(&set)? as i64)
    })?;
    let of_rules =
        costs.into_iter().map(|(rule, cost)| per_event(&meter, rules.accepted[rule].id.clone(), cost));
    let of_rules: Vec<Share> = of_rules.collect();

    let fields = Fields::of(rules);
    let paths: Vec<&String> = fields.by_path.keys().collect();
    let deadline = Instant::now() + time;
    let (costs, fields_complete) = costliest(paths.len(), deadline, |left_out| {
        let set = fields.without(rules, left_out.iter().map(|&at| paths[at]));
        Ok(total as i64 - meter.steps(&set)? as i64)
    })?;
    let of_fields = costs.into_iter().map(|(at, cost)| per_event(&meter, paths[at].clone(), cost)).collect();
    Ok(Costs { rules: of_rules, fields: of_fields, is_complete: rules_complete && fields_complete })
}

/// Counts the steps of a rule set over some events.
struct Meter<'a> {
    builder: &'a MatcherBuilder,
    workload: &'a Workload,
    scratch: Scratch,
    events: usize,
}

impl Meter<'_> {
    fn steps(&mut self, rules: &RuleSet) -> Result<u64, BuildError> {
        let matcher = self.builder.build(rules)?;
        let stride = self.workload.len().div_ceil(EVENTS);
        let mut steps = 0;
        self.events = 0;
        for event in self.workload.iter().step_by(stride) {
            // Events that the whole set accepts can be too much work for a changed set. The steps
            // up to the limit count.
            let _ = matcher.matches(&mut self.scratch, event);
            steps += self.scratch.steps();
            self.events += 1;
        }
        Ok(steps)
    }
}

/// Returns the costliest of `count` items with their costs, and true if the search has ended before
/// the deadline. `cost` returns the cost of several items together.
fn costliest(
    count: usize,
    deadline: Instant,
    mut cost: impl FnMut(&[usize]) -> Result<i64, BuildError>,
) -> Result<(Vec<(usize, i64)>, bool), BuildError> {
    let mut parts: Vec<(Vec<usize>, i64)> = vec![((0..count).collect(), i64::MAX)];
    let mut is_complete = true;
    while parts.iter().any(|(items, _)| items.len() > 1) {
        let mut next = Vec::new();
        for (items, known) in parts {
            if items.len() <= 1 {
                next.push((items, known));
                continue;
            }
            for part in items.chunks(items.len().div_ceil(PARTS)) {
                if Instant::now() > deadline {
                    is_complete = false;
                    break;
                }
                next.push((part.to_vec(), cost(part)?));
            }
        }
        next.sort_by_key(|(_, cost)| std::cmp::Reverse(*cost));
        next.truncate(KEPT);
        parts = next;
        if !is_complete {
            break;
        }
    }
    if count == 1 && is_complete {
        let only = cost(&[0])?;
        return Ok((vec![(0, only)], true));
    }
    let found = parts.into_iter().filter(|(items, cost)| items.len() == 1 && *cost > 0);
    Ok((found.map(|(items, cost)| (items[0], cost)).collect(), is_complete))
}

/// The places of the alternatives of all fields, by path.
struct Fields {
    by_path: BTreeMap<String, Vec<(usize, Span)>>,
}

impl Fields {
    fn of(rules: &Rules) -> Fields {
        let mut by_path: BTreeMap<String, Vec<(usize, Span)>> = BTreeMap::new();
        for (id, pattern) in rules.set.iter() {
            each_field(pattern, |path, span| {
                by_path.entry(path).or_default().push((id.as_usize(), span));
            });
        }
        Fields { by_path }
    }

    /// Returns the rules with `{"exists":true}` in place of the alternatives on some paths.
    fn without<'p>(&self, rules: &Rules, paths: impl Iterator<Item = &'p String>) -> RuleSet {
        let mut changes: BTreeMap<usize, Vec<Span>> = BTreeMap::new();
        for path in paths {
            for &(rule, span) in &self.by_path[path] {
                changes.entry(rule).or_default().push(span);
            }
        }
        let changed = |rule: RuleId, pattern: &Pattern| match changes.get(&rule.as_usize()) {
            None => pattern.clone(),
            Some(spans) => {
                let text = replaced(&rules.accepted[rule.as_usize()].pattern.text, spans.clone());
                // The text differs from an accepted one only in alternatives that are valid.
                Pattern::parse_with(&text, rules.set.limits()).unwrap_or_else(|_| pattern.clone())
            }
        };
        rules.set.iter().map(|(rule, pattern)| changed(rule, pattern)).collect()
    }
}

/// Returns a pattern with `{"exists":true}` in place of the spans.
fn replaced(text: &str, mut spans: Vec<Span>) -> String {
    spans.sort_by_key(|span| std::cmp::Reverse(span.start));
    let mut text = text.to_owned();
    for span in spans {
        text.replace_range(span.start..span.end, r#"{"exists":true}"#);
    }
    text
}

/// Calls `found` with the path and the alternatives of each field of a pattern.
fn each_field(pattern: &Pattern, mut found: impl FnMut(String, Span)) {
    let mut open: Vec<(String, &Object)> = vec![(String::new(), pattern.root())];
    while let Some((prefix, object)) = open.pop() {
        let path = |name: &galop::pattern::Name| {
            let name = name.text.as_str().map_or_else(|| name.text.to_string(), str::to_owned);
            if prefix.is_empty() { name } else { format!("{prefix}.{name}") }
        };
        for member in &object.members {
            match member {
                Member::Nested { name, object } => open.push((path(name), object)),
                Member::Or { alternatives, .. } => {
                    open.extend(alternatives.iter().map(|object| (prefix.clone(), object)));
                }
                Member::Field { name, alternatives } => {
                    if let (Some(first), Some(last)) = (alternatives.first(), alternatives.last()) {
                        found(path(name), Span::new(first.span.start, last.span.end));
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use galop::Pattern;

    use super::{costliest, each_field, replaced};

    #[test]
    fn costliest_items_are_found() {
        let costs = |items: &[usize]| {
            Ok(items.iter().map(|item| if item % 101 == 7 { *item as i64 + 1000 } else { 1 }).sum())
        };
        let (found, is_complete) = costliest(1000, Instant::now() + Duration::from_secs(60), costs).unwrap();
        assert!(is_complete);
        assert_eq!(found[0], (7 + 101 * 9, 1916));
        assert_eq!(found.len(), 5);
        let (found, is_complete) = costliest(1, Instant::now() + Duration::from_secs(60), costs).unwrap();
        assert_eq!((found, is_complete), (vec![(0, 1)], true));
        let (_, is_complete) = costliest(1000, Instant::now() - Duration::from_secs(1), costs).unwrap();
        assert!(!is_complete);
    }

    #[test]
    fn alternatives_are_replaced_in_the_text() {
        let text = r#"{"a":{"b.c":[1, {"prefix":"x"}]},"$or":[{"d":["]"]},{"e":[null]}]}"#;
        let mut fields = Vec::new();
        each_field(&Pattern::parse(text).unwrap(), |path, span| fields.push((path, span)));
        fields.sort_by_key(|field| field.0.clone());
        let paths: Vec<&str> = fields.iter().map(|field| field.0.as_str()).collect();
        assert_eq!(paths, ["a.b.c", "d", "e"]);
        let all = replaced(text, fields.iter().map(|field| field.1).collect());
        let expected =
            r#"{"a":{"b.c":[{"exists":true}]},"$or":[{"d":[{"exists":true}]},{"e":[{"exists":true}]}]}"#;
        assert_eq!(all, expected);
    }
}
