//! The rules of one tenant, as large as the default limits accept.

use std::collections::BTreeMap;

use galop::RuleSet;

use crate::workload::trial;

/// The maximum number of rules of one tenant.
pub(crate) const MOST_RULES: usize = 1_000;

/// The rules of a tenant, before any is refused.
pub(crate) struct Tenant {
    pub(crate) name: String,
    /// The number of rules.
    pub(crate) rules: usize,
    /// The size of each rule. Its unit differs from set to set. A rule of a smaller size is accepted if a
    /// larger one is.
    pub(crate) size: usize,
    /// Returns the rule with a number, in a size.
    pub(crate) rule: Box<dyn Fn(usize, usize) -> String>,
}

impl Tenant {
    pub(crate) fn new(
        name: impl Into<String>,
        rules: usize,
        size: usize,
        rule: impl Fn(usize, usize) -> String + 'static,
    ) -> Tenant {
        Tenant { name: name.into(), rules, size, rule: Box::new(rule) }
    }

    /// Adds the rules to a set, as far as the default limits accept them.
    ///
    /// Refused rules are replaced by more rules of the largest accepted size, until the total size is
    /// reached.
    pub(crate) fn fit(&self, set: &mut RuleSet) -> Fitted {
        let (rules, size) = if trial() {
            // A small size may be an exponent.
            (self.rules.min(20), if self.size > 40 { 40 } else { (self.size / 4).max(1) })
        } else {
            (self.rules, self.size)
        };
        let mut fitted = Fitted { rules: Vec::new(), refused: BTreeMap::new(), size };
        for number in 0..rules {
            fitted.add((self.rule)(number, size), set);
        }
        let missing = rules - fitted.rules.len();
        if missing == 0 {
            return fitted;
        }
        // If even the size 1 is refused, nothing is filled up.
        let (mut accepted, mut refused) = (0, size);
        while refused - accepted > 1 {
            let middle = accepted + (refused - accepted) / 2;
            match RuleSet::new().add(&(self.rule)(rules, middle)) {
                Ok(_) => accepted = middle,
                Err(_) => refused = middle,
            }
        }
        if accepted > 0 {
            fitted.size = accepted;
            let most = MOST_RULES.max(rules) - fitted.rules.len();
            for number in (rules..).take((missing * size).div_ceil(accepted).min(most)) {
                fitted.add((self.rule)(number, accepted), set);
            }
        }
        fitted
    }
}

/// The accepted rules.
pub(crate) struct Fitted {
    pub(crate) rules: Vec<String>,
    /// The number of refused rules by the code of the error.
    pub(crate) refused: BTreeMap<&'static str, usize>,
    /// The size of the last accepted rules.
    pub(crate) size: usize,
}

impl Fitted {
    fn add(&mut self, rule: String, set: &mut RuleSet) {
        match set.add(&rule) {
            Ok(_) => self.rules.push(rule),
            Err(error) => *self.refused.entry(error.code()).or_default() += 1,
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        self.rules.iter().map(String::len).sum()
    }

    /// The refused rules as a note for the table.
    pub(crate) fn refusals(&self) -> String {
        let refusals: Vec<String> =
            self.refused.iter().map(|(code, count)| format!("{count} {code}, now {}", self.size)).collect();
        refusals.join("; ")
    }
}

/// Returns items with commas between them: at least one, and no more than the bytes allow.
pub(crate) fn list(bytes: usize, item: impl Fn(usize) -> String) -> String {
    let mut text = item(0);
    for at in 1.. {
        let next = item(at);
        if text.len() + 1 + next.len() > bytes {
            break;
        }
        text.push(',');
        text.push_str(&next);
    }
    text
}

/// Returns `count` items with commas between them.
pub(crate) fn items(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

/// The fields with strings that every ordinary event has.
pub(crate) const ENVELOPE: [&str; 7] =
    ["version", "id", "detail-type", "source", "account", "time", "region"];

/// Returns a field of the envelope in turns, and the number of the turn.
pub(crate) fn envelope(number: usize) -> (&'static str, usize) {
    (ENVELOPE[number % ENVELOPE.len()], number / ENVELOPE.len())
}

/// Returns a rule with the tests on the field, which fails by its version for all ordinary events.
pub(crate) fn unmet(field: &str, test: &str, number: usize) -> String {
    format!(r#"{{"{field}":[{test}],{}}}"#, other_version(number))
}

/// Returns a field test that all ordinary events fail. The compiler cannot predict the failure.
pub(crate) fn other_version(number: usize) -> String {
    format!(r#""version":[{{"anything-but":["0","{number}"]}}]"#)
}
