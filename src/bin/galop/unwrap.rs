//! Events in wrappers: lists of records that services and tools write as one JSON object.

use memchr::memmem;
use serde_json::value::RawValue;

use crate::event_file::EventPlace;
use crate::rule_members::{Members, is_string};

/// The help on wrappers, which commands share.
macro_rules! wrappers {
    () => {
        "\
--unwrap takes the records of these objects as events, and other events as they are:
  {\"Records\":[…]}   of CloudTrail, S3, SNS, SQS, Kinesis and DynamoDB streams;
                  a body of SQS that is a JSON object, and data of Kinesis that
                  is one in base64, are decoded in their place
  {\"Entries\":[…]}   of PutEvents: source, detail-type, time, resources and
                  detail of the event that the service makes; an entry whose
                  Detail is not a JSON object is refused
  {\"Messages\":[…]}  of `aws sqs receive-message`: a Body that is a JSON object is
                  the event
  {\"events\":[…]}    of `aws logs`: a message that is a JSON object is the event
Other records are events as they are. The place of a record is its first byte in
the file. Places inside a decoded event count from its first byte."
    };
}

pub(crate) use wrappers;

/// A record of a wrapper.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Record {
    pub(crate) place: EventPlace,
    pub(crate) text: Text,
}

/// The event of a record.
#[derive(Debug, Eq, PartialEq)]
pub(crate) enum Text {
    /// The bytes of the wrapper from the first to the second.
    Written(usize, usize),
    Decoded(Vec<u8>),
}

/// The kinds of wrappers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Wrapper {
    Records,
    Entries,
    Messages,
    LogEvents,
}

impl Wrapper {
    const ALL: [Wrapper; 4] = [Wrapper::Records, Wrapper::Entries, Wrapper::Messages, Wrapper::LogEvents];

    /// Returns the name of the member that has the list.
    fn name(self) -> &'static str {
        match self {
            Wrapper::Records => "Records",
            Wrapper::Entries => "Entries",
            Wrapper::Messages => "Messages",
            Wrapper::LogEvents => "events",
        }
    }

    /// Returns true if a value is an element of the list.
    fn has(self, element: &RawValue) -> bool {
        let Some(members) = members(element) else { return false };
        let is_text = |name: &str| members.get(name).is_some_and(is_string);
        match self {
            Wrapper::Records => is_text("eventSource") || is_text("EventSource"),
            Wrapper::Entries => ["Source", "DetailType", "Detail"].into_iter().all(is_text),
            Wrapper::Messages => is_text("Body"),
            Wrapper::LogEvents => is_text("message"),
        }
    }
}

/// Returns a hint for the user if an event of a file is a wrapper of records.
pub(crate) fn hint(file: &str, event: &[u8]) -> Option<String> {
    elements(event)?;
    Some(format!("{file} has events in a wrapper: --unwrap takes its records as events"))
}

/// Returns the first `most` records of a wrapper at a place, or `None` if the event is no wrapper.
pub(crate) fn records(event: &[u8], place: EventPlace, most: usize) -> Option<Vec<Record>> {
    let (wrapper, elements) = elements(event)?;
    let mut places = Places { event, place, at: 0, last_line: None };
    let record = |element: &RawValue| {
        let start = offset(event, element);
        let text = match wrapper {
            Wrapper::Records => in_place(element),
            Wrapper::Entries => entry(element),
            Wrapper::Messages => body(element, "Body"),
            Wrapper::LogEvents => body(element, "message"),
        };
        let text = text.map_or(Text::Written(start, start + element.get().len()), Text::Decoded);
        Record { place: places.next(start), text }
    };
    Some(elements.into_iter().take(most).map(record).collect())
}

fn elements(event: &[u8]) -> Option<(Wrapper, Vec<&RawValue>)> {
    // Most events have none of the names, and are not parsed.
    let is_possible = |wrapper: &Wrapper| memmem::find(event, wrapper.name().as_bytes()).is_some();
    if !Wrapper::ALL.iter().any(is_possible) {
        return None;
    }
    let members = serde_json::from_slice::<Members<'_>>(event).ok()?;
    Wrapper::ALL.into_iter().find_map(|wrapper| {
        let list = serde_json::from_str::<Vec<&RawValue>>(members.get(wrapper.name())?.get()).ok()?;
        let is_list = !list.is_empty() && list.iter().all(|element| wrapper.has(element));
        is_list.then_some((wrapper, list))
    })
}

fn members(value: &RawValue) -> Option<Members<'_>> {
    serde_json::from_str(value.get()).ok()
}

/// Returns the offset of a part of an event.
fn offset(event: &[u8], part: &RawValue) -> usize {
    part.get().as_ptr().addr() - event.as_ptr().addr()
}

/// Returns a record of SQS or Kinesis with its body decoded, or `None` if it has no body that is a
/// JSON object.
fn in_place(record: &RawValue) -> Option<Vec<u8>> {
    let members = members(record)?;
    let source: String = serde_json::from_str(members.get("eventSource")?.get()).ok()?;
    let (value, decoded) = match source.as_str() {
        "aws:sqs" => {
            let body = members.get("body")?;
            (body, text(body)?.into_bytes())
        }
        "aws:kinesis" => {
            let kinesis = serde_json::from_str::<Members<'_>>(members.get("kinesis")?.get()).ok()?;
            let data = kinesis.get("data")?;
            (data, base64(text(data)?.as_bytes())?)
        }
        _ => return None,
    };
    if !is_object(&decoded) {
        return None;
    }
    let (record, start) = (record.get().as_bytes(), offset(record.get().as_bytes(), value));
    Some([&record[..start], &decoded, &record[start + value.get().len()..]].concat())
}

/// Returns the members that an entry of PutEvents defines of the event of the service. If `Detail` is
/// not a JSON object, returns its text, which is refused as an event.
fn entry(entry: &RawValue) -> Option<Vec<u8>> {
    let members = members(entry)?;
    let raw = members.get("Detail")?;
    let Some(detail) = text(raw) else { return Some(raw.get().into()) };
    if !is_object(detail.as_bytes()) {
        return Some(detail.into_bytes());
    }
    let resources = members.get("Resources").map_or("[]", RawValue::get);
    let time = members.get("Time").map(|time| format!("\"time\":{},", time.get())).unwrap_or_default();
    let (kind, source) = (members.get("DetailType")?.get(), members.get("Source")?.get());
    let event = format!(
        "{{\"detail-type\":{kind},\"source\":{source},{time}\"resources\":{resources},\"detail\":{detail}}}"
    );
    Some(event.into_bytes())
}

/// Returns the text of a member if it is a JSON object.
fn body(element: &RawValue, name: &str) -> Option<Vec<u8>> {
    let body = text(members(element)?.get(name)?)?.into_bytes();
    is_object(&body).then_some(body)
}

/// Returns the text of a JSON string.
fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

fn is_object(text: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(text).is_ok_and(|value| value.get().starts_with('{'))
}

/// Decodes base64 with the alphabet of RFC 4648, section 4, and padding.
fn base64(text: &[u8]) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(4) {
        return None;
    }
    let digits = text.strip_suffix(b"==").or_else(|| text.strip_suffix(b"=")).unwrap_or(text);
    let mut bytes = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for group in digits.chunks(4) {
        let mut bits = 0_u32;
        for &digit in group {
            let value = match digit {
                b'A'..=b'Z' => digit - b'A',
                b'a'..=b'z' => digit - b'a' + 26,
                b'0'..=b'9' => digit - b'0' + 52,
                b'+' => 62,
                b'/' => 63,
                _ => return None,
            };
            bits = bits << 6 | u32::from(value);
        }
        bits <<= 6 * (4 - group.len());
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    Some(bytes)
}

/// Finds the places of records, in the order of the text.
struct Places<'e> {
    event: &'e [u8],
    /// The place of the byte `at` of the event.
    place: EventPlace,
    at: usize,
    /// The line of the last record.
    last_line: Option<u64>,
}

impl Places<'_> {
    fn next(&mut self, start: usize) -> EventPlace {
        let between = &self.event[self.at..start];
        let EventPlace { line, column, offset, shares_line, .. } = &mut self.place;
        *offset += between.len() as u64;
        match memchr::memrchr(b'\n', between) {
            None => *column += between.len() as u64,
            Some(at) => {
                *line += memchr::memchr_iter(b'\n', between).count() as u64;
                *column = (between.len() - at) as u64;
                *shares_line = false;
            }
        }
        *shares_line |= self.last_line == Some(*line);
        self.place.is_line = false;
        self.at = start;
        self.last_line = Some(self.place.line);
        self.place
    }
}

#[cfg(test)]
mod tests {
    use super::{Record, Text, base64, records};
    use crate::event_file::EventPlace;

    /// Returns the places and the events of the records of a wrapper.
    fn unwrapped(event: &str) -> Option<Vec<(String, String)>> {
        let records = records(event.as_bytes(), EventPlace::START, usize::MAX)?.into_iter();
        let text = |text| match text {
            Text::Written(start, end) => event[start..end].to_owned(),
            Text::Decoded(text) => String::from_utf8(text).unwrap(),
        };
        Some(records.map(|record| (record.place.to_string(), text(record.text))).collect())
    }

    #[track_caller]
    fn assert_one(wrapper: &str, event: &str) {
        assert_eq!(unwrapped(wrapper).unwrap(), [("1".to_owned(), event.to_owned())]);
    }

    #[test]
    fn bodies_are_decoded_where_the_source_says_so() {
        let record = |source: &str, rest: &str| format!(r#"{{"eventSource":"{source}",{rest}}}"#);
        let list = |record: &str| format!(r#"{{"Records":[{record}]}}"#);
        for (source, rest, decoded) in [
            ("aws:sqs", r#""body":"{\"a\":\"\\u00e4\"}","x":1"#, Some(r#""body":{"a":"\u00e4"},"x":1"#)),
            ("aws:sqs", r#""body":"[1]""#, None),
            ("aws:sqs", r#""body":"{\"a\":1},\"b\":{}""#, None),
            ("aws:sqs", r#""body":"\ud800""#, None),
            ("aws:kinesis", r#""kinesis":{"data":"eyJhIjoxfQ=="}"#, Some(r#""kinesis":{"data":{"a":1}}"#)),
            ("aws:kinesis", r#""kinesis":{"data":"aGVsbG8="}"#, None),
            ("aws:kinesis", r#""kinesis":{"data":"e"}"#, None),
            ("s3.amazonaws.com", r#""body":"{\"a\":1}""#, None),
        ] {
            assert_one(&list(&record(source, rest)), &record(source, decoded.unwrap_or(rest)));
        }
        let sns = r#"{"EventSource":"aws:sns","Sns":{"Message":"{}"}}"#;
        assert_one(&list(sns), sns);
    }

    #[test]
    fn entry_is_the_event_of_the_service() {
        let entry = |rest: &str| {
            format!(r#"{{"Entries":[{{"Source":"a\"b","DetailType":"t","EventBusName":"bus",{rest}}}]}}"#)
        };
        assert_one(
            &entry(r#""Detail":"{\"x\":1}""#),
            r#"{"detail-type":"t","source":"a\"b","resources":[],"detail":{"x":1}}"#,
        );
        assert_one(
            &entry(r#""Time":"2026-06-02T04:00:00Z","Resources":["r"],"Detail":"{}""#),
            r#"{"detail-type":"t","source":"a\"b","time":"2026-06-02T04:00:00Z","resources":["r"],"detail":{}}"#,
        );
        // A detail that is not an object cannot add members to the event.
        assert_one(&entry(r#""Detail":"{},\"id\":1""#), r#"{},"id":1"#);
        assert_one(&entry(r#""Detail":"\ud800""#), r#""\ud800""#);
    }

    #[test]
    fn text_of_a_message_is_the_event() {
        assert_one(r#"{"Messages":[{"MessageId":"m","Body":"{\"a\":1}"}]}"#, r#"{"a":1}"#);
        assert_one(r#"{"Messages":[{"Body":"text"}]}"#, r#"{"Body":"text"}"#);
        assert_one(r#"{"events":[{"message":"{\"a\":1}\n"}],"nextToken":"n"}"#, "{\"a\":1}\n");
    }

    #[test]
    fn other_events_are_no_wrappers() {
        for event in [
            "{}",
            r#"{"Records":[]}"#,
            r#"{"Records":[1]}"#,
            r#"{"Records":[{"eventSource":"a"},{"other":1}]}"#,
            r#"{"detail":{"Records":[{"eventSource":"a"}]}}"#,
            r#"{"events":[{"name":"x"}]}"#,
            r#"{"Entries":[{"Detail":"{}"}]}"#,
            r#"{"Messages":{"Body":"{}"}}"#,
            r#"{"Records":[{"eventSource":"a"}]"#,
        ] {
            assert_eq!(unwrapped(event), None, "{event}");
        }
    }

    #[test]
    fn records_have_their_places() {
        let record = r#"{"eventSource":"a"}"#;
        let text = format!("{{\"Records\":[{record},{record},\n  {record}, {record}\n,\n{record}]}}");
        let records = records(text.as_bytes(), EventPlace::START, 5).unwrap();
        assert_eq!(super::records(text.as_bytes(), EventPlace::START, 2).unwrap()[..], records[..2]);
        let places: Vec<String> = records.iter().map(|record| record.place.to_string()).collect();
        assert_eq!(places, ["1", "1:33", "2", "2:24", "4"]);
        for Record { place, text: at } in records {
            assert_eq!(at, Text::Written(place.offset as usize, place.offset as usize + record.len()));
            assert!(text[place.offset as usize..].starts_with(record));
        }
    }

    #[test]
    fn base64_is_decoded_whole() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo"), ("Zm9vYmE=", "fooba")]
        {
            assert_eq!(base64(text.as_bytes()).unwrap(), bytes.as_bytes());
        }
        for text in ["Z", "Zg", "Zg=", "Z===", "Zm9v\n", "Zm-v", "Zg==Zg=="] {
            assert_eq!(base64(text.as_bytes()), None, "{text}");
        }
    }
}
