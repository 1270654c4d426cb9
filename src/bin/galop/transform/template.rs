//! Templates: texts with variables in angle brackets.
//!
//! A template is JSON, or one or several strings in quotation marks. A variable in the place of a
//! value becomes JSON. A variable inside of a string becomes text, which the service does not escape.

use std::ops::Range;

use galop::json::value_span;

use super::error::{Of, TransformError};
use super::paths::InputPaths;

/// The maximum number of characters of a template in the API of the service.
const LENGTH: usize = 8192;

/// A template.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(super) form: Form,
    pub(super) pieces: Vec<Piece>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Form {
    Json,
    /// Strings, each in quotation marks.
    Strings,
}

/// A part of a template.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    Text(String),
    Variable(Use),
}

/// A variable at its place.
#[derive(Clone, Debug)]
pub(super) struct Use {
    pub(super) name: Name,
    pub(super) is_in_string: bool,
    /// The bytes of the template.
    pub(super) span: Range<usize>,
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Name {
    /// The index among the paths.
    Path(usize),
    Reserved(ReservedName),
}

/// A variable of the service.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum ReservedName {
    RuleArn,
    RuleName,
    IngestionTime,
    /// The event without its detail.
    Event,
    EventJson,
}

impl ReservedName {
    const ALL: [(&str, ReservedName); 5] = [
        ("aws.events.rule-arn", ReservedName::RuleArn),
        ("aws.events.rule-name", ReservedName::RuleName),
        ("aws.events.event.ingestion-time", ReservedName::IngestionTime),
        ("aws.events.event", ReservedName::Event),
        ("aws.events.event.json", ReservedName::EventJson),
    ];

    fn of(name: &str) -> Option<ReservedName> {
        ReservedName::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, reserved)| reserved)
    }

    /// Returns true if the value is an object.
    fn is_event(self) -> bool {
        matches!(self, ReservedName::Event | ReservedName::EventJson)
    }
}

fn fault(code: &'static str, span: Range<usize>, message: impl Into<String>) -> TransformError {
    TransformError::new(Of::Template, code, span, message)
}

impl Template {
    /// Reads a template. Each of its variables has a path, or is a variable of the service.
    pub(super) fn parse(text: &str, paths: &InputPaths) -> Result<Template, TransformError> {
        if let Some((end, _)) = text.char_indices().nth(LENGTH) {
            let message = format!("the template has more than {LENGTH} characters");
            return Err(fault("template-too-long", end..text.len(), message));
        }
        let begin = text.len() - text.trim_ascii_start().len();
        let Some(&first) = text.as_bytes().get(begin) else {
            return Err(fault("empty-template", 0..text.len(), "the template is empty"));
        };
        let scan = Scan::new(text, paths)?;
        let form = if first == b'"' { Form::Strings } else { Form::Json };
        match form {
            Form::Json => check_json(text, &scan.probe, begin)?,
            Form::Strings => check_strings(&scan.probe, begin)?,
        }
        if let Some(error) = scan.refused {
            return Err(error);
        }
        Ok(Template { form, pieces: pieces(text, &scan.uses, form) })
    }

    /// Returns the variables, in their order.
    pub(super) fn uses(&self) -> impl Iterator<Item = &Use> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Variable(variable) => Some(variable),
            Piece::Text(_) => None,
        })
    }
}

/// One walk through a template.
#[derive(Debug, Default)]
struct Scan {
    uses: Vec<Use>,
    /// The template with a text of the same length for each variable, so that it is JSON with the same
    /// places.
    probe: Vec<u8>,
    /// The first variable at a place where the service takes none.
    refused: Option<TransformError>,
}

impl Scan {
    fn new(text: &str, paths: &InputPaths) -> Result<Scan, TransformError> {
        let bytes = text.as_bytes();
        let mut scan = Scan::default();
        let (mut at, mut is_in_string, mut string_start) = (0, false, 0);
        while let Some(&byte) = bytes.get(at) {
            if let Some(name) = text.get(at..).and_then(variable) {
                let span = at..at + name.len() + 2;
                scan.variable(name, span.clone(), is_in_string, paths)?;
                at = span.end;
                if !is_in_string {
                    scan.refuse_key(bytes, at, span.start);
                }
                continue;
            }
            scan.probe.push(byte);
            at += 1;
            match byte {
                b'\\' if is_in_string => {
                    scan.probe.extend(bytes.get(at));
                    at += 1;
                }
                b'"' if is_in_string => {
                    is_in_string = false;
                    scan.refuse_key(bytes, at, string_start);
                }
                b'"' => (is_in_string, string_start) = (true, at),
                _ => {}
            }
        }
        Ok(scan)
    }

    fn variable(
        &mut self,
        name: &str,
        span: Range<usize>,
        is_in_string: bool,
        paths: &InputPaths,
    ) -> Result<(), TransformError> {
        let reserved = ReservedName::of(name).map(Name::Reserved);
        let Some(known) = reserved.or_else(|| paths.index(name).map(Name::Path)) else {
            return Err(unknown(name, span, paths));
        };
        match known {
            Name::Reserved(reserved) if reserved.is_event() && is_in_string && self.refused.is_none() => {
                let error =
                    fault("event-in-string", span.clone(), "the event is a value, not a part of a string");
                self.refused = Some(error.with_help("write it without quotation marks around it"));
            }
            _ => {}
        }
        let filler = |at| if !is_in_string && (at == 0 || at + 1 == span.len()) { b'"' } else { b'x' };
        self.probe.extend((0..span.len()).map(filler));
        self.uses.push(Use { name: known, is_in_string, span });
        Ok(())
    }

    /// Notes the last variable since `start`, if a colon follows: it is a part of a name.
    fn refuse_key(&mut self, bytes: &[u8], at: usize, start: usize) {
        let rest = bytes.get(at..).unwrap_or_default().trim_ascii_start();
        let last = self.uses.last().filter(|variable| variable.span.start >= start);
        if let (Some(b':'), Some(variable), None) = (rest.first(), last, &self.refused) {
            let message = "a variable cannot be in the name of a member";
            self.refused = Some(fault("variable-in-name", variable.span.clone(), message));
        }
    }
}

/// Returns the name of the variable at the start of a text. Other text in angle brackets is text.
fn variable(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('<')?;
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let length = rest.bytes().take_while(|byte| is_name(byte)).count();
    (length > 0 && rest[length..].starts_with('>')).then_some(&rest[..length])
}

fn unknown(name: &str, span: Range<usize>, paths: &InputPaths) -> TransformError {
    let error = fault("unknown-variable", span, format!("the variable {name} has no path"));
    const LISTED: usize = 10;
    let reserved = name.starts_with("aws.").then(|| ReservedName::ALL.map(|(name, _)| name));
    let known: Vec<&str> = match &reserved {
        Some(names) => names.to_vec(),
        None => paths.names().take(LISTED).collect(),
    };
    if known.is_empty() {
        return error.with_help("no variable has a path");
    }
    error.with_help(format!("the variables are {}", known.join(", ")))
}

/// Checks that a probe is one JSON value.
fn check_json(text: &str, probe: &[u8], begin: usize) -> Result<(), TransformError> {
    let is_container = text[begin..].starts_with(['{', '[']);
    let without_quotes = || {
        let line = text[begin..].lines().next().unwrap_or_default().trim_end();
        let message = "a template that is no JSON is a string in quotation marks";
        let error = fault("no-quotation-marks", begin..begin + line.len(), message);
        error.with_help("write \" before and after each line")
    };
    match value_span(probe, begin) {
        Err(_) if !is_container => Err(without_quotes()),
        Err(error) => Err(TransformError::of_json(Of::Template, &error)),
        Ok(span) => {
            let rest = probe[span.end..].trim_ascii_start();
            if rest.is_empty() {
                return Ok(());
            }
            let at = probe.len() - rest.len();
            if !is_container {
                return Err(without_quotes());
            }
            Err(fault("text-after-value", at..text.trim_ascii_end().len(), "text after the JSON value"))
        }
    }
}

/// Checks that a probe is strings.
fn check_strings(probe: &[u8], begin: usize) -> Result<(), TransformError> {
    let mut at = begin;
    while at < probe.len() {
        if probe[at] != b'"' {
            let error =
                fault("no-quotation-marks", at..probe.len(), "text outside of the strings of the template");
            return Err(error.with_help("write \\\" for a quotation mark, and \" before and after each line"));
        }
        let span = value_span(probe, at).map_err(|error| TransformError::of_json(Of::Template, &error))?;
        let rest = probe[span.end..].trim_ascii_start();
        at = probe.len() - rest.len();
    }
    Ok(())
}

/// Returns the pieces of a template. JSON has no white space between its tokens.
fn pieces(text: &str, uses: &[Use], form: Form) -> Vec<Piece> {
    let (mut pieces, mut at, mut is_in_string) = (Vec::new(), 0, false);
    let text = text.trim_ascii_end();
    let mut push = |part: &str, pieces: &mut Vec<Piece>| {
        let part = match form {
            Form::Strings => part.to_owned(),
            Form::Json => small(part, &mut is_in_string),
        };
        if !part.is_empty() {
            pieces.push(Piece::Text(part));
        }
    };
    for variable in uses {
        push(&text[at..variable.span.start], &mut pieces);
        pieces.push(Piece::Variable(variable.clone()));
        at = variable.span.end;
    }
    push(&text[at..], &mut pieces);
    if let (Form::Strings, Some(Piece::Text(first))) = (form, pieces.first_mut()) {
        *first = first.trim_ascii_start().to_owned();
    }
    pieces
}

/// Returns a part of a JSON text without white space between tokens. The part can begin and end inside
/// of a string.
fn small(part: &str, is_in_string: &mut bool) -> String {
    let mut is_escaped = false;
    let is_kept = |c: &char| {
        let is_kept = *is_in_string || !matches!(c, ' ' | '\t' | '\r' | '\n');
        *is_in_string ^= *c == '"' && !is_escaped;
        is_escaped = *is_in_string && *c == '\\' && !is_escaped;
        is_kept
    };
    part.chars().filter(is_kept).collect()
}
