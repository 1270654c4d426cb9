//! Rules and events made of the bytes of a fuzzer.

use std::fmt::{self, Display};

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::case::Case;

/// Rules and events. Bytes that begin like a pattern are a case as text, so that those of the corpus can be seeds; of
/// others each is a choice among what patterns and events consist of.
///
/// Printed, it is a file for `fuzz/regressions`.
pub struct Input(pub(crate) Case);

impl fmt::Debug for Input {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<'a> Arbitrary<'a> for Input {
    fn arbitrary(choices: &mut Unstructured<'a>) -> Result<Input> {
        let mut maker = Maker { choices, operands: Vec::new() };
        let rules = maker.some(1..=6, |maker| maker.rule(2, false))?;
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

/// No field inside `$or` can have this name.
const RESERVED: &str = r#""prefix""#;

const PIECES: [&str; 20] = [
    "a", "b", "A", "B", "ab", "*", r"\\*", r"\\\\", r#"\""#, "é", "É", r"\u00e9", "ß", "SS", "😀", r"\ud83d",
    "ı", "k", r"\u212a", ".",
];

const NUMBERS: [&str; 14] = [
    "0",
    "1",
    "-0",
    "1.0",
    "10",
    "1e1",
    "2.50",
    "-3",
    "0.1",
    "300",
    "9007199254740993",
    "9007199254740993.0",
    "1e400",
    "4.9e-324",
];

const ADDRESSES: [&str; 10] = [
    "10.0.0.1",
    "10.1.2.3",
    "010.0.0.1",
    "11.0.0.0",
    "::1",
    "0:0::1",
    "::ffff:a00:1",
    "fd00::",
    "FD00::F",
    "10.0.0.256",
];

const MASKS: [&str; 6] = ["/0", "/8", "/31", "/64", "/127", "/32"];

struct Maker<'c, 'a> {
    choices: &'c mut Unstructured<'a>,
    /// What the rules compare with, for the events to be made of.
    operands: Vec<String>,
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
                1 | 2 if depth > 0 => Ok(format!("{}:{}", maker.pick(names)?, maker.rule(depth - 1, in_or)?)),
                _ => {
                    let name = maker.pick(names)?;
                    Ok(format!("{name}:[{}]", maker.some(1..=3, Maker::test)?.join(",")))
                }
            }
        })?;
        Ok(format!("{{{}}}", members.join(",")))
    }

    fn test(&mut self) -> Result<String> {
        Ok(match self.choices.int_in_range(0..=16)? {
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
                    false => format!(r#"{{"cidr":"{}{}"}}"#, address.trim_matches('"'), self.pick(&MASKS)?),
                }
            }
            14 => format!(r#"{{"exactly":{}}}"#, self.operand(Maker::string)?),
            15 => {
                let operands = self.some(1..=3, |maker| maker.operand(Maker::string))?;
                let operator = self.pick(&["prefix", "suffix", "equals-ignore-case", "wildcard"])?;
                format!(r#"{{"anything-but":{{"{operator}":[{}]}}}}"#, operands.join(","))
            }
            _ => {
                let kind = if self.choices.arbitrary()? { Maker::number } else { Maker::string };
                let operands = self.some(1..=3, |maker| maker.operand(kind))?;
                format!(r#"{{"anything-but":[{}]}}"#, operands.join(","))
            }
        })
    }

    fn ignore_case(&mut self, operand: &str) -> Result<String> {
        Ok(match self.pick(&["", "prefix", "suffix"])? {
            "" => format!(r#"{{"equals-ignore-case":{operand}}}"#),
            affix => format!(r#"{{"{affix}":{{"equals-ignore-case":{operand}}}}}"#),
        })
    }

    fn numeric(&mut self) -> Result<String> {
        let first = self.operand(Maker::number)?;
        Ok(match self.pick(&["=", "<", "<=", ">", ">="])? {
            lower if lower.starts_with('>') && self.choices.arbitrary()? => {
                let upper = self.pick(&["<", "<="])?;
                format!(r#"{{"numeric":["{lower}",{first},"{upper}",{}]}}"#, self.operand(Maker::number)?)
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
        Ok(format!(r#""{}""#, self.some(0..=4, |maker| Ok(maker.pick(&PIECES)?.to_owned()))?.concat()))
    }

    fn number(&mut self) -> Result<String> {
        Ok(self.pick(&NUMBERS)?.to_owned())
    }

    fn object(&mut self, depth: usize) -> Result<String> {
        let members =
            self.some(0..=4, |maker| Ok(format!("{}:{}", maker.pick(&NAMES)?, maker.value(depth)?)))?;
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
                format!(r#""{}{}""#, first.trim_matches('"'), last.trim_matches('"'))
            }
            _ => self.near()?,
        })
    }

    fn near(&mut self) -> Result<String> {
        if self.operands.is_empty() {
            return self.string();
        }
        Ok(self.choices.choose(&self.operands)?.clone())
    }
}
