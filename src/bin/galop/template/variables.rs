//! The variables of Serverless: `${type:address}`, `${type:address, fallback}`.
//!
//! A variable has a value if `--define` gives the value to its first source, or if this source is
//! `self:` with a path in the same file. Fallbacks are not used: whether the first source has a value is
//! known only when the service is deployed. The stage and the region of `provider` are no values either,
//! because options of the command line replace them.

use crate::pattern_text::Place;
use crate::rule_entry::Fault;
use crate::template::scalar::{self, Placed, Plain, Style};
use crate::template::tree::{Kind, NodeId};
use crate::template::values::{Found, Values, string, unclear};

impl Values<'_> {
    /// Returns the node itself, or the node that it refers to if it is a variable. A variable with a
    /// value of the command line is the node itself.
    pub(super) fn follow(&self, id: NodeId) -> Result<NodeId, Fault> {
        let place = self.tree.node(id).place;
        match self.whole_variable(id)? {
            Some((variable, Found::Node(target))) => {
                self.refer(target, &variable, place, || self.nested(id, || self.follow(target)))
            }
            _ => Ok(id),
        }
    }

    /// Returns the spelling and the value of a variable that is all of a scalar.
    pub(super) fn whole_variable(&self, id: NodeId) -> Result<Option<(String, Found<'_>)>, Fault> {
        if !self.has_variables || self.tree.scalar(id).is_none_or(|text| !text.starts_with("${")) {
            return Ok(None);
        }
        let text = self.spelled(id)?;
        let (start, end) = match next_variable(&text, 0)? {
            Some((0, end)) if end == text.len() => (0, end),
            _ => return Ok(None),
        };
        self.variable(id, &text[start..end]).map(Some)
    }

    /// Returns a text with the values of its variables.
    pub(super) fn expand(&self, id: NodeId, text: &[(char, Place)]) -> Result<Placed, Fault> {
        let mut expanded = Placed::with_capacity(text.len());
        let mut from = 0;
        while let Some((start, end)) = next_variable(text, from)? {
            expanded.extend(&text[from..start]);
            let place = text[start].1;
            let (variable, found) = self.variable(id, &text[start..end])?;
            expanded.extend(match found {
                Found::Defined(value) => self.at_place(&value.text(), place)?,
                Found::Node(target) => {
                    let value = self.refer(target, &variable, place, || {
                        self.nested(id, || self.part_of_text(target, &variable, place))
                    })?;
                    self.at_place(&value, place)?
                }
            });
            from = end;
        }
        expanded.extend(&text[from..]);
        Ok(expanded)
    }

    /// Reads a value that a variable refers to. Returns a fault if the value is a part of itself.
    pub(super) fn refer<T>(
        &self,
        target: NodeId,
        variable: &str,
        place: Place,
        read: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        if self.referred.borrow().contains(&target) {
            let message = format!("`{variable}` is a part of its own value");
            return Err(Fault::new(place, "reference-cycle", message));
        }
        self.referred.borrow_mut().push(target);
        let value = read();
        self.referred.borrow_mut().pop();
        value
    }

    /// Returns the text of a node that a variable in a text refers to. JavaScript decides on the text of
    /// a number: only whole numbers without an exponent have the text that the file has.
    fn part_of_text(&self, target: NodeId, variable: &str, place: Place) -> Result<String, Fault> {
        let node = self.tree.node(target);
        let Kind::Scalar { text, style } = &node.kind else {
            let message = format!("`{variable}` is not a text");
            return Err(Fault::new(place, "invalid-template", message));
        };
        let is_plain = matches!(style, Style::Plain | Style::JsonLiteral) && node.tag.is_none();
        match scalar::plain(text) {
            _ if !is_plain => {}
            Plain::Text => {}
            Plain::Literal(literal) if *literal == **text && is_text_of_javascript(text) => {}
            Plain::Literal(_) | Plain::Unclear => return Err(unclear(text, node.place)),
        }
        Ok(string(&self.text(target)?))
    }

    /// Returns the spelling and the value of a variable, which includes `${` and `}`.
    fn variable(&self, id: NodeId, variable: &[(char, Place)]) -> Result<(String, Found<'_>), Fault> {
        self.nested(id, || self.value(id, variable))
    }

    fn value(&self, id: NodeId, variable: &[(char, Place)]) -> Result<(String, Found<'_>), Fault> {
        let (spelling, place) = (string(variable), variable[0].1);
        let inside = string(&self.expand(id, &variable[2..variable.len() - 1])?);
        let (source, is_alone) = first_source(&inside);
        if let Some(value) = self.context.defines.get(source) {
            return Ok((spelling, Found::Defined(value)));
        }
        if let Some(target) = source.strip_prefix("self:").and_then(|path| self.at_path(path.trim())) {
            return Ok((spelling, Found::Node(target)));
        }
        let message = format!("`{spelling}` has no value before the service is deployed");
        let note = if is_alone { "" } else { " (galop uses no fallback)" };
        let define = format!("give the value: --define '{source}=…'{note}");
        let help = if source.starts_with("file(") {
            format!("run galop on the output of `serverless print`, or {define}")
        } else {
            define
        };
        Err(Fault::new(place, "unresolved-variable", message).with_help(help))
    }

    /// Returns the node at a path of the file. `null` is no value.
    fn at_path(&self, path: &str) -> Option<NodeId> {
        if ["provider.stage", "provider.region"].contains(&path) {
            return None;
        }
        let node = path.split('.').try_fold(self.tree.root, |id, name| {
            let id = self.follow(id).ok()?;
            match self.tree.node(id).kind {
                Kind::Sequence(ref elements) => elements.get(name.parse::<usize>().ok()?).copied(),
                _ => self.tree.get(id, name),
            }
        })?;
        (!self.is_null(node)).then_some(node)
    }
}

/// Returns the first source of a variable without its fallbacks, and whether it has none.
fn first_source(inside: &str) -> (&str, bool) {
    let mut quote = None;
    let mut parentheses = 0_usize;
    for (at, c) in inside.char_indices() {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('(', None) => parentheses += 1,
            (')', None) => parentheses = parentheses.saturating_sub(1),
            (',', None) if parentheses == 0 => return (inside[..at].trim(), false),
            _ => {}
        }
    }
    (inside.trim(), true)
}

/// Returns true if JavaScript writes a number or a truth value as it is spelled.
fn is_text_of_javascript(text: &str) -> bool {
    let is_number = text.len() < 16 && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number || ["true", "false"].contains(&text)
}

/// Returns the start and the end of the next variable. `${Name}` is no variable, and `${AWS::Region}`
/// belongs to CloudFormation.
fn next_variable(text: &[(char, Place)], from: usize) -> Result<Option<(usize, usize)>, Fault> {
    let at = |index: usize| text.get(index).map(|&(c, _)| c);
    let mut start = from;
    while start < text.len() {
        if at(start) == Some('$') && at(start + 1) == Some('{') && is_variable(&text[start + 2..]) {
            let place = text[start].1;
            if at(start + 2) == Some(' ') {
                let message = "versions of Serverless differ on a blank after `${`";
                return Err(Fault::new(place, "invalid-variable", message));
            }
            if start > 0 && at(start - 1) == Some('\\') {
                let message = "a backslash before a variable has no fixed meaning";
                return Err(Fault::new(place, "invalid-variable", message));
            }
            let Some(length) = length(&text[start..]) else {
                return Err(Fault::new(place, "invalid-variable", "the variable has no `}`"));
            };
            return Ok(Some((start, start + length)));
        }
        start += 1;
    }
    Ok(None)
}

/// Returns true if the text after `${` has a type, after blanks: a lower-case letter, letters, digits and points, then
/// a colon or a parenthesis. Two colons belong to CloudFormation.
fn is_variable(text: &[(char, Place)]) -> bool {
    let blanks = text.iter().take_while(|(c, _)| *c == ' ').count();
    let text = &text[blanks..];
    if !text.first().is_some_and(|(c, _)| c.is_ascii_lowercase()) {
        return false;
    }
    let end = text.iter().position(|&(c, _)| !c.is_ascii_alphanumeric() && c != '.');
    let Some(end) = end else { return false };
    match text[end].0 {
        '(' => true,
        ':' => text.get(end + 1).is_none_or(|&(c, _)| c != ':'),
        _ => false,
    }
}

/// Returns the number of characters up to the `}` of a variable, variables inside included.
fn length(text: &[(char, Place)]) -> Option<usize> {
    let mut open = 0_usize;
    let mut quote = None;
    for (index, &(c, _)) in text.iter().enumerate() {
        match (c, quote) {
            (_, Some(q)) if c == q => quote = None,
            (_, Some(_)) => {}
            ('"' | '\'', None) => quote = Some(c),
            ('{', None) => open += 1,
            ('}', None) => {
                open -= 1;
                if open == 0 {
                    return Some(index + 1);
                }
            }
            _ => {}
        }
    }
    None
}
