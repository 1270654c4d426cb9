//! A tree of JSON: names may be repeated, and scalars and names keep their spelling.

use galop_harness::generate::Dice;

#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Tree {
    /// The spelling of a scalar. A string includes its quotes.
    Scalar(String),
    Array(Vec<Tree>),
    /// Names in their spelling, with their quotes.
    Object(Vec<(String, Tree)>),
}

/// The layout of a text, in percent: needlessly escaped characters, and places with blanks.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Noise {
    pub(crate) escapes: u64,
    pub(crate) blanks: u64,
}

/// The maximum depth of a tree.
const DEPTH: usize = 100;

impl Tree {
    /// Returns the tree of a valid text. Some invalid texts have a tree too, but the strings of a
    /// tree are always valid.
    pub(crate) fn parse(text: &str) -> Option<Tree> {
        let mut reader = Reader { text, at: 0 };
        let tree = reader.value(DEPTH)?;
        reader.blanks();
        (reader.at == text.len()).then_some(tree)
    }

    pub(crate) fn string(text: &str) -> Tree {
        Tree::Scalar(quoted(text))
    }

    /// Returns an object with one member.
    pub(crate) fn member(name: &str, value: Tree) -> Tree {
        Tree::Object(vec![(quoted(name), value)])
    }

    /// Calls `see` for every scalar.
    pub(crate) fn scalars<'a>(&'a self, see: &mut impl FnMut(&'a str)) {
        match self {
            Tree::Scalar(raw) => see(raw),
            Tree::Array(elements) => elements.iter().for_each(|element| element.scalars(see)),
            Tree::Object(members) => members.iter().for_each(|(_, value)| value.scalars(see)),
        }
    }

    pub(crate) fn plain(&self) -> String {
        self.write(&mut Dice::new(0), Noise::default())
    }

    pub(crate) fn write(&self, dice: &mut Dice, noise: Noise) -> String {
        let mut text = String::new();
        self.write_into(dice, noise, &mut text);
        text
    }

    fn write_into(&self, dice: &mut Dice, noise: Noise, text: &mut String) {
        write_blanks(dice, noise, text);
        match self {
            Tree::Scalar(raw) => write_scalar(raw, dice, noise, text),
            Tree::Array(elements) => {
                text.push('[');
                for (at, element) in elements.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    element.write_into(dice, noise, text);
                }
                text.push(']');
            }
            Tree::Object(members) => {
                text.push('{');
                for (at, (name, value)) in members.iter().enumerate() {
                    if at > 0 {
                        text.push(',');
                    }
                    write_blanks(dice, noise, text);
                    write_scalar(name, dice, noise, text);
                    write_blanks(dice, noise, text);
                    text.push(':');
                    value.write_into(dice, noise, text);
                }
                text.push('}');
            }
        }
        write_blanks(dice, noise, text);
    }
}

pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Returns the decoded string. Returns none if `raw` is no string or has an unpaired surrogate.
pub(crate) fn unquoted(raw: &str) -> Option<String> {
    serde_json::from_str(raw).ok()
}

fn write_blanks(dice: &mut Dice, noise: Noise, text: &mut String) {
    if noise.blanks > 0 && dice.percent(noise.blanks) {
        // Sometimes more than a block of a kernel.
        let most = if dice.percent(10) { 90 } else { 4 };
        for _ in 0..dice.between(1, most) {
            text.push(dice.pick(&[' ', '\n', '\t', '\r']));
        }
    }
}

fn write_scalar(raw: &str, dice: &mut Dice, noise: Noise, text: &mut String) {
    if noise.escapes == 0 || !raw.starts_with('"') {
        text.push_str(raw);
        return;
    }
    text.push('"');
    let mut chars = raw[1..raw.len() - 1].chars();
    while let Some(char) = chars.next() {
        if char == '\\' {
            // The hexadecimal digits must not change.
            let kind = chars.next().unwrap_or('\\');
            text.extend(['\\', kind]);
            if kind == 'u' {
                text.extend(chars.by_ref().take(4));
            }
        } else if dice.percent(noise.escapes) {
            for unit in char.encode_utf16(&mut [0; 2]) {
                let capitals = dice.percent(50);
                text.push_str(&if capitals { format!("\\u{unit:04X}") } else { format!("\\u{unit:04x}") });
            }
        } else {
            text.push(char);
        }
    }
    text.push('"');
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
    }

    fn takes(&mut self, byte: u8) -> bool {
        self.blanks();
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn value(&mut self, depth: usize) -> Option<Tree> {
        self.blanks();
        match self.peek()? {
            _ if depth == 0 => None,
            b'{' => self
                .list(b'}', |reader| {
                    let name = reader.string()?;
                    let value = if reader.takes(b':') { reader.value(depth - 1) } else { None };
                    Some((name, value?))
                })
                .map(Tree::Object),
            b'[' => self.list(b']', |reader| reader.value(depth - 1)).map(Tree::Array),
            b'"' => self.string().map(Tree::Scalar),
            _ => {
                let rest = &self.text[self.at..];
                let end = rest.find([',', ']', '}', ':', '"', ' ', '\t', '\r', '\n']).unwrap_or(rest.len());
                self.at += end;
                (end > 0).then(|| Tree::Scalar(rest[..end].to_owned()))
            }
        }
    }

    fn list<T>(&mut self, close: u8, item: impl Fn(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        self.at += 1;
        let mut items = Vec::new();
        if self.takes(close) {
            return Some(items);
        }
        loop {
            items.push(item(self)?);
            if !self.takes(b',') {
                return self.takes(close).then_some(items);
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        self.blanks();
        let rest = &self.text[self.at..];
        let mut escaped = true;
        let length = rest.bytes().position(|byte| {
            let closes = byte == b'"' && !escaped;
            escaped = !escaped && byte == b'\\';
            closes
        })?;
        let raw = &rest[..=length];
        self.at += raw.len();
        serde_json::from_str::<&serde_json::value::RawValue>(raw).ok()?;
        raw.starts_with('"').then(|| raw.to_owned())
    }
}
