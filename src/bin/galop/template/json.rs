//! Reads a JSON value as a tree. The value is known to be valid.

use galop::json::value_span;

use crate::lines::Lines;
use crate::rule_entry::Fault;
use crate::template::scalar::Style;
use crate::template::tree::{Kind, Node, NodeId, Tree};

/// The maximum depth. Readers of the tree are recursive.
const DEPTH: usize = 255;

/// Returns the tree of the value that begins at `start`.
pub(super) fn read<'t>(text: &'t str, start: usize, lines: &Lines<'_>) -> Result<Tree<'t>, Fault> {
    let bytes = text.as_bytes();
    let mut nodes: Vec<Node> = Vec::new();
    // The objects and arrays that are not complete, and their children.
    let mut open: Vec<(NodeId, Vec<NodeId>)> = Vec::new();
    let mut at = start;
    loop {
        let Some(&byte) = bytes.get(at) else {
            return Err(Fault::new(lines.place(at), "invalid-json", "the value is cut off"));
        };
        let mut add = |kind| {
            let place = lines.place(at);
            nodes.push(Node { kind, tag: None, start: at, place, begin: place });
            NodeId(nodes.len() - 1)
        };
        let done = match byte {
            b'{' | b'[' => {
                let kind = if byte == b'{' { Kind::Mapping(Vec::new()) } else { Kind::Sequence(Vec::new()) };
                open.push((add(kind), Vec::new()));
                if open.len() > DEPTH {
                    let message = format!("the template is nested deeper than {DEPTH} levels");
                    return Err(Fault::new(lines.place(at), "template-too-large", message));
                }
                at += 1;
                continue;
            }
            b'}' | b']' => {
                at += 1;
                let Some((id, children)) = open.pop() else {
                    return Err(Fault::new(lines.place(at), "invalid-json", "the value is not JSON"));
                };
                nodes[id.0].kind.fill(children);
                id
            }
            b' ' | b'\t' | b'\r' | b'\n' | b',' | b':' => {
                at += 1;
                continue;
            }
            _ => {
                let Ok(span) = value_span(bytes, at) else {
                    return Err(Fault::new(lines.place(at), "invalid-json", "the value is not JSON"));
                };
                let spelling = &text[at..span.end];
                let (value, style) = if byte == b'"' {
                    // A string with half of a surrogate pair has no value as text. Its spelling equals
                    // no name of a member.
                    (serde_json::from_str(spelling).unwrap_or_else(|_| spelling.to_owned()), Style::Json)
                } else {
                    (spelling.to_owned(), Style::JsonLiteral)
                };
                let id = add(Kind::Scalar { text: value.into(), style });
                at = span.end;
                id
            }
        };
        match open.last_mut() {
            Some((_, children)) => children.push(done),
            None => return Ok(Tree { text, nodes, root: done }),
        }
    }
}
