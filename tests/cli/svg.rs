//! A strict reader of the XML that drawings consist of: elements with quoted attributes, texts, the
//! entities of XML.

/// An element.
#[derive(Debug, Default)]
pub(crate) struct Element {
    pub(crate) name: String,
    attributes: Vec<(String, String)>,
    pub(crate) children: Vec<Element>,
    /// The text in the element, without the text in its children.
    pub(crate) text: String,
}

impl Element {
    /// Returns the value of an attribute.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|attribute| attribute.0 == name).map(|attribute| &*attribute.1)
    }

    pub(crate) fn number(&self, name: &str) -> f64 {
        self.get(name).unwrap_or_else(|| panic!("{name} of {self:?}")).parse().unwrap()
    }

    /// Returns true if the element has the class.
    pub(crate) fn is(&self, class: &str) -> bool {
        self.get("class").is_some_and(|classes| classes.split(' ').any(|one| one == class))
    }

    /// Returns the element and all elements in it.
    pub(crate) fn all(&self) -> Vec<&Element> {
        let mut all = vec![self];
        let mut at = 0;
        while let Some(element) = all.get(at) {
            all.extend(&element.children);
            at += 1;
        }
        all
    }

    /// Returns the first child with the name.
    pub(crate) fn child(&self, name: &str) -> &Element {
        self.children.iter().find(|child| child.name == name).unwrap_or_else(|| panic!("{name} in {self:?}"))
    }
}

/// Returns the one element of a document. Panics if the document is not well-formed.
pub(crate) fn parse(text: &str) -> Element {
    let mut open = vec![Element::default()];
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('<') {
        open.last_mut().unwrap().text += &unescape(before);
        let (tag, behind) = after.split_once('>').expect("a tag is closed");
        rest = behind;
        if let Some(name) = tag.strip_prefix('/') {
            let element = open.pop().unwrap();
            assert_eq!(element.name, name, "an element ends");
            open.last_mut().expect("an element around it").children.push(element);
            continue;
        }
        let (tag, is_empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let element = element(tag);
        if is_empty {
            open.last_mut().unwrap().children.push(element);
        } else {
            open.push(element);
        }
    }
    assert_eq!((open.len(), rest.trim()), (1, ""));
    let mut document = open.pop().unwrap();
    assert_eq!((document.children.len(), document.text.trim()), (1, ""));
    document.children.pop().unwrap()
}

fn element(tag: &str) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    assert!(!name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase()), "{tag}");
    let mut element = Element { name: name.to_owned(), ..Element::default() };
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("an attribute: {tag}"));
        let (value, behind) = after.split_once('"').unwrap_or_else(|| panic!("a value: {tag}"));
        assert!(name.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'-'), "{tag}");
        assert!(element.get(name).is_none(), "{tag}");
        element.attributes.push((name.to_owned(), unescape(value)));
        rest = behind.strip_prefix(' ').unwrap_or(behind);
    }
    element
}

fn unescape(text: &str) -> String {
    let is_allowed = |c: char| c == '\n' || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    let mut parts = text.split('&');
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (entity, rest) = part.split_once(';').expect("an entity ends");
        whole.push(match entity {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            other => panic!("{other}"),
        });
        whole += rest;
    }
    assert!(text.chars().all(is_allowed) && !text.contains("]]>"), "{text}");
    whole
}
