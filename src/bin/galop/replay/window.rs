//! The window of time, and the member `time` of events.

use std::fmt;

use jiff::Timestamp;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::instant::instant;

/// The instants from one to another. The start belongs to the window, and the end does not.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Window {
    pub(super) from: Option<Timestamp>,
    pub(super) to: Option<Timestamp>,
}

/// The `time` of an event in relation to a window.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Timing {
    Inside,
    Outside,
    /// The event has no `time`.
    Missing,
    /// `time` is no instant of RFC 3339, or is there twice.
    Unreadable,
}

impl Window {
    /// Returns true if every event is in the window.
    pub(super) fn is_open(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Returns `None` if the text is not a JSON object.
    pub(super) fn timing(&self, event: &[u8]) -> Option<Timing> {
        let times = serde_json::from_slice::<Times<'_>>(event).ok()?;
        let text = match (times.first, times.is_repeated) {
            (None, _) => return Some(Timing::Missing),
            // The service does not say which of the two it takes.
            (Some(_), true) => return Some(Timing::Unreadable),
            (Some(value), false) => serde_json::from_str::<String>(value.get()),
        };
        let instant = text.ok().and_then(|text| instant(&text).ok());
        Some(match instant {
            None => Timing::Unreadable,
            Some(instant) if self.contains(instant) => Timing::Inside,
            Some(_) => Timing::Outside,
        })
    }

    fn contains(&self, instant: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= instant) && self.to.is_none_or(|to| instant < to)
    }
}

/// The values of the members `time` of an object.
struct Times<'t> {
    first: Option<&'t RawValue>,
    is_repeated: bool,
}

impl<'t> Deserialize<'t> for Times<'t> {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<Times<'t>, D::Error> {
        struct Members;

        impl<'t> Visitor<'t> for Members {
            type Value = Times<'t>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'t>>(self, mut map: A) -> Result<Times<'t>, A::Error> {
                let mut times = Times { first: None, is_repeated: false };
                while let Some(IsTime(is_time)) = map.next_key()? {
                    if !is_time {
                        map.next_value::<IgnoredAny>()?;
                    } else if times.first.is_some() {
                        times.is_repeated = true;
                        map.next_value::<IgnoredAny>()?;
                    } else {
                        times.first = Some(map.next_value()?);
                    }
                }
                Ok(times)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

/// True if the name of a member is `time`.
struct IsTime(bool);

impl<'t> Deserialize<'t> for IsTime {
    fn deserialize<D: Deserializer<'t>>(deserializer: D) -> Result<IsTime, D::Error> {
        struct Name;

        impl Visitor<'_> for Name {
            type Value = IsTime;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_bytes<E>(self, name: &[u8]) -> Result<IsTime, E> {
                Ok(IsTime(name == b"time"))
            }
        }

        // As bytes, because a name can have unpaired surrogates.
        deserializer.deserialize_bytes(Name)
    }
}

#[cfg(test)]
mod tests {
    use super::{Timing, Window};
    use crate::instant::instant;

    #[test]
    fn start_is_inside_and_end_is_outside() {
        let from = instant("2026-06-02T04:00:00Z").ok();
        let window = Window { from, to: instant("2026-06-02T05:00:00.5Z").ok() };
        for (time, timing) in [
            (r#""2026-06-02T04:00:00Z""#, Timing::Inside),
            (r#""2026-06-02T03:59:59.999Z""#, Timing::Outside),
            (r#""2026-06-02T07:00:00.499+02:00""#, Timing::Inside),
            (r#""2026-06-02T05:00:00.500Z""#, Timing::Outside),
            (r#""\u0032026-06-02t04:00:00z""#, Timing::Inside),
            (r#""2026-06-02T04:00:00""#, Timing::Unreadable),
            (r#""2026-06-02""#, Timing::Unreadable),
            (r#""20260602T040000Z""#, Timing::Unreadable),
            (r#""2026-06-02T04:00:00Z[UTC]""#, Timing::Unreadable),
            (r#""2026-13-02T04:00:00Z""#, Timing::Unreadable),
            (r#""\ud800""#, Timing::Unreadable),
            ("1780372800", Timing::Unreadable),
            ("null", Timing::Unreadable),
        ] {
            let event = format!(r#"{{"\ud800":1,"detail":{{"time":1}},"time":{time}}}"#);
            assert_eq!(window.timing(event.as_bytes()), Some(timing), "{time}");
        }
    }

    #[test]
    fn time_must_be_there_once() {
        let window = Window::default();
        let timing = |event: &str| window.timing(event.as_bytes());
        assert_eq!(timing(r#"{"Time":"2026-06-02T04:00:00Z","detail":{"time":1}}"#), Some(Timing::Missing));
        let twice = r#"{"time":"2026-06-02T04:00:00Z","t\u0069me":"2026-06-02T04:00:00Z"}"#;
        assert_eq!(timing(twice), Some(Timing::Unreadable));
        assert_eq!(timing("[]"), None);
        assert_eq!(timing("{} {}"), None);
    }

    #[test]
    fn deep_events_have_a_time() {
        let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
        let event = format!(r#"{{"a":{open}{close},"time":"2026-06-02T04:00:00Z"}}"#);
        assert_eq!(Window::default().timing(event.as_bytes()), Some(Timing::Inside));
    }
}
