//! Rules and events made of the bytes of a fuzzer.

use std::fmt::{self, Display};

use arbitrary::{Arbitrary, Result, Unstructured};
use galop_harness::case::Case;

/// Rules and events. Bytes that begin like a pattern are a case as text, so the cases of the corpus
/// can be seeds. In other bytes, each byte is a choice among parts of patterns and events.
///
/// The printed form is a file for `fuzz/regressions`.
pub struct Input(pub(crate) Case);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(choices: &mut Unstructured<'a>) -> Result<Input> {
        let mut maker = Maker { choices, operands: Vec::new(), members: Vec::new(), subject: None };
        let mut rules = maker.some(1..=6, |maker| maker.rule(2, false))?;
        if maker.choices.int_in_range(0..=15)? == 15 {
            rules = rules.iter().cycle().take(MANY + rules.len()).cloned().collect();
        }
        let events = maker.some(1..=4, |maker| maker.object(3))?;
        let bytes = |texts: Vec<String>| texts.into_iter().map(String::into_bytes).collect();
        Ok(Input(Case { rules: bytes(rules), events: bytes(events) }))
    }

    fn arbitrary_take_rest(mut choices: Unstructured<'a>) -> Result<Input> {
        if choices.peek_bytes(1) == Some(b"{") {
            return Ok(Input(Case::parse(choices.take_rest())));
        }
        Input::arbitrary(&mut choices)
    }
}

const NAMES: [&str; 12] = [
    r#""a""#,
    r#""b""#,
    r#""c""#,
    r#""a""#,
    r#""a.b""#,
    r#""""#,
    r#""\u0061""#,
    r#""b.a""#,
    r#"".""#,
    r#""é""#,
    r#""\ud800""#,
    RESERVED,
];

/// A field inside `$or` cannot have this name.
const RESERVED: &str = r#""prefix""#;

const PIECES: [&str; 20] = [
    "a", "b", "A", "B", "ab", "*", r"\\*", r"\\\\", r#"\""#, "é", "É", r"\u00e9", "ß", "SS", "😀", r"\ud83d",
    "ı", "k", r"\u212a", ".",
];

/// Parts of regular expressions.
const REGEXPS: [&str; 14] =
    ["", "", ".", ".*", "|", "+", "?", "{1,2}", "[a-bA]", "[^a]", "(a|bB)*", r"\p{Lu}", r"\.", r"\n"];

/// Numbers that patterns can compare with, in ascending order.
const COMPARABLE: [&str; 10] = ["-3", "-0", "0", "0.1", "1", "1.0", "2.50", "10", "1e1", "300"];

/// Numbers that patterns cannot compare with, but that can be equal.
const EXTREME: [&str; 4] = ["9007199254740993", "9007199254740993.0", "1e400", "4.9e-324"];

const ADDRESSES: [&str; 10] = [
    "10.0.0.1",
    "10.1.2.3",
    "010.0.0.1",
    "11.0.0.0",
    "::1",
    "0:0::1",
    "::ffff:a00:1",
    "fd00::f",
    "FD00::F",
    "10.0.0.256",
];

/// The spellings of each value.
const SPELLINGS: [&[&str]; 6] = [
    &[r#""10.0.0.1""#, r#""010.0.0.1""#, r#""::ffff:a00:1""#],
    &[r#""::1""#, r#""0:0::1""#],
    &[r#""fd00::f""#, r#""FD00::F""#],
    &["1", "1.0"],
    &["10", "1e1"],
    &["0", "-0"],
];

const MASKS: [&str; 6] = ["/0", "/8", "/31", "/64", "/127", "/32"];

/// With one more rule, more than a word has bits, and enough for every optimisation of the engine.
const MANY: usize = 64;

struct Maker<'c, 'a> {
    choices: &'c mut Unstructured<'a>,
    /// The operands of the rules, from which events are made.
    operands: Vec<String>,
    /// Members of an object in which a field of a rule may have a matching value.
    members: Vec<String>,
    /// The subject of the alternatives of the current field, if there is one.
    subject: Option<String>,
}

impl<'a> Maker<'_, 'a> {
    fn some(
        &mut self,
        count: std::ops::RangeInclusive<usize>,
        mut make: impl FnMut(&mut Self) -> Result<String>,
    ) -> Result<Vec<String>> {
        let count = self.choices.int_in_range(count)?;
        (0..count).map(|_| make(self)).collect()
    }

    fn pick(&mut self, from: &[&'static str]) -> Result<&'static str> {
        self.choices.choose(from).copied()
    }

    fn rule(&mut self, depth: usize, in_or: bool) -> Result<String> {
        let names = if in_or { &NAMES[..NAMES.len() - 1] } else { &NAMES };
        let members = self.some(1..=3, |maker| {
            let kind = maker.choices.int_in_range(0..=9)?;
            match kind {
                0 if depth > 0 => {
                    let alternatives = maker.some(2..=3, |maker| maker.rule(depth - 1, true))?;
                    Ok(format!(r#""$or":[{}]"#, alternatives.join(",")))
                }
                1 | 2 if depth > 0 => {
                    let name = maker.pick(names)?;
                    let (known, inner) = (maker.members.len(), maker.rule(depth - 1, in_or)?);
                    let members = maker.members[known..].join(",");
                    maker.members.push(format!("{name}:{{{members}}}"));
                    Ok(format!("{name}:{inner}"))
                }
                _ => {
                    let name = maker.pick(names)?;
                    let known = maker.operands.len();
                    maker.subject = maker.subject()?;
                    let tests = match maker.subject {
                        None => maker.some(1..=3, Maker::test)?,
                        Some(_) => maker.some(2..=3, Maker::about)?,
                    };
                    maker.subject = None;
                    let value = match &maker.operands[known..] {
                        [] => "null",
                        operands => maker.choices.choose(operands)?,
                    };
                    maker.members.push(format!("{name}:{value}"));
                    Ok(format!("{name}:[{}]", tests.join(",")))
                }
            }
        })?;
        Ok(format!("{{{}}}", members.join(",")))
    }

    /// Returns a subject for the alternatives of one in three fields.
    fn subject(&mut self) -> Result<Option<String>> {
        Ok(match self.choices.int_in_range(0..=8)? {
            6 => Some(format!(r#""{}""#, self.pick(&ADDRESSES)?)),
            7 => Some(self.comparable()?),
            8 => Some(self.string()?),
            _ => None,
        })
    }

    /// Returns an alternative that names the subject, excludes it, or is about a part of it.
    fn about(&mut self) -> Result<String> {
        Ok(match self.choices.int_in_range(0..=6)? {
            0..=2 => {
                let subject = self.subject.clone().unwrap_or_default();
                self.operand(|maker| maker.respelled(&subject))?
            }
            3 | 4 => {
                let is_number = self.subject.as_ref().is_some_and(|subject| !subject.starts_with('"'));
                let kind = if is_number { Maker::comparable } else { Maker::string };
                let operands = self.some(1..=2, |maker| maker.operand(kind))?;
                format!(r#"{{"anything-but":[{}]}}"#, operands.join(","))
            }
            5 => {
                let text = self.operand(Maker::string)?;
                format!(r#"{{"wildcard":"{}*"}}"#, unquoted(&text))
            }
            _ => self.test()?,
        })
    }

    fn test(&mut self) -> Result<String> {
        Ok(match self.choices.int_in_range(0..=17)? {
            0 | 1 => self.operand(Maker::string)?,
            2 => self.operand(Maker::number)?,
            3 => self.pick(&["null", "true", "false"])?.to_owned(),
            4 => r#"{"exists":true}"#.to_owned(),
            5 | 6 => r#"{"exists":false}"#.to_owned(),
            7 => format!(r#"{{"prefix":{}}}"#, self.operand(Maker::string)?),
            8 => format!(r#"{{"suffix":{}}}"#, self.operand(Maker::string)?),
            9 => {
                let operand = self.operand(Maker::string)?;
                self.ignore_case(&operand)?
            }
            10 => format!(r#"{{"wildcard":{}}}"#, self.operand(Maker::string)?),
            11 | 12 => self.numeric()?,
            13 => {
                let address = self.operand(|maker| Ok(format!(r#""{}""#, maker.pick(&ADDRESSES)?)))?;
                match self.choices.arbitrary()? {
                    true => address,
                    false => format!(r#"{{"cidr":"{}{}"}}"#, unquoted(&address), self.pick(&MASKS)?),
                }
            }
            14 => format!(r#"{{"exactly":{}}}"#, self.operand(Maker::string)?),
            15 => self.regexp()?,
            16 => {
                let operator = self.pick(&["prefix", "suffix", "equals-ignore-case", "wildcard"])?;
                let operands = self.some(1..=3, |maker| maker.operand(Maker::affix))?;
                format!(r#"{{"anything-but":{{"{operator}":[{}]}}}}"#, operands.join(","))
            }
            _ => {
                let kind = if self.choices.arbitrary()? { Maker::comparable } else { Maker::string };
                let operands = self.some(1..=3, |maker| maker.operand(kind))?;
                format!(r#"{{"anything-but":[{}]}}"#, operands.join(","))
            }
        })
    }

    /// Texts as they are, or not, with parts of regular expressions between them.
    fn regexp(&mut self) -> Result<String> {
        let parts = self.some(1..=3, |maker| {
            let text = maker.operand(Maker::string)?;
            let part = maker.pick(&REGEXPS)?;
            Ok(format!("{}{part}", unquoted(&text)))
        })?;
        Ok(format!(r#"{{"regexp":"{}"}}"#, parts.concat()))
    }

    fn ignore_case(&mut self, operand: &str) -> Result<String> {
        Ok(match self.pick(&["", "prefix", "suffix"])? {
            "" => format!(r#"{{"equals-ignore-case":{operand}}}"#),
            affix => format!(r#"{{"{affix}":{{"equals-ignore-case":{operand}}}}}"#),
        })
    }

    fn numeric(&mut self) -> Result<String> {
        let at = self.choices.int_in_range(0..=COMPARABLE.len() - 1)?;
        let first = self.operand(|_| Ok(COMPARABLE[at].to_owned()))?;
        Ok(match self.pick(&["=", "<", "<=", ">", ">="])? {
            lower if lower.starts_with('>') && at + 1 < COMPARABLE.len() && self.choices.arbitrary()? => {
                let (upper, second) =
                    (self.pick(&["<", "<="])?, self.pick(&COMPARABLE[at + 1..])?.to_owned());
                let second = self.operand(|_| Ok(second))?;
                format!(r#"{{"numeric":["{lower}",{first},"{upper}",{second}]}}"#)
            }
            comparison => format!(r#"{{"numeric":["{comparison}",{first}]}}"#),
        })
    }

    fn operand(&mut self, make: impl FnOnce(&mut Self) -> Result<String>) -> Result<String> {
        let operand = make(self)?;
        self.operands.push(operand.clone());
        Ok(operand)
    }

    fn string(&mut self) -> Result<String> {
        if let Some(subject) = self.subject.clone() {
            return self.text_of(&subject);
        }
        Ok(format!(r#""{}""#, self.some(0..=4, |maker| Ok(maker.pick(&PIECES)?.to_owned()))?.concat()))
    }

    /// Returns the text of a value in one of its spellings, or the start or the end of the text.
    fn text_of(&mut self, value: &str) -> Result<String> {
        let spelled = self.respelled(value)?;
        let text = unquoted(&spelled);
        let part = self.choices.int_in_range(0..=5)?;
        // A text with escapes cannot be cut at any place.
        if part < 4 || !text.is_ascii() || text.contains('\\') {
            return Ok(format!(r#""{text}""#));
        }
        let (beginning, end) = text.split_at(self.choices.int_in_range(0..=text.len())?);
        Ok(format!(r#""{}""#, if part == 4 { beginning } else { end }))
    }

    /// Returns a value in one of its spellings.
    fn respelled(&mut self, value: &str) -> Result<String> {
        match SPELLINGS.iter().find(|spellings| spellings.contains(&value)) {
            Some(spellings) => Ok(self.pick(spellings)?.to_owned()),
            None => Ok(value.to_owned()),
        }
    }

    /// Returns a non-empty string.
    fn affix(&mut self) -> Result<String> {
        if self.subject.is_some() {
            let text = self.string()?;
            return Ok(if unquoted(&text).is_empty() {
                format!(r#""{}""#, self.pick(&PIECES)?)
            } else {
                text
            });
        }
        Ok(format!(r#""{}{}""#, self.pick(&PIECES)?, unquoted(&self.string()?)))
    }

    fn number(&mut self) -> Result<String> {
        match self.choices.ratio(1, 8)? {
            true => Ok(self.pick(&EXTREME)?.to_owned()),
            false => self.comparable(),
        }
    }

    fn comparable(&mut self) -> Result<String> {
        if let Some(subject) = self.subject.clone().filter(|subject| !subject.starts_with('"')) {
            return self.respelled(&subject);
        }
        Ok(self.pick(&COMPARABLE)?.to_owned())
    }

    fn object(&mut self, depth: usize) -> Result<String> {
        let members = self.some(0..=4, |maker| match maker.choices.arbitrary()? {
            true if !maker.members.is_empty() => Ok(maker.choices.choose(&maker.members)?.clone()),
            _ => Ok(format!("{}:{}", maker.pick(&NAMES)?, maker.value(depth)?)),
        })?;
        Ok(format!("{{{}}}", members.join(self.space()?)))
    }

    fn space(&mut self) -> Result<&'static str> {
        self.pick(&[
            ",",
            ",",
            " , ",
            "\n,\t",
            ",\r\n                                                              ",
        ])
    }

    fn value(&mut self, depth: usize) -> Result<String> {
        Ok(match self.choices.int_in_range(0..=11)? {
            0 | 1 if depth > 0 => self.object(depth - 1)?,
            2..=4 if depth > 0 => {
                let elements = self.some(0..=4, |maker| maker.value(depth - 1))?;
                format!("[{}]", elements.join(self.space()?))
            }
            5 => self.string()?,
            6 => self.number()?,
            7 => self.pick(&["null", "true", "false"])?.to_owned(),
            8 => format!(r#""{}""#, self.pick(&ADDRESSES)?),
            9 => {
                // A string that begins with one operand and ends with another.
                let (first, last) = (self.near()?, self.near()?);
                format!(r#""{}{}""#, unquoted(&first), unquoted(&last))
            }
            _ => self.near()?,
        })
    }

    fn near(&mut self) -> Result<String> {
        if self.operands.is_empty() {
            return self.string();
        }
        let operand = self.choices.choose(&self.operands)?.clone();
        self.respelled(&operand)
    }
}

/// Returns the text between the quotes, or the text itself if it has none.
fn unquoted(text: &str) -> &str {
    text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text)
}
