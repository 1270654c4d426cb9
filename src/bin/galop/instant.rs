//! Instants in the form of RFC 3339, in events and in options.

use jiff::Timestamp;

/// Reads an instant in the form of RFC 3339.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    // The crate reads more forms than RFC 3339, for example names of time zones in brackets.
    let is_mark = |(at, marks): (usize, &str)| {
        text.as_bytes().get(at).is_some_and(|byte| marks.as_bytes().contains(byte))
    };
    let has_shape = [(4, "-"), (7, "-"), (10, "Tt "), (13, ":"), (16, ":")].into_iter().all(is_mark);
    let instant = text.parse::<Timestamp>().ok().filter(|_| has_shape && !text.contains('['));
    instant.ok_or_else(|| "expected a time of RFC 3339, such as 2026-06-02T04:00:14Z".to_owned())
}
