//! The member `replay-name`, which the service adds to the events of a replay.

use std::fmt;

use memchr::memmem;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::output::json_string;

const NAME: &str = "replay-name";

/// The maximum length of the name of a replay of the service.
const LONGEST: usize = 64;

/// The name of a replay.
#[derive(Clone, Debug)]
pub(crate) struct ReplayName {
    /// The member as JSON.
    member: String,
}

impl ReplayName {
    /// Returns an error if the service allows no replay of this name.
    pub(super) fn new(name: &str) -> Result<ReplayName, String> {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || ".-_".contains(c);
        if name.is_empty() || name.len() > LONGEST || !name.chars().all(is_allowed) {
            return Err(format!("expected 1 to {LONGEST} letters, digits, dots, hyphens and underscores"));
        }
        Ok(ReplayName { member: format!("{}:{}", json_string(NAME), json_string(name)) })
    }

    /// Writes the event with the name to `named`, in place of a name that the event has. Returns
    /// false if the event is not a JSON object. If the event is not JSON, then `named` is not JSON
    /// either.
    pub(super) fn add(&self, event: &[u8], named: &mut Vec<u8>) -> bool {
        named.clear();
        // A name with escapes is found only by reading the event.
        let may_have_name =
            memmem::find(event, NAME.as_bytes()).is_some() || memchr::memchr(b'\\', event).is_some();
        if may_have_name {
            let Ok(others) = serde_json::from_slice::<Others<'_>>(event) else { return false };
            if others.has_name {
                named.push(b'{');
                for (name, value) in others.members {
                    named.extend_from_slice(name.get().as_bytes());
                    named.push(b':');
                    named.extend_from_slice(value.get().as_bytes());
                    named.push(b',');
                }
                named.extend_from_slice(self.member.as_bytes());
                named.push(b'}');
                return true;
            }
        }
        let Some(inside) = event.trim_ascii_end().strip_suffix(b"}") else { return false };
        let inside = inside.trim_ascii_end();
        named.extend_from_slice(inside);
        if inside.last() != Some(&b'{') {
            named.push(b',');
        }
        named.extend_from_slice(self.member.as_bytes());
        named.push(b'}');
        true
    }
}

/// The members of an object other than `replay-name`.
struct Others<'t> {
    members: Vec<(&'t RawValue, &'t RawValue)>,
    has_name: bool,
}

impl<'t> Deserialize<'t> for Others<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Others<'t>, D::Error> {
        struct Members;

        impl<'t> Visitor<'t> for Members {
            type Value = Others<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Others<'t>, A::Error> {
                let mut others = Others { members: Vec::new(), has_name: false };
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    // A name with an unpaired surrogate is another name.
                    if serde_json::from_str::<String>(name.get()).is_ok_and(|name| name == NAME) {
                        others.has_name = true;
                    } else {
                        others.members.push((name, value));
                    }
                }
                Ok(others)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::ReplayName;

    fn named(event: &str) -> Option<String> {
        let mut named = Vec::new();
        let added = ReplayName::new("r1").unwrap().add(event.as_bytes(), &mut named);
        added.then(|| String::from_utf8(named).unwrap())
    }

    #[test]
    fn name_is_the_last_member() {
        let expected = r#"{"a":1,"replay-name":"r1"}"#;
        assert_eq!(named("{\"a\":1 } \n").unwrap(), expected);
        assert_eq!(named(r#"{"replay-name":"old","a":1}"#).unwrap(), expected);
        assert_eq!(named(r#"{"a":1,"replay\u002dname":{},"replay-name":[]}"#).unwrap(), expected);
        assert_eq!(named("{ }").unwrap(), r#"{"replay-name":"r1"}"#);
        assert_eq!(named(r#"{"replay-name":"r0"}"#).unwrap(), r#"{"replay-name":"r1"}"#);
        let inner = r#"{"detail":{"replay-name":"\ud800"},"\ud800":1}"#;
        assert_eq!(named(inner).unwrap(), format!("{},\"replay-name\":\"r1\"}}", &inner[..inner.len() - 1]));
    }

    #[test]
    fn text_that_is_not_json_stays_not_json() {
        for event in
            ["", "}", "{", "[]", "{\"a\":1", "{\"a\":}", "{\"a\"}", "{,}", "{\"a\":1,}", "{\"a\":\"x}"]
        {
            let invalid = |text: String| serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err();
            assert!(named(event).is_none_or(invalid), "{event}");
        }
        for event in ["{\"a\":{}", "{\"a\":1}}", "{} {}", "{\"a\":\"\\\"}", "{\"replay-name\":1}}"] {
            let invalid = |text: String| serde_json::from_str::<serde::de::IgnoredAny>(&text).is_err();
            assert!(named(event).is_none_or(invalid), "{event}");
        }
    }

    #[test]
    fn names_are_those_of_the_service() {
        assert!(ReplayName::new("Replay_1.2-3").is_ok());
        assert!(ReplayName::new(&"a".repeat(64)).is_ok());
        for name in ["", "a b", "ä", &"a".repeat(65)] {
            assert!(ReplayName::new(name).is_err(), "{name}");
        }
    }
}
