//! [`Outline`]: the values and names of an event on the paths of rules, and around them.

use hashbrown::{HashMap, HashSet};

use crate::error::Span;
use crate::id::PathId;
use crate::json::{Kind, Lexer, Token, string};
use crate::path::trie::{NodeId, PathTrie};

/// The maximum number of values that are stored for one path.
pub(crate) const VALUES: usize = 16;

/// The maximum number of values that are stored for one event.
const ALL_VALUES: usize = 1 << 16;

/// The maximum number of names that are stored for one object or name.
const NAMES: usize = 32;

/// The maximum length of a stored name in bytes.
pub(crate) const NAME_LENGTH: usize = 64;

/// The maximum number of arrays around a value that are stored, from the outermost on.
const ARRAYS: usize = 16;

/// The maximum length of a stored path in bytes.
const PATH_LENGTH: usize = 256;

/// The paths that rules name, and their last names.
#[derive(Debug)]
pub(crate) struct Wanted {
    trie: PathTrie,
    /// The last names of the paths, folded.
    names: HashSet<Box<[u8]>>,
}

impl Wanted {
    pub(crate) fn new<'p>(paths: impl Iterator<Item = &'p [u8]>) -> Wanted {
        let (mut trie, mut names) = (PathTrie::new(), HashSet::new());
        for path in paths {
            trie.insert(path, PathId(0));
            let last = path.rsplit(|&byte| byte == b'.').next().unwrap_or(path);
            if !last.is_empty() && last.len() <= NAME_LENGTH {
                names.insert(folded(last).into());
            }
        }
        Wanted { trie, names }
    }
}

/// Returns a name in lower case, without `-`, `_` and blanks.
pub(crate) fn folded(name: &[u8]) -> Vec<u8> {
    let is_kept = |byte: &&u8| !matches!(byte, b'-' | b'_' | b' ');
    name.iter().filter(is_kept).map(u8::to_ascii_lowercase).collect()
}

/// The values of an event on the wanted paths and on the paths that lead to them.
#[derive(Debug, Default)]
pub(crate) struct Outline {
    places: HashMap<u32, Place>,
    /// For a folded name, the paths that end with it, in WTF-8.
    elsewhere: HashMap<Box<[u8]>, Vec<Box<[u8]>>>,
}

/// The values of an event on one path.
#[derive(Debug, Default)]
pub(crate) struct Place {
    /// The first leaves, in the order of the text.
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) leaf_count: usize,
    pub(crate) objects: usize,
    pub(crate) arrays: usize,
    /// The first object or array.
    pub(crate) container: Option<Span>,
    /// The first names in the objects, decoded.
    pub(crate) names: Vec<Box<[u8]>>,
}

/// A string, number or literal.
#[derive(Clone, Debug)]
pub(crate) struct Leaf {
    pub(crate) kind: Kind,
    /// The JSON text, with the quotes of a string.
    pub(crate) span: Span,
    /// The arrays around the leaf that hold it in an object or array, the outermost first.
    pub(crate) elements: Vec<Element>,
}

/// An element of an array.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Element {
    /// The node of the path of the array.
    node: u32,
    /// The number of the array in the event.
    pub(crate) array: u32,
    /// The index of the element.
    pub(crate) index: u32,
}

impl Outline {
    /// Reads an event that a matcher has accepted. Takes time in proportion to the text.
    pub(crate) fn read(wanted: &Wanted, event: &[u8]) -> Outline {
        let mut outline = Outline::default();
        let lexer = Lexer::new(event);
        let (frames, name) = (Vec::new(), Vec::new());
        Reader { wanted, event, lexer, frames, name, arrays: 0, kept: 0, outline: &mut outline }.run();
        outline
    }

    /// Returns the place of a node.
    pub(crate) fn place(&self, node: NodeId) -> Option<&Place> {
        self.places.get(&node.0)
    }

    /// Returns the place of a wanted path.
    pub(crate) fn at(&self, wanted: &Wanted, path: &[u8]) -> Option<&Place> {
        self.place(wanted.trie.child(PathTrie::ROOT, path)?)
    }

    /// Returns the paths whose last name is equal to a name, apart from case, `-` and `_`.
    pub(crate) fn elsewhere(&self, name: &[u8]) -> &[Box<[u8]>] {
        self.elsewhere.get(folded(name).as_slice()).map_or(&[], Vec::as_slice)
    }
}

/// Returns each beginning of a path, the names after the beginning, and its node. The beginning of
/// the root is empty, and the last beginning is the whole path.
pub(crate) fn prefixes<'p>(
    wanted: &'p Wanted,
    path: &'p [u8],
) -> impl Iterator<Item = (&'p [u8], &'p [u8], NodeId)> + 'p {
    let mut node = Some(PathTrie::ROOT);
    let mut start = 0;
    std::iter::once((&path[..0], path, PathTrie::ROOT)).chain(path.split(|&byte| byte == b'.').map_while(
        move |name| {
            node = wanted.trie.child(node?, name);
            let end = start + name.len();
            start = path.len().min(end + 1);
            Some((&path[..end], &path[start..], node?))
        },
    ))
}

/// Returns the path of the array that holds an element, if the array is on this wanted path.
pub(crate) fn array_path<'p>(wanted: &'p Wanted, path: &'p [u8], element: Element) -> Option<&'p [u8]> {
    prefixes(wanted, path).find(|(.., node)| node.0 == element.node).map(|(prefix, ..)| prefix)
}

/// An open object or array.
struct Frame {
    /// The node, or `None` if no wanted path leads here.
    node: Option<NodeId>,
    is_array: bool,
    /// The number of the array.
    array: u32,
    /// The number of elements so far.
    count: u32,
    /// The content of the name of the member, or an empty span.
    name: Span,
}

struct Reader<'a> {
    wanted: &'a Wanted,
    event: &'a [u8],
    lexer: Lexer<'a>,
    frames: Vec<Frame>,
    /// The decoded name.
    name: Vec<u8>,
    arrays: u32,
    kept: usize,
    outline: &'a mut Outline,
}

impl Reader<'_> {
    /// Reads to the end of the root. Stops at an invalid token, which no accepted event has.
    fn run(&mut self) {
        let Ok(Token::ObjectOpen) = self.lexer.next() else { return };
        self.open(Some(PathTrie::ROOT), false, Span::default());
        while let Some(frame) = self.frames.last_mut() {
            let Ok(mut token) = self.lexer.next() else { return };
            match token {
                Token::Comma => continue,
                Token::ObjectClose | Token::ArrayClose => {
                    self.frames.pop();
                    continue;
                }
                Token::End | Token::Colon => return,
                _ => {}
            }
            let (mut node, mut name) = (frame.node, Span::default());
            frame.count = frame.count.saturating_add(1);
            if !frame.is_array {
                let span = self.lexer.span();
                name = Span::new(span.start + 1, span.end.saturating_sub(1));
                node = self.member(name);
                let (Ok(Token::Colon), Ok(value)) = (self.lexer.next(), self.lexer.next()) else { return };
                token = value;
            }
            match token {
                Token::ObjectOpen => self.open(node, false, name),
                Token::ArrayOpen => self.open(node, true, name),
                Token::String { .. } => self.leaf(node, Kind::String),
                Token::Number => self.leaf(node, Kind::Number),
                Token::True => self.leaf(node, Kind::True),
                Token::False => self.leaf(node, Kind::False),
                Token::Null => self.leaf(node, Kind::Null),
                _ => return,
            }
        }
    }

    /// Stores the name of a member of the innermost object. Returns the node of the member.
    fn member(&mut self, name: Span) -> Option<NodeId> {
        self.name.clear();
        string::decode(&self.event[name.start..name.end], &mut self.name);
        let inside = self.frames.last().and_then(|frame| frame.node);
        if self.name.len() <= NAME_LENGTH {
            if let Some(inside) = inside {
                let names = &mut self.outline.places.entry(inside.0).or_default().names;
                if names.len() < NAMES && !names.iter().any(|known| **known == *self.name) {
                    names.push(self.name.as_slice().into());
                }
            }
            let key = folded(&self.name);
            if self.wanted.names.contains(key.as_slice()) {
                let paths = self.outline.elsewhere.entry(key.into()).or_default();
                if paths.len() < NAMES
                    && let Some(path) = path(&self.frames, self.event, &self.name)
                    && !paths.contains(&path)
                {
                    paths.push(path);
                }
            }
        }
        self.wanted.trie.child(inside?, &self.name)
    }

    fn open(&mut self, node: Option<NodeId>, is_array: bool, name: Span) {
        if let Some(node) = node {
            let place = self.outline.places.entry(node.0).or_default();
            let start = self.lexer.span().start;
            place.container.get_or_insert(Span::new(start, start + 1));
            *(if is_array { &mut place.arrays } else { &mut place.objects }) += 1;
        }
        let array = self.arrays;
        self.arrays = self.arrays.saturating_add(u32::from(is_array));
        self.frames.push(Frame { node, is_array, array, count: 0, name });
    }

    fn leaf(&mut self, node: Option<NodeId>, kind: Kind) {
        let Some(node) = node else { return };
        let place = self.outline.places.entry(node.0).or_default();
        place.leaf_count += 1;
        if place.leaves.len() >= VALUES || self.kept >= ALL_VALUES {
            return;
        }
        self.kept += 1;
        // A leaf that is itself an element is not bound by its array.
        let around = &self.frames[..self.frames.len().saturating_sub(1)];
        let arrays = around.iter().filter(|frame| frame.is_array).take(ARRAYS);
        let elements = arrays.filter_map(|frame| {
            Some(Element { node: frame.node?.0, array: frame.array, index: frame.count.saturating_sub(1) })
        });
        place.leaves.push(Leaf { kind, span: self.lexer.span(), elements: elements.collect() });
    }
}

/// Returns the path of a member of the innermost object, or `None` if the path is too long.
fn path(frames: &[Frame], event: &[u8], name: &[u8]) -> Option<Box<[u8]>> {
    let mut path = Vec::new();
    for frame in frames.iter().filter(|frame| !frame.name.is_empty()) {
        // An escape has at most six bytes for one byte of the path.
        if path.len() > PATH_LENGTH || frame.name.len() > 6 * PATH_LENGTH {
            return None;
        }
        string::decode(&event[frame.name.start..frame.name.end], &mut path);
        path.push(b'.');
    }
    path.extend_from_slice(name);
    (path.len() <= PATH_LENGTH).then(|| path.into())
}

#[cfg(test)]
mod tests {
    use super::{Outline, Wanted, array_path};

    const EVENT: &str =
        r#"{"a":[{"b":1,"c":"x"},{"b":[2,{"b":3}]}],"a.b":null,"D-e":{"f":{}},"x":{"d_E":[5]}}"#;

    fn outline(paths: &[&str]) -> (Wanted, Outline) {
        let wanted = Wanted::new(paths.iter().map(|path| path.as_bytes()));
        let outline = Outline::read(&wanted, EVENT.as_bytes());
        (wanted, outline)
    }

    #[test]
    fn values_on_a_path_have_their_place() {
        let (wanted, outline) = outline(&["a.b", "a"]);
        let place = outline.at(&wanted, b"a.b").unwrap();
        let texts: Vec<&str> =
            place.leaves.iter().map(|leaf| &EVENT[leaf.span.start..leaf.span.end]).collect();
        assert_eq!((texts, place.leaf_count, place.arrays), (vec!["1", "2", "null"], 3, 1));
        let indices =
            |at: usize| place.leaves[at].elements.iter().map(|element| element.index).collect::<Vec<u32>>();
        // 2 is itself an element of the inner array.
        assert_eq!((indices(0), indices(1), indices(2)), (vec![0], vec![1], vec![]));
        assert_eq!(array_path(&wanted, b"a.b", place.leaves[1].elements[0]), Some(&b"a"[..]));
        let array = outline.at(&wanted, b"a").unwrap();
        assert_eq!((array.leaf_count, array.arrays, array.objects), (0, 1, 2));
        assert_eq!(array.names, [b"b"[..].into(), b"c"[..].into()]);
    }

    #[test]
    fn similar_names_are_found_at_every_level() {
        let (_, outline) = outline(&["de", "q.f"]);
        let paths = |name: &[u8]| {
            outline.elsewhere(name).iter().map(|path| String::from_utf8_lossy(path)).collect::<Vec<_>>()
        };
        assert_eq!(paths(b"de"), ["D-e", "x.d_E"]);
        assert_eq!(paths(b"F"), ["D-e.f"]);
        assert!(paths(b"b").is_empty());
    }
}
