//! Calls of functions of CloudFormation.

use crate::pattern_text::Place;
use crate::rule_entry::Fault;
use crate::template::tree::{NodeId, Tree};

/// A call of a function.
pub(super) struct Call {
    pub(super) name: String,
    pub(super) argument: NodeId,
    /// True if the function is the tag of its argument.
    pub(super) is_tag: bool,
    pub(super) place: Place,
}

impl Call {
    /// Returns the call if a node is one: `!Name x`, `{Fn::Name: x}` or `{Ref: x}`.
    pub(super) fn of(tree: &Tree<'_>, id: NodeId) -> Option<Call> {
        let node = tree.node(id);
        let call = |name: &str, argument, is_tag| {
            Some(Call { name: name.to_owned(), argument, is_tag, place: node.place })
        };
        match &node.tag {
            // Tags of YAML itself begin with `!` here.
            Some(tag) if !tag.starts_with('!') => return call(tag, id, true),
            _ => {}
        }
        let &[(key, value)] = tree.members(id) else { return None };
        match tree.scalar(key)? {
            "Ref" => call("Ref", value, false),
            name => call(name.strip_prefix("Fn::")?, value, false),
        }
    }

    /// Returns the spelling of the call in the template.
    pub(super) fn written(&self, argument: &str) -> String {
        match (self.is_tag, self.name.as_str()) {
            (true, name) => format!("!{name} {argument}"),
            (false, "Ref") => format!("Ref: {argument}"),
            (false, name) => format!("Fn::{name}: {argument}"),
        }
    }

    /// Returns the fault of a function without a value.
    pub(super) fn unresolved(&self) -> Fault {
        let name = if self.is_tag { format!("!{}", self.name) } else { format!("Fn::{}", self.name) };
        let message = format!("`{name}` has no value before the template is deployed");
        let help = "write the value in its place; galop resolves Ref, GetAtt and Sub with --define, and Join";
        Fault::new(self.place, "unresolved-intrinsic", message).with_help(help)
    }
}
