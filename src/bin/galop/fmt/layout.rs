//! The canonical layout of JSON text: white space changes, and nothing else.
//!
//! Strings and numbers are copied byte for byte, and members keep their order, also repeated ones.
//! Lists are on one line if they fit. An object with one member is on one line if it fits. Other
//! objects have a member on each line, unless they are very deep.

/// The maximum length of a line in characters, unless a string is longer.
const WIDTH: usize = 100;

const INDENT: usize = 2;

/// The number of levels that are indented. Deeper containers are on one line, because the
/// indentation of a text of brackets alone would grow with the square of its length.
const LEVELS: usize = 32;

/// A token of a valid JSON text.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Token<'t> {
    /// `{` or `[`
    Open(&'static str),
    /// `}` or `]`
    Close(&'static str),
    Comma,
    Colon,
    /// A string, a number or a literal.
    Scalar(&'t str),
}

impl Token<'_> {
    /// Returns the text of the token on one line.
    fn flat(&self) -> &str {
        match self {
            Token::Open(text) | Token::Close(text) | Token::Scalar(text) => text,
            Token::Comma => ", ",
            Token::Colon => ": ",
        }
    }
}

/// Returns the canonical layout of a valid JSON text, over several lines. The time is linear.
pub(crate) fn pretty(text: &str) -> String {
    let tokens = tokens(text);
    let containers = containers(&tokens);
    let mut out = Writer { text: String::with_capacity(text.len() * 2), column: 0 };
    let mut depth = 0;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        match token {
            Token::Open(bracket) => {
                let Container { length, past, is_inline } = containers[at];
                // The comma after the container is on the same line.
                if depth >= LEVELS || is_inline && out.column + length < WIDTH {
                    tokens[at..past].iter().for_each(|token| out.flat(token));
                    at = past;
                    continue;
                }
                out.push(bracket);
                depth += 1;
                out.new_line(depth);
            }
            Token::Close(bracket) => {
                depth -= 1;
                out.new_line(depth);
                out.push(bracket);
            }
            Token::Comma => {
                out.push(",");
                out.new_line(depth);
            }
            Token::Colon | Token::Scalar(_) => out.flat(token),
        }
        at += 1;
    }
    out.text
}

/// Returns the canonical layout of a valid JSON text on one line.
pub(super) fn flat(text: &str) -> String {
    let mut out = Writer { text: String::with_capacity(text.len() + text.len() / 8), column: 0 };
    tokens(text).iter().for_each(|token| out.flat(token));
    out.text
}

struct Writer {
    text: String,
    /// The number of characters on the last line.
    column: usize,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.chars().count();
    }

    fn new_line(&mut self, depth: usize) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', depth * INDENT));
        self.column = depth * INDENT;
    }

    /// Writes a token of a container that is on one line.
    fn flat(&mut self, token: &Token<'_>) {
        self.push(token.flat());
    }
}

/// The form of a container on one line.
#[derive(Clone, Copy, Debug, Default)]
struct Container {
    /// The number of characters.
    length: usize,
    /// The index of the token after the container.
    past: usize,
    /// True if the container is on one line, provided that it fits.
    is_inline: bool,
}

/// Returns the container of each opening bracket, indexed by its token.
fn containers(tokens: &[Token<'_>]) -> Vec<Container> {
    struct Open {
        token: usize,
        /// The number of characters before the container, if everything is on one line.
        before: usize,
        commas: usize,
        /// True if a container inside has several lines.
        is_broken: bool,
    }

    let mut containers = vec![Container::default(); tokens.len()];
    let mut open: Vec<Open> = Vec::new();
    let mut length = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token {
            Token::Open(_) => open.push(Open { token: at, before: length, commas: 0, is_broken: false }),
            Token::Comma => open.iter_mut().last().into_iter().for_each(|around| around.commas += 1),
            _ => {}
        }
        length += token.flat().chars().count();
        let Token::Close(bracket) = token else { continue };
        let Some(Open { token, before, commas, is_broken }) = open.pop() else { continue };
        let is_empty = token + 1 == at;
        // The root has several lines, because it is a pattern or a list of rules.
        let is_inline = is_empty || !open.is_empty() && !is_broken && (*bracket == "]" || commas == 0);
        if let Some(around) = open.last_mut() {
            around.is_broken |= !is_inline;
        }
        containers[token] = Container { length: length - before, past: at + 1, is_inline };
    }
    containers
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let bytes = text.as_bytes();
    let mut tokens = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        at += 1;
        tokens.push(match bytes[start] {
            b' ' | b'\t' | b'\n' | b'\r' => continue,
            b'{' => Token::Open("{"),
            b'[' => Token::Open("["),
            b'}' => Token::Close("}"),
            b']' => Token::Close("]"),
            b',' => Token::Comma,
            b':' => Token::Colon,
            b'"' => {
                while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
                    at += found + 1;
                    if bytes[at - 1] == b'"' {
                        break;
                    }
                    at += 1;
                }
                Token::Scalar(&text[start..at.min(text.len())])
            }
            _ => {
                let is_end = |byte: &u8| b" \t\r\n,:]}".contains(byte);
                at = bytes[start..].iter().position(is_end).map_or(bytes.len(), |length| start + length);
                Token::Scalar(&text[start..at])
            }
        });
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::{LEVELS, flat, pretty};

    #[test]
    fn layout_is_canonical() {
        let text = r#" {"source":["aws.ec2" ,"aws.s3"],"detail" : {"state":["a"],"n":[{"numeric":[">",1]},{"exists":false}]},"a":{},"b":[] }"#;
        let expected = r#"{
  "source": ["aws.ec2", "aws.s3"],
  "detail": {
    "state": ["a"],
    "n": [{"numeric": [">", 1]}, {"exists": false}]
  },
  "a": {},
  "b": []
}"#;
        assert_eq!(pretty(text), expected);
        assert_eq!(pretty(expected), expected);
        assert_eq!(pretty(&flat(expected)), expected);
        let one = r#"{"source": ["aws.ec2", "aws.s3"], "detail": {"state": ["a"]}}"#;
        assert_eq!(flat(&one.replace(' ', "\n\t")), one);
    }

    #[test]
    fn nothing_but_white_space_changes() {
        let text = r#"{"a":["\" , \\",1e0,-0.0,"\u00e9",tr],"a":[1.10]}"#.replace("tr", "true");
        let without = |text: &str| text.replace(['\n', ' '], "");
        assert_eq!(without(&pretty(&text)), without(&text));
        assert_eq!(without(&flat(&text)), without(&text));
        assert!(pretty(&text).contains(r#""\" , \\""#));
    }

    #[test]
    fn long_lists_are_broken() {
        let values = [r#""a value of a list""#; 6].join(",");
        let out = pretty(&format!(r#"{{"a":{{"b":[{values}]}}}}"#));
        assert_eq!(out.lines().count(), 12, "{out}");
        assert!(out.lines().all(|line| line.chars().count() <= 100));
        // A list that fits exactly, with its comma, stays on one line.
        for (length, lines) in [(83, 4), (84, 7)] {
            let out = pretty(&format!(r#"{{"a":["{}","b"],"c":[1]}}"#, "x".repeat(length)));
            assert_eq!(out.lines().count(), lines, "{out}");
        }
    }

    #[test]
    fn list_of_rules_has_a_member_on_each_line() {
        let out = pretty(r#"[{"id":"a","pattern":{"b":[1]}},{"id":"c"}]"#);
        assert_eq!(
            out,
            "[\n  {\n    \"id\": \"a\",\n    \"pattern\": {\"b\": [1]}\n  },\n  {\"id\": \"c\"}\n]"
        );
    }

    #[test]
    fn deep_text_takes_no_stack_and_linear_time() {
        let text = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(flat(&text), text);
        let text = format!("{}1{}", "[".repeat(200), "]".repeat(200));
        assert_eq!(pretty(&text).lines().count(), 2 * LEVELS + 1);
    }

    #[test]
    fn deep_text_stays_small() {
        let text = "[".repeat(100_000) + "{},1" + &"]".repeat(100_000);
        let laid_out = pretty(&text);
        assert!(laid_out.len() < text.len() + 10_000, "{}", laid_out.len());
        assert_eq!(pretty(&laid_out), laid_out);
    }
}
