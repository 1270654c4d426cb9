//! The rules of one tenant, as many and as large as the library accepts.

use std::collections::BTreeMap;

use galop::RuleSet;

use crate::workload::trial;

/// The most rules of a tenant.
pub(crate) const MOST_RULES: usize = 1_000;

/// What a tenant would like to add.
pub(crate) struct Tenant {
    pub(crate) name: String,
    /// How many rules.
    pub(crate) rules: usize,
    /// How large each is: a smaller one is never refused where a larger one is accepted. What it counts depends on the set.
    pub(crate) size: usize,
    /// The rule of a number, in a size.
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

    /// The rules that a set accepts with the default limits; they are added to `set`.
    ///
    /// Rules that are refused are made smaller and more, until the set holds as much as the tenant would like to add.
    pub(crate) fn fit(&self, set: &mut RuleSet) -> Fitted {
        let (rules, size) = if trial() {
            // Of a few things there may be as many combinations as two to their power.
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
        // The least size may be refused as well, and then nothing is filled up.
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

/// Rules that are accepted.
pub(crate) struct Fitted {
    pub(crate) rules: Vec<String>,
    /// How many were refused, by the code of the error.
    pub(crate) refused: BTreeMap<&'static str, usize>,
    /// The size of the last ones.
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

    /// What was refused, for the table.
    pub(crate) fn refusals(&self) -> String {
        let refusals: Vec<String> =
            self.refused.iter().map(|(code, count)| format!("{count} {code}, now {}", self.size)).collect();
        refusals.join("; ")
    }
}

/// Items of a list up to so many bytes, at least one.
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

/// So many items of a list.
pub(crate) fn items(count: usize, item: impl Fn(usize) -> String) -> String {
    (0..count).map(item).collect::<Vec<_>>().join(",")
}

/// The fields that every event has, each with a string.
pub(crate) const ENVELOPE: [&str; 7] =
    ["version", "id", "detail-type", "source", "account", "time", "region"];

/// One field of the envelope after the other, and the number of the turn.
pub(crate) fn envelope(number: usize) -> (&'static str, usize) {
    (ENVELOPE[number % ENVELOPE.len()], number / ENVELOPE.len())
}

/// A rule with this test, which matches no ordinary event, since those have one version; no other field tells so.
pub(crate) fn unmet(field: &str, test: &str, number: usize) -> String {
    format!(r#"{{"{field}":[{test}],{}}}"#, other_version(number))
}

/// A field that no ordinary event satisfies, and that looks as if most did.
pub(crate) fn other_version(number: usize) -> String {
    format!(r#""version":[{{"anything-but":["0","{number}"]}}]"#)
}
