//! Warnings about valid patterns that probably have a mistake.
//!
//! ```
//! let mut rules = galop::RuleSet::new();
//! let text = r#"{"source":["aws.ec2"],"source":["aws.s3"]}"#;
//! rules.add(text)?;
//!
//! let warnings = galop::lint::lint(&rules);
//! assert_eq!(warnings[0].code(), "duplicate-key");
//! assert_eq!(&text[warnings[0].span().start..warnings[0].span().end], r#""source""#);
//! # Ok::<(), galop::PatternError>(())
//! ```
//!
//! # Lints
//!
//! Each lint has a code, and [`Lints`] sets its level by the code. The documentation of each kind has
//! an example. Lints of the second part of the table compare the rules of a set, those of the third
//! part compare rules with a sample of events.
//!
//! | code | example | reason |
//! |---|---|---|
//! | [`duplicate-key`](WarningKind::DuplicateKey) | `{"a":[1],"a":[2]}` | the first has no effect |
//! | [`dotted-key`](WarningKind::DottedKey) | `{"a":{"b":[1]},"a.c":[2]}` | both are one object |
//! | [`empty-range`](WarningKind::EmptyRange) | `{"numeric":[">",1,"<",1.0000000000000002]}` | no number lies between |
//! | [`envelope-field`](WarningKind::EnvelopeField) | `{"account":[111122223333]}` | the account is a string |
//! | [`map-of-rules`](WarningKind::MapOfRules) | `{"on-start":{"source":["aws.ec2"]}}` | rules are not a pattern |
//! | [`operator-as-field`](WarningKind::OperatorAsField) | `{"a":{"prefix":["b"]}}` | an operator is inside a list |
//! | [`always-true`](WarningKind::AlwaysTrue) | `[{"exists":true},{"exists":false}]` | the field holds for every event |
//! | [`covered-alternative`](WarningKind::CoveredAlternative) | `["abc",{"prefix":"a"}]` | `"abc"` has no effect |
//! | [`meant-as-and`](WarningKind::MeantAsAnd) | `[{"prefix":"in/"},{"suffix":".png"}]` | one of them is enough |
//! | [`quoted-pattern`](WarningKind::QuotedPattern) | `["{\"prefix\":\"a\"}"]` | it is compared as text |
//! | [`star-in-text`](WarningKind::StarInText) | `["in/*"]` | only `wildcard` reads `*` as any text |
//! | [`needless-wildcard`](WarningKind::NeedlessWildcard) | `[{"wildcard":"in/*"}]` | a prefix is the same |
//! | [`dynamodb-type`](WarningKind::DynamodbType) | `{"NewImage":{"n":{"N":[5]}}}` | `N` contains a string |
//! | [`cidr-host-bits`](WarningKind::CidrHostBits) | `[{"cidr":"10.0.0.5/24"}]` | the last byte is ignored |
//! | [`blank-ends`](WarningKind::BlankEnds) | `["aws.ec2 "]` | the blank is compared |
//! | [`account-id`](WarningKind::AccountId) | `{"account":["1234"]}` | an account id has 12 digits |
//! | | | |
//! | [`unknown-member`](WarningKind::UnknownMember) | `{"details":{"a":[1]}}` | `detail` is meant |
//! | [`quoted-number`](WarningKind::QuotedNumber) | `["404"]` | other rules compare the field with numbers |
//! | [`quoted-literal`](WarningKind::QuotedLiteral) | `["true"]` | other rules compare the field with literals |
//! | [`same-pattern`](WarningKind::SamePattern) | | an earlier rule has the same pattern |
//! | | | |
//! | [`path-not-seen`](WarningKind::PathNotSeen) | | no event of the sample has a value there |
//! | [`kind-not-seen`](WarningKind::KindNotSeen) | | the values of the sample are of other kinds |
//!
//! # Envelopes
//!
//! A rule is for events of an EventBridge bus if it names `detail` or `detail-type` at the top.
//! Without them, a rule with `source`, `resources` or `replay-name` is for a bus too, unless it names a
//! member of another known envelope: of the sources of AWS Lambda and EventBridge Pipes (`body`,
//! `dynamodb`, `eventName`, `data`, …), or of CloudEvents (`subject`, `specversion`, …). Any other rule
//! is for an envelope of its own. There, only `detail`, `detail-type` and `source` in another spelling
//! are reported as `unknown-member`. A set is for another envelope if at least eight rules name unknown
//! members and neither `detail` nor `detail-type`, and fewer rules name `detail` or `detail-type`.
//!
//! # Complexity
//!
//! For texts of *n* bytes after the expansion of `$or`, the time is *n* log *n*. Lists of alternatives
//! are sorted, and everything else is looked up in hash tables. Each field, name and alternative has at
//! most one warning of each kind. Wildcards and `anything-but` are compared with the other alternatives of their
//! list; after the first 16 of a list, no more are compared.

mod codes;
mod cover;
mod envelope;
mod found;
mod impossible;
mod kind;
mod lists;
mod observed;
mod operator_field;
mod options;
mod profile;
mod quoted;
mod row;
mod same;
mod table;
mod values;
mod warning;

use std::collections::HashSet;

use crate::pattern::branch::{Branches, EXPANSION_BUDGET, expand};
use crate::pattern::{Member, Object};
use crate::rules::RuleSet;

use envelope::{Census, Envelope};
use found::Found;
use observed::Observed;
use quoted::RealKinds;
use same::Patterns;

pub use codes::WarningKind;
pub use options::{Lints, UnknownLint};
pub use profile::EventProfile;
pub use row::{Level, Needs};
pub use warning::Warning;

/// Returns the warnings about a rule set with the default [`Lints`], in the order of the rules. The
/// warnings of one rule are in the order of the text.
///
/// `$or`s are expanded as in [`MatcherBuilder::build`](crate::MatcherBuilder::build).
#[must_use]
pub fn lint(rules: &RuleSet) -> Vec<Warning> {
    lint_with(rules, &Lints::new())
}

/// Returns the warnings of some lints about a rule set, as [`lint`] does. Lints that need events are
/// silent.
#[must_use]
pub fn lint_with(rules: &RuleSet, lints: &Lints) -> Vec<Warning> {
    run(rules, lints, None)
}

/// Returns the warnings of some lints about a rule set, as [`lint_with`] does. The rules are also
/// compared with a sample of events.
///
/// A sample should have an event for each rule: a rule for events that the sample does not have is
/// reported too. A profile without events is silent.
#[must_use]
pub fn lint_with_events(rules: &RuleSet, lints: &Lints, events: &EventProfile) -> Vec<Warning> {
    run(rules, lints, Some(events))
}

fn run(rules: &RuleSet, lints: &Lints, events: Option<&EventProfile>) -> Vec<Warning> {
    let mut census = Census::default();
    let mut real = RealKinds::default();
    for (rule, pattern) in rules.iter() {
        census.add(&envelope::tops(pattern));
        real.add(rule, pattern);
    }
    let custom_set = census.is_custom_set();
    let observed = events.map(|profile| Observed::new(rules, profile));
    let mut patterns = Patterns::new(rules);
    let mut warnings = Vec::new();
    for (rule, pattern) in rules.iter() {
        let mut found = Found::new(lints, rule);
        let root = pattern.root();
        let expansion = expand(pattern, EXPANSION_BUDGET);
        duplicate_keys(&expansion, &mut found);
        impossible::impossible_fields(&expansion, &mut found);
        dotted_keys(root, &mut found);
        operator_field::operators_as_fields(root, &mut found);
        values::names(root, &mut found);
        if found.wants(&[WarningKind::SamePattern]) {
            patterns.compare(rule, pattern, &mut found);
        }
        let tops = envelope::tops(pattern);
        let is_for_bus = Envelope::of(&tops) != Envelope::Other;
        if !envelope::map_of_rules(root, &mut found) {
            envelope::unknown_members(&tops, custom_set, &mut found);
        }
        for field in &expansion.fields {
            lists::alternatives(field, is_for_bus && expansion.fields.len() > 1, &mut found);
            values::texts(field, &mut found);
            values::dynamodb_types(field, &mut found);
            real.quoted(rule, field, &mut found);
            if *field.path == *b"account" {
                values::account_ids(field, &mut found);
            }
            if let Some(observed) = &observed {
                observed.field(field, &mut found);
            }
        }
        warnings.append(&mut found.sorted());
    }
    warnings
}

/// Reports fields that are in no branch.
fn duplicate_keys(expansion: &Branches<'_>, found: &mut Found<'_>) {
    let mut kept = vec![false; expansion.fields.len()];
    let alternatives = expansion.choices.iter().flat_map(|choice| &choice.alternatives);
    for &field in expansion.branches.iter().chain(alternatives).flat_map(|branch| &branch.fields) {
        kept[field as usize] = true;
    }
    let lost = expansion.fields.iter().zip(kept).filter(|(_, kept)| !kept);
    for (field, _) in lost {
        found.add(WarningKind::DuplicateKey, field.span);
    }
}

/// Reports names with dots whose first part names an object beside them.
fn dotted_keys(root: &Object, found: &mut Found<'_>) {
    let mut open = vec![root];
    while let Some(object) = open.pop() {
        dotted_keys_of(object, found);
        for member in &object.members {
            match member {
                Member::Nested { object, .. } => open.push(object),
                Member::Or { alternatives, .. } => open.extend(alternatives),
                Member::Field { .. } => {}
            }
        }
    }
}

/// Reports the dotted names of one object.
fn dotted_keys_of(object: &Object, found: &mut Found<'_>) {
    let nested: HashSet<&[u8]> = object
        .members
        .iter()
        .filter_map(|member| match member {
            Member::Nested { name, .. } => Some(name.text.as_bytes()),
            _ => None,
        })
        .collect();
    // A prefix is hashed only if a nested name has its length: a name may be nothing but dots.
    let lengths: HashSet<usize> = nested.iter().map(|name| name.len()).collect();
    for member in &object.members {
        let (Member::Nested { name, .. } | Member::Field { name, .. }) = member else { continue };
        let text = name.text.as_bytes();
        let mut dots = memchr::memchr_iter(b'.', text);
        if dots.any(|at| lengths.contains(&at) && nested.contains(&text[..at])) {
            found.add(WarningKind::DottedKey, name.span);
        }
    }
}
