//! Events: from paths and values to JSON text.

use std::fmt::Write;

use hashbrown::HashMap;

use super::satisfy::Value;
use super::text::quoted;

/// The maximum number of names on a path that become nested objects. A longer path is one name with
/// dots, which has the same meaning. The depth of an event is limited, and the printer is recursive.
const NESTED: usize = 64;

/// The members of the envelope in the order of the service, with plausible values. `detail` and
/// `resources` have no leaf.
pub(super) const ENVELOPE: [(&str, &str); 9] = [
    ("version", "\"0\""),
    ("id", "\"00000000-0000-0000-0000-000000000000\""),
    ("detail-type", "\"example\""),
    ("source", "\"example\""),
    ("account", "\"123456789012\""),
    ("time", "\"2026-01-01T00:00:00Z\""),
    ("region", "\"us-east-1\""),
    ("resources", "[]"),
    ("detail", "{}"),
];

/// An object of an event, or the place of a leaf, or both.
#[derive(Default)]
struct Node<'a> {
    /// True if there is a leaf here or below. Other nodes keep the place of an absent path, so that
    /// events with and without it have one order.
    is_present: bool,
    leaf: Option<&'a str>,
    /// The members in the order of their addition.
    members: Vec<(&'a [u8], Node<'a>)>,
    /// The index of each member.
    index: HashMap<&'a [u8], usize>,
}

impl<'a> Node<'a> {
    fn member(&mut self, name: &'a [u8]) -> &mut Node<'a> {
        let at = *self.index.entry(name).or_insert(self.members.len());
        if at == self.members.len() {
            self.members.push((name, Node::default()));
        }
        &mut self.members[at].1
    }

    fn write(&self, out: &mut String) {
        match (self.leaf, self.members.iter().any(|(_, node)| node.is_present)) {
            (Some(leaf), false) => out.push_str(leaf),
            (None, _) => self.write_object(out),
            // A leaf that is an element of an array is on the path of the array, like the leaves of
            // an object beside it.
            (Some(leaf), true) => {
                out.push('[');
                out.push_str(leaf);
                out.push(',');
                self.write_object(out);
                out.push(']');
            }
        }
    }

    fn write_object(&self, out: &mut String) {
        out.push('{');
        let present = self.members.iter().filter(|(_, node)| node.is_present);
        for (index, (name, node)) in present.enumerate() {
            if index > 0 {
                out.push(',');
            }
            let _ = write!(out, "{}:", quoted(name));
            node.write(out);
        }
        out.push('}');
    }
}

/// Returns an event with the values on the paths. With `envelope`, the members of the envelope that
/// no value leads into are added, and the members of the root are in the order of the service.
pub(super) fn event<'a>(leaves: impl Iterator<Item = (&'a [u8], &'a Value)>, envelope: bool) -> String {
    let mut root = Node::default();
    let leaves: Vec<_> = leaves.collect();
    if envelope {
        for (name, default) in &ENVELOPE {
            let node = root.member(name.as_bytes());
            let name = name.as_bytes();
            // An absent path must have no leaf, and `[]` and `{}` have none.
            let is_named = |path: &[u8], value: &Value| match value {
                Some(_) => path.split(|&byte| byte == b'.').next() == Some(name),
                None => path == name && default.starts_with('"'),
            };
            node.is_present = !leaves.iter().any(|(path, value)| is_named(path, value));
            if node.is_present {
                node.leaf = Some(default);
            }
        }
    }
    for (path, value) in leaves {
        let is_present = value.is_some();
        let mut node = &mut root;
        let dots = path.iter().filter(|&&byte| byte == b'.').count();
        if dots < NESTED {
            for name in path.split(|&byte| byte == b'.') {
                node = node.member(name);
                node.is_present |= is_present;
            }
        } else {
            node = node.member(path);
            node.is_present |= is_present;
        }
        node.leaf = value.as_deref().or(node.leaf);
    }
    let mut out = String::new();
    root.write_object(&mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::event;

    fn text(leaves: &[(&str, &str)], envelope: bool) -> String {
        let leaves: Vec<_> = leaves.iter().map(|(path, value)| (path, Some((*value).to_owned()))).collect();
        event(leaves.iter().map(|(path, value)| (path.as_bytes(), value)), envelope)
    }

    #[test]
    fn paths_become_nested_objects() {
        assert_eq!(text(&[("a.b", "1"), ("c", "2"), ("a.d", "3")], false), r#"{"a":{"b":1,"d":3},"c":2}"#);
        assert_eq!(text(&[(".a", "1"), ("b.", "2")], false), r#"{"":{"a":1},"b":{"":2}}"#);
        assert_eq!(text(&[], false), "{}");
    }

    #[test]
    fn leaf_beside_an_object_is_an_element() {
        assert_eq!(text(&[("a.b", "1"), ("a", "2")], false), r#"{"a":[2,{"b":1}]}"#);
        assert_eq!(text(&[("a", "2"), ("a.b.c", "1")], false), r#"{"a":[2,{"b":{"c":1}}]}"#);
    }

    #[test]
    fn long_path_is_one_name() {
        let path = vec!["a"; 100].join(".");
        assert_eq!(text(&[(&path, "1")], false), format!("{{\"{path}\":1}}"));
    }

    #[test]
    fn envelope_fills_other_members() {
        let event = text(&[("source", "\"aws.s3\""), ("detail.x", "1"), ("y", "2")], true);
        assert!(event.starts_with(r#"{"version":"0","id":"#), "{event}");
        assert!(event.contains(r#""source":"aws.s3","account":"123456789012","#), "{event}");
        assert!(event.ends_with(r#""resources":[],"detail":{"x":1},"y":2}"#), "{event}");
    }
}
