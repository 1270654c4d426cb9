//! A parser of I-Regexp (RFC 9485), which builds the syntax tree of `regex-syntax`.
//!
//! The parser of `regex-syntax` is not used. Its language is larger, and some characters have
//! another meaning in it. Open groups are stored in a stack on the heap, so nesting takes no stack
//! of the thread.

use std::mem;

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind, Repetition};

/// The reason why a text is not a regular expression.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Fault {
    /// The offset of the first invalid character, or the length of the text.
    pub(crate) at: usize,
    /// The number of invalid characters.
    pub(crate) length: usize,
    pub(crate) reason: &'static str,
}

type Result<T> = std::result::Result<T, Fault>;

/// The maximum number of groups around a character. Compilation takes stack for each.
const MOST_GROUPS: usize = 16;

/// The approximate number of bytes of the syntax tree for a character.
const ATOM_BYTES: usize = 170;

/// Parses a text in WTF-8. Returns `None` if the syntax tree takes more bytes than `most_bytes`.
pub(super) fn parse(text: &[u8], most_bytes: usize) -> Result<Option<Hir>> {
    let text = std::str::from_utf8(text).map_err(|error| Fault {
        at: error.valid_up_to(),
        length: 1,
        reason: "a surrogate without a partner is no character",
    })?;
    let mut reader = Reader { text, at: 0 };
    let mut groups = vec![Group::default()];
    let mut bytes = 0;
    while let Some(c) = reader.next() {
        let start = reader.at - c.len_utf8();
        let depth = groups.len();
        let group = groups.last_mut().expect("the last group is left with the text");
        let atom = match c {
            '(' if depth > MOST_GROUPS => return reader.fault(start, "groups nest too deeply"),
            '(' if reader.peek() == Some('?') => return reader.fault(start, "groups have no options"),
            '(' => {
                groups.push(Group { start, ..Group::default() });
                continue;
            }
            ')' if depth == 1 => return reader.fault(start, "no group is open"),
            ')' => groups.pop().expect("a group is open").finish(),
            '|' => {
                group.end_branch();
                continue;
            }
            '.' => class(&[('\0', '\t'), ('\u{B}', '\u{C}'), ('\u{E}', char::MAX)]),
            '\\' => match reader.escape(start)? {
                Escape::Character(c) => literal(c),
                Escape::Category(ranges) => Hir::class(Class::Unicode(ranges)),
            },
            '[' => reader.class(start)?,
            '*' | '+' | '?' => return reader.fault(start, "no expression precedes the quantifier"),
            '{' => {
                return reader
                    .fault(start, "no expression precedes the quantifier; `\\{` is the character `{`");
            }
            '}' | ']' => return reader.fault(start, "a bracket that closes nothing must be escaped"),
            c => literal(c),
        };
        bytes += ATOM_BYTES;
        if let HirKind::Class(Class::Unicode(class)) = atom.kind() {
            bytes += size_of_val(class.ranges());
        }
        let atom = reader.quantified(atom)?;
        if bytes > most_bytes {
            return Ok(None);
        }
        groups.last_mut().expect("the last group is left with the text").pieces.push(atom);
    }
    let last = groups.pop().expect("the last group is left with the text");
    if !groups.is_empty() {
        return Err(Fault { at: last.start, length: 1, reason: "the group is not closed" });
    }
    Ok(Some(last.finish()))
}

/// An open group, or the whole expression.
#[derive(Default)]
struct Group {
    /// The offset of the parenthesis.
    start: usize,
    branches: Vec<Hir>,
    has_empty_branch: bool,
    /// The pieces of the last branch.
    pieces: Vec<Hir>,
}

impl Group {
    /// Ends a branch. A second empty branch changes nothing and is dropped.
    fn end_branch(&mut self) {
        if !self.pieces.is_empty() || !mem::replace(&mut self.has_empty_branch, true) {
            self.branches.push(Hir::concat(mem::take(&mut self.pieces)));
        }
    }

    fn finish(mut self) -> Hir {
        self.end_branch();
        Hir::alternation(self.branches)
    }
}

fn literal(c: char) -> Hir {
    Hir::literal(c.encode_utf8(&mut [0; 4]).as_bytes())
}

fn class(ranges: &[(char, char)]) -> Hir {
    let ranges = ranges.iter().map(|&(first, last)| ClassUnicodeRange::new(first, last));
    Hir::class(Class::Unicode(ClassUnicode::new(ranges)))
}

enum Escape {
    Character(char),
    Category(ClassUnicode),
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn takes(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += if found { c.len_utf8() } else { 0 };
        found
    }

    /// Returns a fault that extends from `at` up to the current position.
    fn fault<T>(&self, at: usize, reason: &'static str) -> Result<T> {
        Err(Fault { at, length: self.text[at..self.at.max(at)].chars().count().max(1), reason })
    }

    /// Parses a quantifier after an atom, if there is one.
    fn quantified(&mut self, atom: Hir) -> Result<Hir> {
        let start = self.at;
        let (min, max) = match self.peek() {
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('?') => (0, Some(1)),
            Some('{') => return self.counted(atom),
            _ => return Ok(atom),
        };
        self.at += 1;
        self.no_second_quantifier(start)?;
        Ok(repeated(atom, min, max))
    }

    /// Parses a quantifier in braces.
    fn counted(&mut self, atom: Hir) -> Result<Hir> {
        let start = self.at;
        self.at += 1;
        let min = self.number(start)?;
        let max = match self.takes(',') {
            true if self.peek() == Some('}') => None,
            true => Some(self.number(start)?),
            false => Some(min),
        };
        if !self.takes('}') {
            return self.fault(start, "a quantifier is `{n}`, `{n,}` or `{n,m}`");
        }
        if max.is_some_and(|max| max < min) {
            return self.fault(start, "the first number is larger than the second");
        }
        self.no_second_quantifier(start)?;
        Ok(repeated(atom, min, max))
    }

    /// Parses decimal digits. A number beyond 32 bits is too large to compile, so the largest
    /// 32-bit number replaces it.
    fn number(&mut self, start: usize) -> Result<u32> {
        let digits = self.at;
        let mut number = 0_u32;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            number = number.saturating_mul(10).saturating_add(digit);
            self.at += 1;
        }
        if self.at == digits {
            return self.fault(start, "a quantifier is `{n}`, `{n,}` or `{n,m}`");
        }
        Ok(number)
    }

    fn no_second_quantifier(&mut self, start: usize) -> Result<()> {
        if matches!(self.peek(), Some('*' | '+' | '?' | '{')) {
            self.at += 1;
            return self.fault(start, "one quantifier is enough; there are no lazy and no possessive ones");
        }
        Ok(())
    }

    /// Parses the text after a backslash.
    fn escape(&mut self, start: usize) -> Result<Escape> {
        let Some(c) = self.next() else { return self.fault(start, "a backslash at the end") };
        Ok(Escape::Character(match c {
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            '('..='+' | '-' | '.' | '?' | '['..='^' | '{'..='}' => c,
            'p' | 'P' => return self.category(start, c == 'P').map(Escape::Category),
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => {
                return self.fault(start, "there are no such classes; write `[0-9]` or `\\p{L}`");
            }
            'b' | 'B' | 'A' | 'z' | 'Z' => {
                return self.fault(start, "there are no anchors; all of the string must match");
            }
            '0'..='9' | 'k' => return self.fault(start, "there are no references to groups"),
            _ => return self.fault(start, "this character has no escape"),
        }))
    }

    /// Parses a general category of Unicode after `\p` or `\P`.
    fn category(&mut self, start: usize, is_negated: bool) -> Result<ClassUnicode> {
        const CATEGORIES: [(char, &str); 7] = [
            ('L', "lmotu"),
            ('M', "cen"),
            ('N', "dlo"),
            ('P', "cdefios"),
            ('Z', "lps"),
            ('S', "ckmo"),
            ('C', "cfno"),
        ];
        if !self.takes('{') {
            return self.fault(start, "a category is `\\p{L}` or `\\p{Lu}`");
        }
        let name = self.at;
        let minor = self.next().and_then(|c| CATEGORIES.iter().find(|(major, _)| *major == c));
        let is_known = minor.is_some_and(|(_, minor)| {
            self.peek().is_some_and(|c| minor.contains(c)) && self.next().is_some()
                || self.peek() == Some('}')
        });
        let end = self.at;
        if !is_known || !self.takes('}') {
            return self.fault(start, "not a general category of Unicode, such as `L`, `Lu` or `Nd`");
        }
        let name = &self.text[name..end];
        let parsed = regex_syntax::Parser::new().parse(&format!("\\p{{{name}}}"));
        let class = parsed.map(Hir::into_kind).map(|kind| match kind {
            HirKind::Class(Class::Unicode(class)) => Some(class),
            // The category has one character, such as the line separator.
            HirKind::Literal(text) => {
                let text = std::str::from_utf8(&text.0).ok();
                let c = text.and_then(|text| text.chars().next());
                c.map(|c| ClassUnicode::new([ClassUnicodeRange::new(c, c)]))
            }
            _ => None,
        });
        let Ok(Some(mut class)) = class else { return self.fault(start, "an unknown category of Unicode") };
        if is_negated {
            class.negate();
        }
        Ok(class)
    }

    /// Parses a class in brackets after the opening bracket.
    fn class(&mut self, start: usize) -> Result<Hir> {
        let is_negated = self.takes('^');
        // `ClassUnicode::push` sorts the class each time, so the ranges are collected and sorted
        // once. Categories are joined at once, because each has hundreds of ranges.
        let (mut ranges, mut categories) = (Vec::new(), ClassUnicode::empty());
        let add = |ranges: &mut Vec<_>, first, last| ranges.push(ClassUnicodeRange::new(first, last));
        let mut is_empty = !self.takes('-');
        if !is_empty {
            add(&mut ranges, '-', '-');
        }
        loop {
            let item = self.at;
            match self.next() {
                None => return self.fault(start, "the class is not closed"),
                Some(']') if is_empty => return self.fault(start, "a class has at least one character"),
                Some(']') => break,
                Some('-') if self.peek() == Some(']') => add(&mut ranges, '-', '-'),
                Some('-') => return self.fault(item, "`-` within a class must be escaped"),
                Some('[') => return self.fault(item, "`[` within a class must be escaped"),
                Some(c) => {
                    let first = match if c == '\\' { self.escape(item)? } else { Escape::Character(c) } {
                        Escape::Character(first) => first,
                        Escape::Category(category) => {
                            categories.union(&category);
                            is_empty = false;
                            continue;
                        }
                    };
                    let rest = &self.text[self.at..];
                    if rest.starts_with('-') && !rest.starts_with("-]") {
                        self.at += 1;
                        let last = self.range_end(item)?;
                        if last < first {
                            return self.fault(item, "the range is empty");
                        }
                        add(&mut ranges, first, last);
                    } else {
                        add(&mut ranges, first, first);
                    }
                }
            }
            is_empty = false;
        }
        let mut class = ClassUnicode::new(ranges);
        class.union(&categories);
        if is_negated {
            class.negate();
        }
        Ok(Hir::class(Class::Unicode(class)))
    }

    /// Parses the last character of a range.
    fn range_end(&mut self, item: usize) -> Result<char> {
        match self.next() {
            None => self.fault(item, "the class is not closed"),
            Some('\\') => match self.escape(item)? {
                Escape::Character(last) => Ok(last),
                Escape::Category(_) => self.fault(item, "a category ends no range"),
            },
            Some('-' | '[') => self.fault(item, "`-` and `[` within a class must be escaped"),
            Some(last) => Ok(last),
        }
    }
}

fn repeated(atom: Hir, min: u32, max: Option<u32>) -> Hir {
    Hir::repetition(Repetition { min, max, greedy: true, sub: Box::new(atom) })
}

#[cfg(test)]
mod tests {
    use super::parse;

    /// Returns the invalid part of a text.
    fn fault(text: &str) -> Option<&str> {
        let fault = parse(text.as_bytes(), usize::MAX).err()?;
        let rest = &text[fault.at..];
        let end = rest.char_indices().nth(fault.length).map_or(rest.len(), |(at, _)| at);
        Some(&rest[..end])
    }

    #[test]
    fn what_rfc_9485_has_is_read() {
        for text in [
            "",
            "|",
            "()",
            "a||b",
            "^a$",
            "a,-b",
            "<=>!#%&'/:;@_`~\"",
            r"\(\)\*\+\-\.\?\[\\\]\^\n\r\t\{\|\}",
            "[-a]",
            "[a-]",
            "[^-]",
            "[--]",
            "[a^]",
            "[{}()*+?.|$]",
            r"[\]\[\-\\]",
            r"[\p{L}\P{Nd}x]",
            "[a-zA-Z]",
            "a{0}",
            "a{1,}",
            "a{01,2}",
            r"\p{Cn}",
            r"\p{Co}",
            r"\p{Zl}",
            r"\p{Ps}",
            "大{2}",
            "\n\u{0}",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
    }

    #[test]
    fn the_rest_is_refused_at_its_place() {
        for (text, place) in [
            ("a**", "**"),
            ("a*?", "*?"),
            ("a{2}+", "{2}+"),
            ("*", "*"),
            ("(|?)", "?"),
            ("{1}", "{"),
            ("a}", "}"),
            ("a]", "]"),
            ("(a", "("),
            ("a)", ")"),
            ("(?:a)", "("),
            ("(?=a)", "("),
            (r"\d", r"\d"),
            (r"x\w", r"\w"),
            (r"\b", r"\b"),
            (r"(a)\1", r"\1"),
            (r"\x41", r"\x"),
            ("é\\", "\\"),
            (r"\p{Greek}", r"\p{G"),
            (r"\p{Cs}", r"\p{C"),
            (r"\pL", r"\p"),
            ("a{2,1}", "{2,1}"),
            ("a{,1}", "{"),
            ("a{1", "{1"),
            ("a{x}", "{"),
            ("[]", "[]"),
            ("[^]", "[^]"),
            ("[a", "[a"),
            ("[z-a]", "z-a"),
            ("[a-b-c]", "-"),
            ("[--a]", "-"),
            ("[[:alpha:]]", "["),
            (r"[a-\p{L}]", r"a-\p{L}"),
        ] {
            assert_eq!(fault(text), Some(place), "{text}");
        }
        assert_eq!(fault(&format!("{}a{}", "(".repeat(16), ")".repeat(16))), None);
        assert_eq!(fault(&format!("{}a{}", "(".repeat(17), ")".repeat(17))), Some("("));
        assert_eq!(parse(b"a\xED\xA0\xBDb", usize::MAX).map_err(|fault| fault.at).err(), Some(1));
    }

    #[test]
    fn categories_are_all_known() {
        for name in [
            "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd",
            "Pe", "Pf", "Pi", "Po", "Ps", "Z", "Zl", "Zp", "Zs", "S", "Sc", "Sk", "Sm", "So", "C", "Cc",
            "Cf", "Cn", "Co",
        ] {
            assert_eq!(fault(&format!("\\p{{{name}}}[\\P{{{name}}}]")), None, "{name}");
        }
    }
}
