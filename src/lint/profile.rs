//! [`EventProfile`]: the paths of a sample of events, and the kinds of values on them.

use std::collections::HashMap;
use std::fmt;

use crate::builder::MatcherBuilder;
use crate::error::EventError;
use crate::event::limits::EventLimits;
use crate::json::{Lexer, Token, string};
use crate::matcher::Matcher;
use crate::rules::RuleSet;
use crate::scratch::Scratch;

/// The maximum length of a path that is suggested. Without a limit, the paths of nested objects with
/// long names would have more bytes together than the events.
const SHOWN: usize = 1_024;

/// The paths of a sample of events, and the kinds of the values on them.
///
/// Memory is bounded: at most [`EventProfile::MAX_PATHS`] paths with names of
/// [`EventProfile::MAX_BYTES`] bytes together are stored. [`EventProfile::is_complete`] returns
/// false if the sample has more. The time is proportional to the text of the events.
///
/// ```
/// use galop::lint::{EventProfile, Lints, lint_with_events};
///
/// let mut profile = EventProfile::new();
/// profile.add(br#"{"detail":{"instance-id":"i-1","state":"running"}}"#)?;
///
/// let mut rules = galop::RuleSet::new();
/// rules.add(r#"{"detail":{"state":["running"],"instanceId":["i-1"]}}"#)?;
/// let warnings = lint_with_events(&rules, &Lints::new(), &profile);
/// assert_eq!((warnings.len(), warnings[0].code()), (1, "path-not-seen"));
/// assert_eq!(warnings[0].help().as_deref(), Some("did you mean `detail.instance-id`?"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct EventProfile {
    /// A matcher without rules, which validates events.
    matcher: Matcher,
    scratch: Scratch,
    /// A tree of names. The first node is the root.
    nodes: Vec<Node>,
    /// The bytes of all names.
    bytes: usize,
    events: u64,
    is_complete: bool,
}

#[derive(Debug, Default)]
struct Node {
    kinds: SeenKinds,
    children: HashMap<Box<[u8]>, u32>,
}

/// The kinds of the values that occur on a path.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub(super) struct SeenKinds {
    pub(super) strings: bool,
    pub(super) numbers: bool,
    /// `true`, `false` or `null`.
    pub(super) literals: bool,
    pub(super) objects: bool,
}

impl SeenKinds {
    /// Returns true if a value that is not an object occurs.
    pub(super) fn has_value(self) -> bool {
        self.strings || self.numbers || self.literals
    }
}

/// Writes the kinds of values that are not objects: `strings and numbers`.
impl fmt::Display for SeenKinds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kinds = [
            (self.strings, "strings"),
            (self.numbers, "numbers"),
            (self.literals, "`true`, `false` or `null`"),
        ];
        let kinds: Vec<&str> = kinds.iter().filter(|(is_seen, _)| *is_seen).map(|(_, name)| *name).collect();
        f.write_str(&kinds.join(" and "))
    }
}

impl EventProfile {
    /// The maximum number of stored paths.
    pub const MAX_PATHS: usize = 1 << 18;

    /// The maximum number of bytes of the names of all stored paths.
    pub const MAX_BYTES: usize = 16 << 20;

    /// Returns a profile of no events.
    #[must_use]
    pub fn new() -> EventProfile {
        EventProfile::with_limits(EventLimits::default())
    }

    /// Returns a profile of no events that accepts events within these limits.
    #[must_use]
    pub fn with_limits(limits: EventLimits) -> EventProfile {
        let matcher = MatcherBuilder::new().event_limits(limits).build(&RuleSet::new());
        EventProfile {
            matcher: matcher.expect("a set without rules is compiled"),
            scratch: Scratch::new(),
            nodes: vec![Node::default()],
            bytes: 0,
            events: 0,
            is_complete: true,
        }
    }

    /// Adds an event to the sample.
    ///
    /// # Errors
    ///
    /// Returns an error if the event is not valid, or crosses a limit. The profile is unchanged.
    ///
    /// ```
    /// let mut profile = galop::lint::EventProfile::new();
    /// assert_eq!(profile.add(b"{\"a\":}").unwrap_err().code(), "unexpected-character");
    /// assert_eq!(profile.events(), 0);
    /// ```
    pub fn add(&mut self, event: &[u8]) -> Result<(), EventError> {
        self.matcher.is_match(&mut self.scratch, event)?;
        self.events += 1;
        // The node of each open object and array, or `None` if its path is not stored. The matcher
        // has checked the grammar and the depth.
        let mut open: Vec<Option<u32>> = Vec::new();
        let mut lexer = Lexer::new(event);
        let mut name = Vec::new();
        let mut at = Some(0);
        // The node of the last token, if it is a string. The string is a name if a colon follows, and
        // a value otherwise.
        let mut string: Option<Option<u32>> = None;
        loop {
            let token = lexer.next()?;
            if let Some(node) = string.take()
                && token != Token::Colon
            {
                self.note(node, |kinds| kinds.strings = true);
            }
            match token {
                Token::ObjectOpen => {
                    self.note(at, |kinds| kinds.objects = true);
                    open.push(at);
                }
                Token::ArrayOpen => open.push(at),
                Token::ObjectClose | Token::ArrayClose => {
                    open.pop();
                }
                // The path of an element is the path of its array.
                Token::Comma => at = open.last().copied().flatten(),
                Token::String { .. } => {
                    name.clear();
                    string::decode(lexer.string_content(), &mut name);
                    string = Some(at);
                }
                Token::Number => self.note(at, |kinds| kinds.numbers = true),
                Token::True | Token::False | Token::Null => self.note(at, |kinds| kinds.literals = true),
                Token::Colon => {
                    at = open.last().copied().flatten().and_then(|parent| self.child(parent, &name));
                }
                Token::End => return Ok(()),
            }
        }
    }

    /// Returns the number of events in the sample.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Returns true if all paths of the sample are stored. If not, no path counts as missing.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }

    /// Returns the kinds on a path, or `None` if no event has the path.
    pub(super) fn kinds(&self, path: &[u8]) -> Option<SeenKinds> {
        let mut node = 0_u32;
        for name in path.split(|&byte| byte == b'.') {
            node = *self.nodes[node as usize].children.get(name)?;
        }
        Some(self.nodes[node as usize].kinds)
    }

    /// Calls a function with every path that has a value and at most [`SHOWN`] bytes.
    pub(super) fn for_each_path(&self, mut visit: impl FnMut(&[u8])) {
        // The path is extended and cut on the way through the tree.
        let mut path: Vec<u8> = Vec::new();
        let mut open = vec![(self.nodes[0].children.iter(), 0)];
        while let Some((children, length)) = open.last_mut() {
            path.truncate(*length);
            let Some((name, &node)) = children.next() else {
                open.pop();
                continue;
            };
            if *length + name.len() >= SHOWN {
                continue;
            }
            if open.len() > 1 {
                path.push(b'.');
            }
            path.extend_from_slice(name);
            let node = &self.nodes[node as usize];
            if node.kinds.has_value() {
                visit(&path);
            }
            open.push((node.children.iter(), path.len()));
        }
    }

    fn note(&mut self, node: Option<u32>, set: impl FnOnce(&mut SeenKinds)) {
        if let Some(node) = node {
            set(&mut self.nodes[node as usize].kinds);
        }
    }

    /// Returns the node of a member, or `None` if there is no room for it. A dot in the name
    /// separates names.
    fn child(&mut self, parent: u32, name: &[u8]) -> Option<u32> {
        let mut node = parent;
        for part in name.split(|&byte| byte == b'.') {
            if let Some(&child) = self.nodes[node as usize].children.get(part) {
                node = child;
                continue;
            }
            if self.nodes.len() > EventProfile::MAX_PATHS || self.bytes + part.len() > EventProfile::MAX_BYTES
            {
                self.is_complete = false;
                return None;
            }
            let child = self.nodes.len() as u32;
            self.bytes += part.len();
            self.nodes.push(Node::default());
            self.nodes[node as usize].children.insert(part.into(), child);
            node = child;
        }
        Some(node)
    }
}

impl Default for EventProfile {
    /// The same as [`EventProfile::new`].
    fn default() -> EventProfile {
        EventProfile::new()
    }
}
