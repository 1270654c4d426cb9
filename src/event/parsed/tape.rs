//! Tapes of `simd_json`, and the scalars of all types of `simd_json`.

use ::simd_json::prelude::ValueAsScalar;
use ::simd_json::{Node, StaticNode, Tape};

use super::view::{Number, Parsed, View};

/// The nodes of a tape from the start of a value on. The value is the first node with the nodes
/// inside it.
///
/// Nodes are read in place of `tape::Value`, because a node stores the number of nodes inside an
/// object or array. A value that no rule names is therefore skipped at once.
#[derive(Clone, Copy)]
pub(super) struct Nodes<'e>(&'e [Node<'e>]);

impl<'e> Nodes<'e> {
    /// Returns the root of a tape.
    pub(super) fn of(tape: &'e Tape<'e>) -> Nodes<'e> {
        Nodes(&tape.0)
    }

    /// Returns the number of nodes of the value.
    #[inline(always)]
    fn length(self) -> usize {
        match self.0.first() {
            Some(Node::Object { count, .. } | Node::Array { count, .. }) => count.saturating_add(1),
            _ => 1,
        }
    }
}

impl<'e> Parsed<'e> for Nodes<'e> {
    type Name = &'e str;
    type Members = Members<'e>;
    type Elements = Elements<'e>;

    #[inline(always)]
    fn view(self) -> View<'e, Nodes<'e>> {
        match self.0 {
            [Node::Object { len, count }, nodes @ ..] => {
                View::Object(Members(Elements::new(nodes, *len, *count)))
            }
            [Node::Array { len, count }, nodes @ ..] => View::Array(Elements::new(nodes, *len, *count)),
            [Node::String(text), ..] => View::String(text),
            [Node::Static(scalar), ..] => scalar_view(scalar),
            [] => View::Null,
        }
    }

    #[inline(always)]
    fn has_at_most(self, levels: usize) -> bool {
        self.length() <= levels
    }
}

/// The remaining values of an array.
pub(super) struct Elements<'e> {
    nodes: &'e [Node<'e>],
    left: usize,
}

impl<'e> Elements<'e> {
    /// Returns an iterator over `left` values, which have `count` nodes. A tape can be built by any
    /// program, so the counts may be wrong. With any counts, no value extends past the value around
    /// it, and no node is read twice.
    #[inline(always)]
    fn new(nodes: &'e [Node<'e>], left: usize, count: usize) -> Elements<'e> {
        Elements { nodes: nodes.get(..count).unwrap_or(nodes), left }
    }
}

impl<'e> Iterator for Elements<'e> {
    type Item = Nodes<'e>;

    #[inline]
    fn next(&mut self) -> Option<Nodes<'e>> {
        self.left = self.left.checked_sub(1)?;
        let value = Nodes(self.nodes);
        self.nodes = self.nodes.get(value.length()..)?;
        Some(value)
    }
}

/// The remaining members of an object.
pub(super) struct Members<'e>(Elements<'e>);

impl<'e> Iterator for Members<'e> {
    type Item = (&'e str, Nodes<'e>);

    #[inline]
    fn next(&mut self) -> Option<(&'e str, Nodes<'e>)> {
        let (name, nodes) = self.0.nodes.split_first()?;
        let Node::String(name) = name else { return None };
        self.0.nodes = nodes;
        Some((name, self.0.next()?))
    }
}

#[inline]
pub(super) fn scalar_view<'e, P: Parsed<'e>>(scalar: &StaticNode) -> View<'e, P> {
    let number = match scalar {
        StaticNode::Null => return View::Null,
        StaticNode::Bool(true) => return View::True,
        StaticNode::Bool(false) => return View::False,
        StaticNode::U64(value) => Number::Integer { is_negative: false, magnitude: (*value).into() },
        StaticNode::I64(value) => {
            Number::Integer { is_negative: *value < 0, magnitude: value.unsigned_abs().into() }
        }
        // Features of `simd_json` add other kinds of numbers, and change how they are stored.
        other => match (other.as_f64(), other.as_u128(), other.as_i128()) {
            (Some(value), _, _) => Number::Double(value),
            (_, Some(magnitude), _) => Number::Integer { is_negative: false, magnitude },
            (_, _, Some(value)) => {
                Number::Integer { is_negative: value < 0, magnitude: value.unsigned_abs() }
            }
            (None, None, None) => Number::Double(f64::NAN),
        },
    };
    View::Number(number)
}
