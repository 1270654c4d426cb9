//! A template as a tree of nodes, each with its place in the text.
//!
//! Templates in YAML and in JSON have the same tree. An alias of YAML is the number of the repeated
//! node, so an alias takes no memory. A reader of the tree counts the nodes that it visits, repeated
//! ones too.

use std::collections::HashSet;

use crate::pattern_text::Place;
use crate::rule_entry::Fault;
use crate::template::scalar::Style;

/// The number of a node of a tree.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct NodeId(pub(super) usize);

/// A node of a tree.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) kind: Kind,
    /// The tag of YAML without its `!`, for instance `Ref`.
    pub(super) tag: Option<Box<str>>,
    /// The offset of the first byte, tag excluded.
    pub(super) start: usize,
    /// The place of the tag, or of the first byte.
    pub(super) place: Place,
    /// The place of the first byte.
    pub(super) begin: Place,
}

#[derive(Debug)]
pub(super) enum Kind {
    Scalar { text: Box<str>, style: Style },
    Sequence(Vec<NodeId>),
    Mapping(Vec<(NodeId, NodeId)>),
}

impl Kind {
    /// Sets the elements of a sequence, or the names and values of a mapping.
    pub(super) fn fill(&mut self, children: Vec<NodeId>) {
        match self {
            Kind::Scalar { .. } => {}
            Kind::Sequence(elements) => *elements = children,
            Kind::Mapping(members) => {
                *members = children.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
            }
        }
    }

    /// Returns the names of the members.
    pub(super) fn keys(&self) -> impl Iterator<Item = NodeId> {
        let members: &[_] = match self {
            Kind::Mapping(members) => members,
            Kind::Scalar { .. } | Kind::Sequence(_) => &[],
        };
        members.iter().map(|&(key, _)| key)
    }
}

/// The nodes of a template.
#[derive(Debug)]
pub(super) struct Tree<'t> {
    pub(super) text: &'t str,
    pub(super) nodes: Vec<Node>,
    pub(super) root: NodeId,
}

impl Tree<'_> {
    pub(super) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.0]
    }

    /// Returns the text of a scalar.
    pub(super) fn scalar(&self, id: NodeId) -> Option<&str> {
        match &self.node(id).kind {
            Kind::Scalar { text, .. } => Some(text),
            Kind::Sequence(_) | Kind::Mapping(_) => None,
        }
    }

    /// Returns the members of a mapping, or nothing.
    pub(super) fn members(&self, id: NodeId) -> &[(NodeId, NodeId)] {
        match &self.node(id).kind {
            Kind::Mapping(members) => members,
            Kind::Scalar { .. } | Kind::Sequence(_) => &[],
        }
    }

    /// Returns the elements of a sequence, or nothing.
    pub(super) fn elements(&self, id: NodeId) -> &[NodeId] {
        match &self.node(id).kind {
            Kind::Sequence(elements) => elements,
            Kind::Scalar { .. } | Kind::Mapping(_) => &[],
        }
    }

    pub(super) fn is_mapping(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, Kind::Mapping(_))
    }

    /// Returns the value of a member.
    pub(super) fn get(&self, id: NodeId, name: &str) -> Option<NodeId> {
        let member = self.members(id).iter().find(|(key, _)| self.scalar(*key) == Some(name));
        member.map(|&(_, value)| value)
    }

    /// Returns the value at a path of members.
    pub(super) fn at(&self, id: NodeId, path: &[&str]) -> Option<NodeId> {
        path.iter().try_fold(id, |id, name| self.get(id, name))
    }

    /// Returns the text of a scalar without a tag at a path of members.
    pub(super) fn text_at(&self, id: NodeId, path: &[&str]) -> Option<&str> {
        let id = self.at(id, path)?;
        self.node(id).tag.is_none().then(|| self.scalar(id)).flatten()
    }

    /// Returns the fault of a mapping that has a name twice: readers of templates take different values.
    pub(super) fn repeated(&self, id: NodeId) -> Option<Fault> {
        let mut names = HashSet::new();
        self.members(id).iter().find_map(|(key, _)| {
            let name = self.scalar(*key)?;
            let message = || format!("`{name}` is there twice");
            (!names.insert(name)).then(|| Fault::new(self.node(*key).place, "repeated-member", message()))
        })
    }
}
