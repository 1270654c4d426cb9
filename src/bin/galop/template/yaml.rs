//! Reads YAML as a tree.

use granit_parser::{Event, Parser, ScalarStyle, ScanError, Span, options};

use crate::lines::Lines;
use crate::pattern_text::Place;
use crate::rule_entry::Fault;
use crate::template::scalar::Style;
use crate::template::tree::{Kind, Node, NodeId, Tree};

/// The maximum number of members that merge keys copy. A mapping that is merged into many mappings
/// is copied each time.
const MERGED: usize = 1 << 20;

/// Returns the tree of the first document. A text without a document has no tree.
pub(super) fn read<'t>(text: &'t str, lines: &Lines<'_>) -> Result<Option<Tree<'t>>, Fault> {
    let options = options! { emit_comments: false };
    let mut builder =
        Builder { text, lines, nodes: Vec::new(), open: Vec::new(), anchors: Vec::new(), merges: Vec::new() };
    let mut root = None;
    for next in Parser::new_from_str_with_options(text, options) {
        let (event, span) = next.map_err(|error| scan_fault(&error))?;
        if matches!(event, Event::DocumentStart(..)) && root.is_some() {
            let message = "a second document begins here: a template is one document";
            return Err(Fault::new(place(&span), "invalid-yaml", message));
        }
        if let Some(done) = builder.event(event, &span)? {
            root = Some(done);
        }
    }
    let Some(root) = root else { return Ok(None) };
    let mut tree = Tree { text, nodes: builder.nodes, root };
    merge(&mut tree, builder.merges)?;
    Ok(Some(tree))
}

fn scan_fault(error: &ScanError) -> Fault {
    let at = error.marker();
    let place = Place { line: at.line(), column: at.col() + 1 };
    Fault::new(place, "invalid-yaml", error.info())
}

fn place(span: &Span) -> Place {
    let at = span.tag_start().unwrap_or(span.start);
    Place { line: at.line(), column: at.col() + 1 }
}

struct Builder<'t, 'l> {
    text: &'t str,
    lines: &'l Lines<'l>,
    nodes: Vec<Node>,
    /// The sequences and mappings that are not complete: their nodes, their children, and their
    /// anchors.
    open: Vec<(NodeId, Vec<NodeId>, usize)>,
    /// The nodes with an anchor. `None` for a node that is not complete.
    anchors: Vec<Option<NodeId>>,
    /// The complete mappings with merge keys. The source of a merge is complete before its target.
    merges: Vec<NodeId>,
}

impl Builder<'_, '_> {
    /// Returns the root if it is complete.
    fn event(&mut self, event: Event<'_>, span: &Span) -> Result<Option<NodeId>, Fault> {
        let tag = event.tag().map(tag_name);
        let done = match event {
            Event::Scalar(text, style, anchor, _) => {
                let kind = Kind::Scalar { text: text.into(), style: scalar_style(style) };
                let id = self.node(kind, tag, span);
                self.complete(id, anchor);
                id
            }
            Event::SequenceStart(_, anchor, _) => {
                let id = self.node(Kind::Sequence(Vec::new()), tag, span);
                self.open.push((id, Vec::new(), anchor));
                return Ok(None);
            }
            Event::MappingStart(_, anchor, _) => {
                let id = self.node(Kind::Mapping(Vec::new()), tag, span);
                self.open.push((id, Vec::new(), anchor));
                return Ok(None);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some((id, children, anchor)) = self.open.pop() else { return Ok(None) };
                self.nodes[id.0].kind.fill(children);
                let has_merge = self.nodes[id.0].kind.keys().any(|key| is_merge(&self.nodes[key.0]));
                if has_merge {
                    self.merges.push(id);
                }
                self.complete(id, anchor);
                id
            }
            Event::Alias(anchor) => match self.anchors.get(anchor).copied().flatten() {
                Some(id) => id,
                None => {
                    let message = "the alias repeats a node that it is a part of";
                    return Err(Fault::new(place(span), "yaml-cycle", message));
                }
            },
            _ => return Ok(None),
        };
        match self.open.last_mut() {
            Some((_, children, _)) => {
                children.push(done);
                Ok(None)
            }
            None => Ok(Some(done)),
        }
    }

    fn node(&mut self, kind: Kind, tag: Option<Box<str>>, span: &Span) -> NodeId {
        let begin = Place { line: span.start.line(), column: span.start.col() + 1 };
        let start = span.start.byte_offset().unwrap_or_else(|| {
            let line = self.text.get(self.lines.start(span.start.line())..).unwrap_or_default();
            let before: usize = line.chars().take(span.start.col()).map(char::len_utf8).sum();
            self.lines.start(span.start.line()) + before
        });
        self.nodes.push(Node { kind, tag, start, place: place(span), begin });
        NodeId(self.nodes.len() - 1)
    }

    fn complete(&mut self, id: NodeId, anchor: usize) {
        if anchor > 0 {
            // The parser numbers anchors in the order of the text, from one. No anchor has a number
            // greater than the number of nodes.
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, None);
            }
            self.anchors[anchor] = Some(id);
        }
    }
}

fn tag_name(tag: &granit_parser::Tag) -> Box<str> {
    match tag.core_suffix() {
        Some(suffix) => format!("!{suffix}").into(),
        None => tag.suffix().into(),
    }
}

fn scalar_style(style: ScalarStyle) -> Style {
    match style {
        ScalarStyle::Plain => Style::Plain,
        ScalarStyle::SingleQuoted => Style::Single,
        ScalarStyle::DoubleQuoted => Style::Double,
        ScalarStyle::Literal | ScalarStyle::Folded => Style::Block,
    }
}

/// Returns true for the key `<<`, if it is not quoted.
fn is_merge(key: &Node) -> bool {
    let is_sign = matches!(&key.kind, Kind::Scalar { text, style: Style::Plain } if &**text == "<<");
    is_sign && key.tag.is_none()
}

/// Replaces merge keys by the members of the mappings that they name. A member of the mapping itself
/// has priority, then the first mapping that has it.
fn merge(tree: &mut Tree<'_>, merges: Vec<NodeId>) -> Result<(), Fault> {
    let mut copied = 0;
    for id in merges {
        let (sources, mut members): (Vec<_>, Vec<_>) =
            tree.members(id).iter().copied().partition(|&(key, _)| is_merge(tree.node(key)));
        for (key, value) in sources {
            let mappings = match tree.node(value).kind {
                Kind::Sequence(ref elements) => elements.clone(),
                _ => vec![value],
            };
            for mapping in mappings {
                if !tree.is_mapping(mapping) {
                    let message = "`<<` takes a mapping, or a list of them";
                    return Err(Fault::new(tree.node(key).place, "invalid-yaml", message));
                }
                copied += tree.members(mapping).len() + members.len();
                if copied > MERGED {
                    let message = "the merge keys repeat too many members";
                    return Err(Fault::new(tree.node(key).place, "template-too-large", message));
                }
                let own: std::collections::HashSet<String> =
                    members.iter().filter_map(|&(key, _)| tree.scalar(key)).map(str::to_owned).collect();
                let is_new = |key: NodeId| tree.scalar(key).is_none_or(|name| !own.contains(name));
                members.extend(tree.members(mapping).iter().copied().filter(|&(key, _)| is_new(key)));
            }
        }
        tree.nodes[id.0].kind = Kind::Mapping(members);
    }
    Ok(())
}
