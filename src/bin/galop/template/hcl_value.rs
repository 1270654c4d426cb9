//! The values of expressions of Terraform: texts, and the JSON of `jsonencode`.
//!
//! Literals have values, and references to which `--define` gives one. Any other expression is a fault
//! with its place. The parser bounds the depth of expressions.

use std::cell::Cell;
use std::collections::HashSet;
use std::ops::Range;

use galop::json::value_span;
use hcl_edit::Span;
use hcl_edit::expr::{Expression, FuncCall, Object, ObjectKey};
use hcl_edit::template::{Element, Strip, Template};

use crate::pattern_text::Place;
use crate::rule_entry::Fault;
use crate::template::defines::{Defines, Value};
use crate::template::json_text::Json;
use crate::template::scalar::Placed;
use crate::template::values::string;

/// The maximum number of characters of the values that references add to a file.
const EXPANDED: usize = 1 << 25;

/// The maximum length of a name in a report.
const NAME: usize = 100;

const PLAN: &str = "write the value in its place, or give galop the output of `terraform show -json`";

/// Reads the expressions of a text.
pub(super) struct Expressions<'a> {
    pub(super) text: &'a str,
    pub(super) defines: &'a Defines,
    /// The place of a byte of the text.
    pub(super) places: &'a dyn Fn(usize) -> Place,
    /// The number of characters of values so far.
    pub(super) expanded: &'a Cell<usize>,
}

impl Expressions<'_> {
    pub(super) fn place(&self, node: &impl Span) -> Place {
        (self.places)(span(node).start)
    }

    /// Returns an expression as the file spells it.
    pub(super) fn spelling(&self, node: &impl Span) -> &str {
        self.text.get(span(node)).unwrap_or_default()
    }

    /// Returns the value of an expression as a text.
    pub(super) fn text(&self, expression: &Expression) -> Result<Placed, Fault> {
        match expression {
            Expression::String(text) => {
                let inside = span(expression);
                Ok(self.literal(inside.start + 1..inside.end.saturating_sub(1), text, Some('\\'), None))
            }
            Expression::StringTemplate(template) => self.template(template, Some('\\'), None),
            Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template, None, heredoc.indent()),
            Expression::Parenthesis(inner) => self.text(inner.inner()),
            Expression::Variable(_) | Expression::Traversal(_) => {
                let value = self.reference(expression)?;
                Ok(self.at(&value.text(), self.place(expression)))
            }
            Expression::FuncCall(call) => match encoded(call) {
                Some(argument) => self.json(argument),
                None => Err(self.unresolved(expression)),
            },
            // Terraform writes other numbers in its own way.
            Expression::Number(_) if is_whole(self.spelling(expression)) => Ok(self.spelled(expression)),
            Expression::Bool(_) => Ok(self.spelled(expression)),
            Expression::Array(_) | Expression::Object(_) => {
                let fault = Fault::new(self.place(expression), "invalid-template", "expected a text");
                Err(fault.with_help("write `jsonencode(…)` around the value"))
            }
            _ => Err(self.unresolved(expression)),
        }
    }

    /// Returns the value of an expression as JSON.
    pub(super) fn json(&self, expression: &Expression) -> Result<Placed, Fault> {
        let mut json = Json::new(self.place(expression));
        self.add_json(expression, &mut json)?;
        Ok(json.into_placed())
    }

    fn add_json(&self, expression: &Expression, json: &mut Json) -> Result<(), Fault> {
        let place = self.place(expression);
        match expression {
            Expression::StringTemplate(template) => match whole(template) {
                Some(inner) => self.add_json(inner, json)?,
                None => json.string(&self.text(expression)?, place, Some(place)),
            },
            Expression::String(_) => json.string(&self.text(expression)?, place, Some(place)),
            Expression::HeredocTemplate(_) | Expression::FuncCall(_) => {
                json.string(&self.text(expression)?, place, None);
            }
            Expression::Parenthesis(inner) => self.add_json(inner.inner(), json)?,
            Expression::Variable(_) | Expression::Traversal(_) => {
                let value = self.reference(expression)?;
                json.fixed(&value.json(), place);
            }
            Expression::Null(_) | Expression::Bool(_) => json.run(self.spelling(expression), place),
            Expression::Number(_) => {
                let number: String = self.spelling(expression).split_whitespace().collect();
                if value_span(number.as_bytes(), 0).is_ok_and(|span| span.end == number.len()) {
                    json.run(&number, place);
                } else {
                    return Err(self.unresolved(expression));
                }
            }
            Expression::Array(array) => {
                json.push('[', place);
                for (index, element) in array.iter().enumerate() {
                    json.comma(index);
                    self.add_json(element, json)?;
                }
                json.end(']');
            }
            Expression::Object(object) => self.add_object(object, place, json)?,
            _ => return Err(self.unresolved(expression)),
        }
        Ok(())
    }

    fn add_object(&self, object: &Object, place: Place, json: &mut Json) -> Result<(), Fault> {
        let mut names = HashSet::new();
        json.push('{', place);
        for (index, (key, value)) in object.iter().enumerate() {
            json.comma(index);
            let place = match key {
                ObjectKey::Ident(name) => self.place(name),
                ObjectKey::Expression(name) => self.place(name),
            };
            let (name, quote) = match key {
                ObjectKey::Ident(name) => (self.spelled(name), None),
                ObjectKey::Expression(name @ Expression::Traversal(_)) => return Err(self.unresolved(name)),
                ObjectKey::Expression(name) => {
                    let has_quote = matches!(name, Expression::String(_) | Expression::StringTemplate(_));
                    (self.text(name)?, has_quote.then_some(place))
                }
            };
            if !names.insert(string(&name)) {
                let message = format!("`{}` is there twice", string(&name));
                return Err(Fault::new(place, "repeated-member", message));
            }
            json.string(&name, place, quote);
            json.end(':');
            self.add_json(value.expr(), json)?;
        }
        json.end('}');
        Ok(())
    }

    /// Returns the text of a template. `escape` is the sign before escaped characters, if the template
    /// has them; `indent` is the number of blanks that each line of a heredoc loses.
    pub(super) fn template(
        &self,
        template: &Template,
        escape: Option<char>,
        indent: Option<usize>,
    ) -> Result<Placed, Fault> {
        let mut placed = Placed::new();
        for element in template {
            match element {
                Element::Literal(text) => placed.extend(self.literal(span(text), text, escape, indent)),
                Element::Interpolation(part) if part.strip == Strip::None => {
                    placed.extend(self.text(&part.expr)?);
                }
                Element::Interpolation(_) | Element::Directive(_) => return Err(self.unresolved(element)),
            }
        }
        Ok(placed)
    }

    /// Returns the characters of a literal with their places. The value and the spelling are read side by
    /// side. If they differ in an unknown way, the characters have the place of the literal.
    fn literal(
        &self,
        spelling: Range<usize>,
        value: &str,
        escape: Option<char>,
        indent: Option<usize>,
    ) -> Placed {
        let begin = spelling.start;
        let source = self.text.get(spelling).unwrap_or_default();
        let mut placed = Placed::with_capacity(value.len());
        let mut rest = source.char_indices().peekable();
        for c in value.chars() {
            if indent.is_some() {
                // Blanks that the value lacks.
                while rest.next_if(|&(_, next)| next != c && matches!(next, ' ' | '\t')).is_some() {}
            }
            let Some((at, first)) = rest.next() else { break };
            let after = &source[at..];
            let (skipped, is_same) = if after.starts_with("$${") || after.starts_with("%%{") {
                (1, first == c)
            } else if escape == Some(first) {
                let digits = match after[1..].chars().next() {
                    Some('u') => 4,
                    Some('U') => 8,
                    _ => 0,
                };
                (1 + digits, true)
            } else {
                (0, first == c)
            };
            if !is_same {
                break;
            }
            (0..skipped).for_each(|_| _ = rest.next());
            placed.push((c, (self.places)(begin + at)));
        }
        if placed.len() == value.chars().count() {
            return placed;
        }
        let place = (self.places)(begin);
        value.chars().map(|c| (c, place)).collect()
    }

    fn spelled(&self, node: &impl Span) -> Placed {
        let begin = span(node).start;
        self.spelling(node).char_indices().map(|(at, c)| (c, (self.places)(begin + at))).collect()
    }

    fn at(&self, text: &str, place: Place) -> Placed {
        text.chars().map(|c| (c, place)).collect()
    }

    /// Returns the value of a reference, for instance of `var.name`.
    fn reference(&self, expression: &Expression) -> Result<&Value, Fault> {
        let place = self.place(expression);
        let is_reference = match expression {
            Expression::Traversal(traversal) => matches!(traversal.expr, Expression::Variable(_)),
            _ => true,
        };
        if !is_reference {
            return Err(self.unresolved(expression));
        }
        let name: String = self.spelling(expression).split_whitespace().collect();
        if let Some(value) = self.defines.get(&name) {
            self.expanded.set(self.expanded.get() + value.text().len());
            if self.expanded.get() > EXPANDED {
                let message = format!("the references add more than {EXPANDED} characters");
                return Err(Fault::new(place, "template-too-large", message));
            }
            return Ok(value);
        }
        if name.len() > NAME {
            return Err(self.unresolved(expression));
        }
        let message = format!("`{name}` has no value before Terraform runs");
        let help = if name.starts_with("each.") || name.starts_with("count.") {
            "each instance has another value: give galop the output of `terraform show -json`".to_owned()
        } else {
            format!("give the value: --define '{name}=…', or the output of `terraform show -json`")
        };
        Err(Fault::new(place, "unresolved-reference", message).with_help(help))
    }

    /// Returns the fault of an expression without a value.
    pub(super) fn unresolved(&self, node: &impl Span) -> Fault {
        let spelling = self.spelling(node);
        let mut short: String = spelling.chars().take_while(|c| !c.is_control()).take(40).collect();
        if short.len() < spelling.len() {
            short.push('…');
        }
        let message = format!("`{short}` has no value before Terraform runs");
        Fault::new(self.place(node), "unresolved-expression", message).with_help(PLAN)
    }
}

/// Returns the fault of blocks that Terraform makes of a value.
pub(super) fn dynamic_block(name: &str, place: Place) -> Fault {
    let message = format!("the blocks `{name}` exist only when Terraform runs");
    Fault::new(place, "unresolved-expression", message).with_help(PLAN)
}

/// Returns the fault of a pattern among the arguments of a module.
pub(super) fn pattern_of_module(place: Place) -> Fault {
    let message = "the rule of this pattern is in a module";
    let help = "give galop the output of `terraform show -json`";
    Fault::new(place, "unresolved-module", message).with_help(help)
}

fn span(node: &impl Span) -> Range<usize> {
    node.span().unwrap_or_default()
}

/// Returns the argument of `jsonencode`.
fn encoded(call: &FuncCall) -> Option<&Expression> {
    let is_encode = !call.name.is_namespaced() && call.name.name.as_str() == "jsonencode";
    let is_single = call.args.len() == 1 && !call.args.expand_final();
    call.args.get(0).filter(|_| is_encode && is_single)
}

/// Returns the expression of a template that is one interpolation: the template has its value, which
/// need not be a text.
fn whole(template: &Template) -> Option<&Expression> {
    match template.as_single_element()? {
        Element::Interpolation(part) if part.strip == Strip::None => Some(&part.expr),
        _ => None,
    }
}

/// Returns true for digits without a zero in front.
fn is_whole(number: &str) -> bool {
    number.bytes().all(|byte| byte.is_ascii_digit()) && (number == "0" || !number.starts_with('0'))
}
