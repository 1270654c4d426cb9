//! Explanations as JSON, for programs.

use std::fmt::Write;

use crate::error::Span;
use crate::json::JsonString;

use super::trap::Trap;
use super::tree::{Explanation, Field, Found, NodeKind, Status};

impl Explanation {
    /// Returns the explanation as one line of JSON.
    ///
    /// The object has `matches`, `failing` (the fewest failing fields of a branch), `fields`, `choices`
    /// (the `$or`s) and `traps`. A field has
    ///
    /// * `path`, `status`, `holds`, `nearest` (true if it is in the branch with the fewest failing
    ///   fields), and `span`, the position of its name in the pattern,
    /// * `alternatives`, the first 16 of `alternative_count`,
    /// * `decided`, the first alternative that holds, with its `index`, `text`, `span`, and the index of
    ///   the `value` in `found`,
    /// * `found`, the first 16 of `found_count` values, with `kind`, `text`, `start`, `end`, `line` and
    ///   `column` in the event,
    /// * `near`, the most similar pair of an `alternative` and a `value`, with their edit `distance`,
    /// * `traps`, each with `code` and `message`.
    ///
    /// A choice has `holds` and `alternatives`, each with `failing` and the indices of its `fields`.
    /// Members may be added in any version.
    ///
    /// ```
    /// let pattern = galop::Pattern::parse(r#"{"a":[{"exists":false}]}"#)?;
    /// let explanation = galop::explain::explain_pattern(&pattern, b"{}")?;
    /// assert_eq!(
    ///     explanation.to_json(),
    ///     concat!(
    ///         r#"{"matches":true,"failing":0,"fields":[{"path":"a","status":"holds","holds":true,"#,
    ///         r#""nearest":true,"span":{"start":1,"end":4},"alternative_count":1,"#,
    ///         r#""alternatives":["{\"exists\":false}"],"decided":{"index":0,"#,
    ///         r#""text":"{\"exists\":false}","span":{"start":6,"end":22},"value":null},"#,
    ///         r#""found_count":0,"found":[],"near":null,"traps":[]}],"choices":[],"traps":[]}"#,
    ///     ),
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn to_json(&self) -> String {
        let mut out = format!("{{\"matches\":{},\"failing\":{},\"fields\":", self.matches, self.failing);
        list(&mut out, &self.fields, field);
        out.push_str(",\"choices\":");
        self.choices(&mut out);
        out.push_str(",\"traps\":");
        list(&mut out, &self.traps, trap);
        out.push('}');
        out
    }

    fn choices(&self, out: &mut String) {
        let is_or = |index: &usize| self.nodes[*index].kind == NodeKind::Or;
        let ors: Vec<usize> = (0..self.nodes.len()).filter(is_or).collect();
        list(out, &ors, |out, or| {
            let node = &self.nodes[*or];
            let inside = self.nodes[or + 1..].iter().take_while(|inner| inner.depth > node.depth);
            let mut alternatives: Vec<(usize, Vec<usize>)> = Vec::new();
            // The fields of inner `$or`s belong to those.
            let mut inner_or = usize::MAX;
            for inner in inside {
                if inner.depth <= inner_or {
                    inner_or = usize::MAX;
                }
                match inner.kind {
                    NodeKind::OrAlternative if inner.depth == node.depth + 1 => {
                        alternatives.push((inner.failing, Vec::new()));
                    }
                    NodeKind::Or if inner_or == usize::MAX => inner_or = inner.depth,
                    NodeKind::Field(index) if inner_or == usize::MAX => {
                        if let Some((_, fields)) = alternatives.last_mut() {
                            fields.push(index);
                        }
                    }
                    _ => {}
                }
            }
            let _ = write!(out, "{{\"holds\":{},\"alternatives\":", node.failing == 0);
            list(out, &alternatives, |out, (failing, fields)| {
                let _ = write!(out, "{{\"failing\":{failing},\"fields\":");
                list(out, fields, |out, field| _ = write!(out, "{field}"));
                out.push('}');
            });
            out.push('}');
        });
    }
}

fn list<T>(out: &mut String, items: &[T], mut write: impl FnMut(&mut String, &T)) {
    out.push('[');
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}

fn text(out: &mut String, text: &str) {
    let _ = write!(out, "{}", JsonString::from(text));
}

fn span(out: &mut String, Span { start, end }: Span) {
    let _ = write!(out, "{{\"start\":{start},\"end\":{end}}}");
}

fn trap(out: &mut String, trap: &Trap) {
    let _ = write!(out, "{{\"code\":\"{}\",\"message\":", trap.code());
    text(out, trap.message());
    out.push('}');
}

fn found(out: &mut String, found: &Found) {
    let Found { kind, span: Span { start, end }, line, column, .. } = found;
    let _ = write!(out, "{{\"kind\":\"{kind}\",\"text\":");
    text(out, &found.text);
    let _ = write!(out, ",\"start\":{start},\"end\":{end},\"line\":{line},\"column\":{column}}}");
}

fn field(out: &mut String, field: &Field) {
    out.push_str("{\"path\":");
    text(out, &field.path);
    let holds = matches!(field.status, Status::Holds | Status::ElementAbsent);
    let (status, nearest) = (field.status.name(), field.is_nearest);
    let _ = write!(out, ",\"status\":\"{status}\",\"holds\":{holds},\"nearest\":{nearest},\"span\":");
    span(out, field.span);
    let _ = write!(out, ",\"alternative_count\":{},\"alternatives\":", field.alternative_count);
    list(out, &field.alternatives, |out, alternative| text(out, alternative));
    out.push_str(",\"decided\":");
    match &field.decided {
        None => out.push_str("null"),
        Some(decided) => {
            let _ = write!(out, "{{\"index\":{},\"text\":", decided.index);
            text(out, &decided.text);
            out.push_str(",\"span\":");
            span(out, decided.span);
            match decided.value {
                None => out.push_str(",\"value\":null}"),
                Some(value) => _ = write!(out, ",\"value\":{value}}}"),
            }
        }
    }
    let _ = write!(out, ",\"found_count\":{},\"found\":", field.found_count);
    list(out, &field.found, found);
    match field.near {
        None => out.push_str(",\"near\":null"),
        Some(near) => {
            let (alternative, value, distance) = (near.alternative, near.value, near.distance);
            let _ = write!(
                out,
                ",\"near\":{{\"alternative\":{alternative},\"value\":{value},\"distance\":{distance}}}"
            );
        }
    }
    out.push_str(",\"traps\":");
    list(out, &field.traps, trap);
    out.push('}');
}
