//! The quotas of the service on the rules of an event bus.

use std::collections::BTreeMap;

use galop::pattern::{AnythingBut, Member, Object, ValueTest};

use crate::rules::Rules;

/// The maximum numbers of rules, and of rules with wildcards, on one event bus of the service.
pub(crate) const BUS_RULES: usize = 300;
pub(crate) const BUS_WILDCARD_RULES: usize = 30;

/// The rules of an event bus.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Bus {
    pub(crate) rules: usize,
    pub(crate) wildcard_rules: usize,
}

/// Returns the event buses by name. Rules without a named bus count as rules of one bus.
pub(crate) fn buses(rules: &Rules) -> BTreeMap<Option<&str>, Bus> {
    let mut buses: BTreeMap<Option<&str>, Bus> = BTreeMap::new();
    for (rule, (_, pattern)) in rules.accepted.iter().zip(rules.set.iter()) {
        let bus = buses.entry(rule.bus.as_deref()).or_default();
        bus.rules += 1;
        bus.wildcard_rules += usize::from(has_wildcard(pattern.root()));
    }
    buses
}

/// Returns true if a field has a wildcard. The recursion is bounded by the maximum depth of a
/// pattern.
fn has_wildcard(object: &Object) -> bool {
    object.members.iter().any(|member| match member {
        Member::Nested { object, .. } => has_wildcard(object),
        Member::Or { alternatives, .. } => alternatives.iter().any(has_wildcard),
        Member::Field { alternatives, .. } => alternatives.iter().any(|alternative| {
            matches!(
                alternative.test,
                ValueTest::Wildcard(_) | ValueTest::AnythingBut(AnythingBut::Wildcard(_))
            )
        }),
    })
}
