//! The laws of texts: any bytes give a result or an error, and the JSON errors are right.

use std::sync::LazyLock;

use galop::error::{EventErrorKind, JsonErrorKind};
use galop::pattern::Pattern;
use galop::{Extensions, Matcher, PatternLimits, RuleSet, Scratch, lint};
use serde::de::IgnoredAny;

use super::engine::{decoys, read_pattern, same_reason};
use super::reproduction::{Argument, law};
use super::{Configuration, answer, build, bytes, configurations, lossy, rule_set};
use crate::oracle;

/// The default limits, with all extensions.
fn limits() -> PatternLimits {
    let mut limits = PatternLimits::default();
    limits.extensions = Extensions::ALL;
    limits
}

/// A pattern of any bytes is valid or has a fault with a place, and the oracle agrees which. What
/// is valid can be printed and read back, linted, compiled and matched.
pub fn any_pattern_gets_an_answer(text: &[u8]) {
    law("any_pattern_gets_an_answer", &[Argument::Text(text)], || {
        read_pattern(text);
        let mut rules = RuleSet::with_limits(limits());
        if let Err(error) = rules.add_bytes(text) {
            let span = error.span();
            assert!(span.start <= span.end && span.end <= text.len(), "{error} is at {span:?}");
            assert!(rules.is_empty());
            // The caller chooses the text of a report, so any other text must not panic.
            for shown in [&*lossy(text), ""] {
                let report = error.report(shown).to_string();
                assert!(report.starts_with(&format!("error[{}]: ", error.code())), "{report}");
            }
            assert!(error.to_string().ends_with(&format!("[{}]", error.code())), "{error}");
            return;
        }
        let (_, pattern) = rules.iter().next().expect("it was added");
        reads_back(pattern);
        for warning in lint::lint(&rules) {
            let span = warning.span();
            assert!(span.start <= span.end && span.end <= text.len(), "{warning:?}");
        }
        for configuration in configurations().iter().filter(|configuration| configuration.admits(text)) {
            let Configuration { name, builder, .. } = configuration;
            let matcher = build(builder, &rules);
            // The text of a pattern is an event too.
            let found = answer(&matcher, &mut Scratch::new(), text);
            assert!(found.is_ok(), "{name}: {found:?}");
        }
    });
}

/// `parse(print(p)) = p`: a printed pattern has other places but the same meaning, and is printed
/// unchanged.
fn reads_back(pattern: &Pattern) {
    let printed = pattern.to_string();
    let read = Pattern::parse_with(&printed, &limits())
        .unwrap_or_else(|error| panic!("printed as {printed}, which is refused: {error}"));
    assert_eq!(read.to_string(), printed, "printed and read back");
    assert_eq!(read.combinations(), pattern.combinations(), "printed as {printed}");
    assert_eq!(read.text_length(), printed.len(), "printed as {printed}");
    let again = Pattern::parse_with(read.to_string(), &limits());
    assert_eq!(again.map(|again| format!("{again:?}")), Ok(format!("{read:?}")), "read from {printed} twice");
}

/// Matchers for events without rules of their own.
struct Reader {
    configuration: Configuration,
    /// A matcher without rules, which reads no value.
    without_rules: Matcher,
    with_rules: Matcher,
}

static READERS: LazyLock<Vec<Reader>> = LazyLock::new(|| {
    let decoys = decoys();
    let reader = |configuration: Configuration| {
        let without_rules = build(&configuration.builder, &RuleSet::new());
        let with_rules = build(&configuration.builder, &rule_set(&bytes(&decoys)));
        Reader { configuration, without_rules, with_rules }
    };
    configurations().into_iter().map(reader).collect()
});

/// An event of any bytes has a result or an error with a place, independent of the rules.
/// `serde_json` and the oracle agree on the validity.
///
/// For a skipped value, `serde_json` checks the grammar only. The law thus checks the encoding, the
/// kind of the root and the depth separately. `serde_json` accepts unpaired surrogates, as the
/// engine does.
pub fn any_event_gets_an_answer(text: &[u8]) {
    law("any_event_gets_an_answer", &[Argument::Text(text)], || {
        let grammar = std::str::from_utf8(text).is_ok_and(|text| {
            let object = text.trim_start_matches([' ', '\t', '\r', '\n']).starts_with('{');
            object && serde_json::from_str::<IgnoredAny>(text).is_ok()
        });
        let oracle = oracle::Event::parse(text).map(drop).map_err(|reject| reject.code);
        for Reader { configuration, without_rules, with_rules } in &*READERS {
            let name = &configuration.name;
            if !configuration.admits(text) {
                // The result is arbitrary, but must be a result.
                let mut scratch = Scratch::new();
                for matcher in [without_rules, with_rules] {
                    match matcher.matches(&mut scratch, text) {
                        Ok(ids) => assert!(ids.is_sorted_by(|a, b| a < b), "{name}: {ids:?}"),
                        Err(error) => assert!(error.offset() <= Some(text.len()), "{name}: {error}"),
                    }
                }
                continue;
            }
            let found = judge(without_rules, text);
            let same = judge(with_rules, text);
            if let Err((EventErrorKind::TooMuchWork { .. }, _)) = same {
                continue;
            }
            assert_eq!(found, same, "{name}: rules change whether the event is one");
            match (&found, oracle) {
                (Ok(()), Ok(())) => {}
                (Err((kind, _)), Err(code)) => {
                    assert!(same_reason(code, kind.code()), "{name}: {kind}, by the oracle {code}");
                }
                (found, oracle) => panic!("{name}: {found:?}, by the oracle {oracle:?}"),
            }
            let too_deep = matches!(&found, Err((EventErrorKind::Json(JsonErrorKind::TooDeep { .. }), _)));
            assert!(too_deep || found.is_ok() == grammar, "{name}: {found:?}, by serde_json {grammar}");
        }
    });
}

/// Returns the reason and the place if the event is refused.
fn judge(matcher: &Matcher, text: &[u8]) -> Result<(), (EventErrorKind, Option<usize>)> {
    let error = match answer(matcher, &mut Scratch::new(), text) {
        Ok(_) => return Ok(()),
        Err(error) => error,
    };
    assert!(error.offset() <= Some(text.len()), "{error} of {} bytes", text.len());
    assert!(error.to_string().ends_with(&format!("[{}]", error.code())), "{error}");
    Err((error.kind().clone(), error.offset()))
}

/// Every prefix of an event is refused. If the last brace is missing, the error is at the end, or
/// at the cut token. A truncated event thus never gets a result.
pub fn prefixes_are_refused(event: &[u8]) {
    law("prefixes_are_refused", &[Argument::Text(event)], || {
        for Reader { configuration, with_rules: matcher, .. } in
            READERS.iter().filter(|it| it.configuration.checks())
        {
            let name = &configuration.name;
            let mut scratch = Scratch::new();
            if matcher.matches(&mut scratch, event).is_err() {
                continue;
            }
            let end = event.iter().rposition(|&byte| byte == b'}').expect("an event ends with a brace");
            for end in 0..=end {
                let prefix = &event[..end];
                let error = match matcher.matches(&mut scratch, prefix) {
                    Ok(ids) => panic!("{name}: {} fits {ids:?}", lossy(prefix)),
                    Err(error) => error,
                };
                let cut = match error.code() {
                    "unexpected-end" => error.offset() == Some(end),
                    "invalid-literal" | "invalid-number" | "invalid-utf8" => {
                        error.offset().is_some_and(|offset| offset < end)
                    }
                    _ => false,
                };
                assert!(cut, "{name}: {} gives {error}", lossy(prefix));
            }
        }
    });
}
