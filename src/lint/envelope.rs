//! The names at the top of a pattern, compared with the envelope of EventBridge events.
//!
//! A pattern need not be for an event bus: AWS Lambda and EventBridge Pipes filter records with
//! other members, and any program may have an envelope of its own. [`Envelope::of`] decides this
//! from the names of the rule, [`Census`] from the rules of the set.

use crate::error::Span;
use crate::pattern::walk::{Step, Walk};
use crate::pattern::{Alternative, Member, Object, Pattern, ValueTest};

use super::codes::WarningKind;
use super::found::Found;

/// The members of the envelope, and the name of the replay in events from an archive.
pub(super) const MEMBERS: [&str; 10] = [
    "version",
    "id",
    "detail-type",
    "source",
    "account",
    "time",
    "region",
    "resources",
    "detail",
    "replay-name",
];

/// Returns true if every event of a bus has a string in this member of the envelope.
pub(super) fn is_string(member: &[u8]) -> bool {
    !matches!(member, b"resources" | b"detail" | b"replay-name")
        && MEMBERS.iter().any(|name| name.as_bytes() == member)
}

/// Names at the top of records that are not events of a bus: of the sources of AWS Lambda and
/// EventBridge Pipes, of notifications, and of CloudEvents.
const OTHER_MEMBERS: [&str; 40] = [
    "Records",
    "Sns",
    "approximateArrivalTimestamp",
    "attributes",
    "awsRegion",
    "basicProperties",
    "body",
    "data",
    "data_base64",
    "datacontenttype",
    "dataschema",
    "dynamodb",
    "eventID",
    "eventName",
    "eventSource",
    "eventSourceARN",
    "eventTime",
    "eventType",
    "eventVersion",
    "headers",
    "httpMethod",
    "key",
    "kinesis",
    "md5OfBody",
    "messageAttributes",
    "messageID",
    "messageId",
    "offset",
    "partition",
    "partitionKey",
    "properties",
    "receiptHandle",
    "requestContext",
    "s3",
    "sequenceNumber",
    "specversion",
    "subject",
    "timestamp",
    "topic",
    "value",
];

/// The minimum number of rules for other envelopes in a set for other envelopes.
const CUSTOM_SET: usize = 8;

/// The envelope that a rule expects.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Envelope {
    /// The envelope of EventBridge: the rule names `detail` or `detail-type`.
    EventBridge,
    /// Probably the envelope of EventBridge: the rule names `source`, `resources` or `replay-name`,
    /// and none of [`OTHER_MEMBERS`].
    Probable,
    /// Another envelope.
    Other,
}

impl Envelope {
    pub(super) fn of(tops: &[Top<'_>]) -> Envelope {
        let has = |names: &[&str]| tops.iter().any(|top| names.contains(&top.first));
        if has(&["detail", "detail-type"]) {
            Envelope::EventBridge
        } else if has(&["source", "resources", "replay-name"]) && !has(&OTHER_MEMBERS) {
            Envelope::Probable
        } else {
            Envelope::Other
        }
    }
}

/// A name at the top of a pattern, also inside `$or`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Top<'p> {
    /// The name up to the first dot. Empty for names with an unpaired surrogate.
    pub(super) first: &'p str,
    pub(super) span: Span,
}

/// Returns the names at the top of a pattern, in the order of the text.
pub(super) fn tops(pattern: &Pattern) -> Vec<Top<'_>> {
    let (mut tops, mut depth) = (Vec::new(), 0_usize);
    for step in Walk::new(pattern.root()) {
        if let Step::Field { name, .. } | Step::Enter { name, .. } = step
            && depth == 0
        {
            let text = name.text.as_str().unwrap_or_default();
            tops.push(Top { first: text.split('.').next().unwrap_or_default(), span: name.span });
        }
        match step {
            Step::Enter { .. } => depth += 1,
            Step::Leave => depth -= 1,
            _ => {}
        }
    }
    tops
}

/// Counts the rules of a set by their envelopes.
#[derive(Debug, Default)]
pub(super) struct Census {
    event_bridge: usize,
    /// Rules without `detail` and `detail-type` that name a member which the envelope does not have.
    others: usize,
}

impl Census {
    pub(super) fn add(&mut self, tops: &[Top<'_>]) {
        if Envelope::of(tops) == Envelope::EventBridge {
            self.event_bridge += 1;
        } else if tops.iter().any(|top| !MEMBERS.contains(&top.first)) {
            self.others += 1;
        }
    }

    /// Returns true if the set is for other envelopes: at least [`CUSTOM_SET`] rules are, and more than
    /// the rules that name `detail` or `detail-type`.
    pub(super) fn is_custom_set(&self) -> bool {
        self.others >= CUSTOM_SET && self.others > self.event_bridge
    }
}

/// Reports names that the envelope does not have.
pub(super) fn unknown_members(tops: &[Top<'_>], custom_set: bool, found: &mut Found<'_>) {
    let envelope = Envelope::of(tops);
    for top in tops.iter().filter(|top| !top.first.is_empty() && !MEMBERS.contains(&top.first)) {
        let similar = similar(top.first);
        let is_reported = match (envelope, similar) {
            (Envelope::EventBridge, _) => true,
            (_, Some("detail" | "detail-type" | "source")) if is_respelt(top.first) => true,
            (Envelope::Probable, _) => !custom_set,
            (Envelope::Other, _) => false,
        };
        if !is_reported {
            continue;
        }
        match similar {
            Some(member) => found
                .add_help(WarningKind::UnknownMember, top.span, || format!("did you mean `\"{member}\"`?")),
            None => found.add(WarningKind::UnknownMember, top.span),
        }
    }
}

/// Returns the letters and digits of a name, in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns true if a name is a member but for case and punctuation, or is `details`.
fn is_respelt(name: &str) -> bool {
    let name = letters(name);
    name == "details" || MEMBERS.iter().any(|member| letters(member) == name)
}

/// Returns the member of the envelope that a name may be meant for.
fn similar(name: &str) -> Option<&'static str> {
    // The distance costs the product of the lengths.
    if name.len() > 40 {
        return None;
    }
    let name = letters(name);
    let distance = |member: &str| strsim::damerau_levenshtein(&letters(member), &name);
    let nearest = MEMBERS.into_iter().min_by_key(|member| distance(member))?;
    (distance(nearest) <= letters(nearest).len() / 5).then_some(nearest)
}

/// Names of the member that contains the pattern of a rule in other notations.
const WRAPPERS: [&str; 7] =
    ["EventPattern", "eventPattern", "event_pattern", "event-pattern", "pattern", "Pattern", "event"];

/// Reports a pattern that is an object of rules. Returns true if it is one.
///
/// All members at the top must be objects that look like patterns of EventBridge events, and none
/// may be a member of a known envelope.
pub(super) fn map_of_rules(root: &Object, found: &mut Found<'_>) -> bool {
    let is_alone = root.members.len() == 1;
    let is_rule = |member: &Member| match member {
        Member::Nested { name, object } => {
            let name = name.text.as_str().unwrap_or_default();
            let is_known = MEMBERS.contains(&name) || OTHER_MEMBERS.contains(&name) || name.contains('.');
            !is_known && (is_pattern(object, is_alone && !WRAPPERS.contains(&name)) || is_wrapped(object))
        }
        Member::Field { .. } | Member::Or { .. } => false,
    };
    if !root.members.iter().all(is_rule) {
        return false;
    }
    if let Some(Member::Nested { name, .. }) = root.members.first() {
        found.add(WarningKind::MapOfRules, name.span);
    }
    true
}

/// Returns true if a member of the object is a pattern under one of the names of [`WRAPPERS`].
fn is_wrapped(object: &Object) -> bool {
    object.members.iter().any(|member| match member {
        Member::Nested { name, object } => {
            WRAPPERS.contains(&name.text.as_str().unwrap_or_default()) && is_pattern(object, false)
        }
        Member::Field { .. } | Member::Or { .. } => false,
    })
}

/// Returns true if an object names members of the envelope. `source` is a common name: if the
/// object must be certain, the source must be an AWS service.
fn is_pattern(object: &Object, must_be_certain: bool) -> bool {
    object.members.iter().any(|member| match member {
        Member::Nested { name, .. } => name.text.as_str() == Some("detail"),
        Member::Field { name, alternatives } => match name.text.as_str() {
            Some("detail-type") => true,
            Some("source") => !must_be_certain || alternatives.iter().any(is_service),
            _ => false,
        },
        Member::Or { .. } => false,
    })
}

fn is_service(alternative: &Alternative) -> bool {
    match &alternative.test {
        ValueTest::String(text) | ValueTest::Prefix(text) => text.as_bytes().starts_with(b"aws."),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_respelt, similar};

    #[test]
    fn similar_names_lead_to_the_member() {
        for (name, member) in [
            ("details", Some("detail")),
            ("detailType", Some("detail-type")),
            ("DetailType", Some("detail-type")),
            ("detial-type", Some("detail-type")),
            ("Source", Some("source")),
            ("sorce", Some("source")),
            ("resource", Some("resources")),
            ("type", None),
            ("state", None),
            ("body", None),
            ("", None),
        ] {
            assert_eq!(similar(name), member, "{name}");
        }
        assert!(is_respelt("DETAIL_TYPE") && !is_respelt("sorce"));
    }
}
