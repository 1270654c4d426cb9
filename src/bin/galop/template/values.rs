//! The values of nodes: texts and JSON, with functions of CloudFormation and variables of Serverless
//! resolved.
//!
//! A reference has a value if `--define` gives the value. A function has a value if it joins texts and
//! references with values. Any other function is a fault with its place. The defaults of parameters are
//! not used, because a deployment can replace them.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use galop::json::value_span;

use crate::output::json_string;
use crate::pattern_text::{PatternText, Place, SourceText};
use crate::rule_entry::Fault;
use crate::template::Context;
use crate::template::call::Call;
use crate::template::defines::Value;
use crate::template::json_text::Json;
use crate::template::scalar::{self, Placed, Plain, Style};
use crate::template::tree::{Kind, NodeId, Tree};

/// The maximum number of nodes and characters that a pattern expands to. The expansion of aliases can
/// grow exponentially.
const PATTERN: usize = 1 << 21;

/// The maximum number of nodes and characters that all patterns of a file expand to.
const EXPANDED: usize = 1 << 25;

/// The size of an entry in characters.
const ENTRY: usize = 64;

/// The maximum depth of expanded nodes. The functions here are recursive.
const DEPTH: usize = 300;

/// The values of the nodes of a template.
pub(super) struct Values<'a> {
    pub(super) tree: &'a Tree<'a>,
    pub(super) context: Context<'a>,
    /// True if texts have variables of Serverless.
    pub(super) has_variables: bool,
    /// The nodes that variables refer to and whose values are being read.
    pub(super) referred: RefCell<Vec<NodeId>>,
    source: Arc<SourceText>,
    /// The size to which the current pattern expands, and all patterns.
    expanded: Cell<(usize, usize)>,
    depth: Cell<usize>,
}

/// The value of a variable.
pub(super) enum Found<'a> {
    Defined(&'a Value),
    Node(NodeId),
}

impl<'a> Values<'a> {
    pub(super) fn new(tree: &'a Tree<'a>, context: Context<'a>) -> Values<'a> {
        Values {
            tree,
            context,
            has_variables: false,
            referred: RefCell::default(),
            source: Arc::new(SourceText::new(tree.text)),
            expanded: Cell::new((0, 0)),
            depth: Cell::new(0),
        }
    }

    /// Returns the values of a file whose texts have variables of Serverless.
    pub(super) fn with_variables(tree: &'a Tree<'a>, context: Context<'a>) -> Values<'a> {
        Values { has_variables: true, ..Values::new(tree, context) }
    }

    /// Returns the call if a node is one.
    pub(super) fn call(&self, id: NodeId) -> Option<Call> {
        Call::of(self.tree, id)
    }

    /// Returns the name that a call refers to.
    pub(super) fn reference(&self, id: NodeId) -> Option<String> {
        let call = self.call(id)?;
        matches!(call.name.as_str(), "Ref" | "GetAtt")
            .then(|| self.argument(&call).ok())?
            .map(|name| string(&name))
    }

    /// Returns true for `null`. An empty scalar of YAML is `null`.
    pub(super) fn is_null(&self, id: NodeId) -> bool {
        let node = self.tree.node(id);
        match &node.kind {
            Kind::Scalar { text, style: Style::Plain | Style::JsonLiteral } if node.tag.is_none() => {
                scalar::plain(text) == Plain::Literal("null".to_owned())
            }
            _ => false,
        }
    }

    /// Returns the pattern of a node: an object, or a text with JSON.
    pub(super) fn pattern(&self, id: NodeId) -> Result<PatternText, Fault> {
        self.expanded.set((0, self.expanded.get().1));
        let characters = match self.call(id) {
            Some(call) if call.name == "ToJsonString" && !call.is_tag => self.json(call.argument)?,
            Some(_) => self.text(id)?,
            None if self.tree.scalar(id).is_some() => self.text(id)?,
            None => self.json(id)?,
        };
        Ok(self.written(characters, id))
    }

    /// Returns a pattern of characters that a node is made of.
    pub(super) fn written(&self, characters: Placed, id: NodeId) -> PatternText {
        let begin = self.tree.node(id).place;
        PatternText::written(characters, self.context.file, begin, &self.source)
    }

    /// Returns the expression of a schedule, or `None` if its text has no value before the template is
    /// deployed. A schedule is no part of matching, so this is no fault.
    pub(super) fn expression(&self, id: NodeId) -> Option<PatternText> {
        let id = self.follow(id).ok()?;
        if self.is_null(id) { None } else { self.pattern(id).ok() }
    }

    /// Returns the JSON of a node.
    fn json(&self, id: NodeId) -> Result<Placed, Fault> {
        let mut json = Json::new(self.tree.node(id).place);
        self.add_json(id, &mut json)?;
        Ok(json.into_placed())
    }

    fn add_json(&self, id: NodeId, json: &mut Json) -> Result<(), Fault> {
        let node = self.tree.node(id);
        if let Some(call) = self.call(id) {
            if let Some(value) = self.json_define(&call) {
                json.fixed(&value, node.place);
                return self.spend(value.len(), node.place);
            }
            if let Some(list) = self.list_parameter(&call)? {
                let items: Vec<String> = list.split(',').map(json_string).collect();
                json.fixed(&format!("[{}]", items.join(",")), node.place);
                return Ok(());
            }
            let text = self.text(id)?;
            json.string(&text, node.place, None);
            return Ok(());
        }
        if let Some((variable, found)) = self.whole_variable(id)? {
            return match found {
                Found::Defined(value) => {
                    let value = value.json();
                    json.fixed(&value, node.place);
                    self.spend(value.len(), node.place)
                }
                Found::Node(target) => self
                    .refer(target, &variable, node.place, || self.nested(id, || self.add_json(target, json))),
            };
        }
        self.nested(id, || {
            match &node.kind {
                Kind::Scalar { text, style } => self.add_scalar(id, text, *style, json)?,
                Kind::Sequence(elements) => {
                    json.push('[', node.place);
                    for (index, &element) in elements.iter().enumerate() {
                        json.comma(index);
                        self.add_json(element, json)?;
                    }
                    json.end(']');
                }
                Kind::Mapping(members) => {
                    json.push('{', node.place);
                    for (index, &(key, value)) in members.iter().enumerate() {
                        json.comma(index);
                        self.add_key(key, json)?;
                        json.end(':');
                        self.add_json(value, json)?;
                    }
                    json.end('}');
                }
            }
            Ok(())
        })
    }

    fn add_key(&self, key: NodeId, json: &mut Json) -> Result<(), Fault> {
        let node = self.tree.node(key);
        match &node.kind {
            Kind::Scalar { style: Style::Plain, text } if scalar::plain(text) == Plain::Unclear => {
                Err(unclear(text, node.place))
            }
            Kind::Scalar { style: Style::Json, .. } => self.add_spelling(key, json),
            // Serverless has no variables in names.
            Kind::Scalar { style, .. } => {
                json.string(&self.spelled(key)?, node.begin, style.quote(node.begin));
                Ok(())
            }
            Kind::Sequence(_) | Kind::Mapping(_) => {
                Err(Fault::new(node.place, "invalid-template", "the name of a field is a text"))
            }
        }
    }

    fn add_scalar(&self, id: NodeId, text: &str, style: Style, json: &mut Json) -> Result<(), Fault> {
        let node = self.tree.node(id);
        // A tag of YAML itself makes a text of a plain scalar. The other tags of YAML name the type
        // that the scalar has without them.
        let is_text = matches!(node.tag.as_deref(), Some("!str" | "!"));
        match style {
            Style::Plain if !is_text => match scalar::plain(text) {
                Plain::Literal(value) if value == text => json.run(&value, node.begin),
                Plain::Literal(value) => json.fixed(&value, node.place),
                Plain::Unclear => return Err(unclear(text, node.place)),
                Plain::Text => json.string(&self.characters(id)?, node.begin, None),
            },
            Style::JsonLiteral => json.run(text, node.place),
            Style::Json if !(self.has_variables && text.contains("${")) => {
                return self.add_spelling(id, json);
            }
            _ => json.string(&self.characters(id)?, node.begin, style.quote(node.begin)),
        }
        Ok(())
    }

    /// Adds the spelling of a JSON string. It can have half of a surrogate pair, so its value would not
    /// do.
    fn add_spelling(&self, id: NodeId, json: &mut Json) -> Result<(), Fault> {
        let node = self.tree.node(id);
        let spelling = value_span(self.tree.text.as_bytes(), node.start)
            .map_or("", |span| &self.tree.text[span.start..span.end]);
        self.spend(spelling.len(), node.place)?;
        json.run(spelling, node.place);
        Ok(())
    }

    /// Returns the text of a scalar or a call.
    pub(super) fn text(&self, id: NodeId) -> Result<Placed, Fault> {
        match self.call(id) {
            Some(call) => self.nested(id, || self.result(&call)),
            None => self.characters(id),
        }
    }

    /// Returns the characters of a scalar, its tag ignored.
    pub(super) fn characters(&self, id: NodeId) -> Result<Placed, Fault> {
        let text = self.spelled(id)?;
        if self.has_variables { self.expand(id, &text) } else { Ok(text) }
    }

    /// Returns the characters of a scalar, its tag and its variables ignored.
    pub(super) fn spelled(&self, id: NodeId) -> Result<Placed, Fault> {
        let node = self.tree.node(id);
        let Kind::Scalar { text, style } = &node.kind else {
            return Err(Fault::new(node.place, "invalid-template", "expected a text"));
        };
        self.spend(text.len() + 1, node.place)?;
        let spelling = &self.tree.text[node.start..];
        Ok(scalar::placed(text, *style, spelling, node.begin))
    }

    /// Returns the text of an argument.
    fn argument(&self, call: &Call) -> Result<Placed, Fault> {
        if call.is_tag { self.characters(call.argument) } else { self.text(call.argument) }
    }

    fn result(&self, call: &Call) -> Result<Placed, Fault> {
        let elements = self.tree.elements(call.argument);
        match (call.name.as_str(), elements) {
            ("Ref", []) | ("GetAtt", []) => {
                let name = string(&self.argument(call)?);
                self.defined(&name, &call.written(&name), call.place)
            }
            ("GetAtt", &[resource, attribute]) => {
                let parts = [string(&self.text(resource)?), string(&self.text(attribute)?)];
                let name = parts.join(".");
                self.defined(&name, &call.written(&name), call.place)
            }
            ("Sub", []) => self.substitute(&self.argument(call)?, None),
            ("Sub", &[text]) => self.substitute(&self.text(text)?, None),
            ("Sub", &[text, variables]) => self.substitute(&self.text(text)?, Some(variables)),
            ("Join", &[separator, list]) if self.call(list).is_none() => {
                let separator = self.text(separator)?;
                let mut joined = Placed::new();
                for (index, &element) in self.tree.elements(list).iter().enumerate() {
                    if index > 0 {
                        self.spend(separator.len(), call.place)?;
                        joined.extend(&separator);
                    }
                    joined.extend(self.text(element)?);
                }
                Ok(joined)
            }
            _ => Err(call.unresolved()),
        }
    }

    /// Returns a text with the values of its variables `${Name}`. `${!Name}` is the text `${Name}`.
    fn substitute(&self, text: &[(char, Place)], variables: Option<NodeId>) -> Result<Placed, Fault> {
        let mut result = Placed::with_capacity(text.len());
        let mut rest = text;
        while let Some((&(c, place), after)) = rest.split_first() {
            let end = rest.iter().position(|&(c, _)| c == '}');
            let (true, Some(end)) = (c == '$' && after.first().is_some_and(|&(c, _)| c == '{'), end) else {
                result.push((c, place));
                rest = after;
                continue;
            };
            let (variable, after) = rest.split_at(end + 1);
            rest = after;
            let name = string(&variable[2..end]);
            if name.starts_with('!') {
                result.extend(variable.iter().enumerate().filter(|&(at, _)| at != 2).map(|(_, c)| c));
                continue;
            }
            match variables.and_then(|variables| self.tree.get(variables, name.trim())) {
                Some(value) => {
                    let value = self.text(value)?;
                    result.extend(value.into_iter().map(|(c, _)| (c, place)));
                }
                None => result.extend(self.defined(name.trim(), &format!("${{{name}}}"), place)?),
            }
        }
        Ok(result)
    }

    /// Returns the value of a name. `written` is the spelling of the reference in the template.
    fn defined(&self, name: &str, written: &str, place: Place) -> Result<Placed, Fault> {
        if let Some(value) = self.context.defines.get(name) {
            return self.at_place(&value.text(), place);
        }
        let default = self.tree.text_at(self.tree.root, &["Parameters", name, "Default"]);
        let default = default.map_or_else(String::new, |default| {
            format!(" (the default in the template is `{default}`; a deployment can replace it)")
        });
        let message = format!("`{written}` has no value before the template is deployed");
        let help = format!("give the value: --define '{name}=…'{default}");
        Err(Fault::new(place, "unresolved-intrinsic", message).with_help(help))
    }

    /// Returns the characters of a text that stands at one place of the template.
    pub(super) fn at_place(&self, text: &str, place: Place) -> Result<Placed, Fault> {
        self.spend(text.len(), place)?;
        Ok(text.chars().map(|c| (c, place)).collect())
    }

    /// Returns the JSON that the command line gives to the name of a reference.
    fn json_define(&self, call: &Call) -> Option<String> {
        let elements = self.tree.elements(call.argument);
        let name = match (call.name.as_str(), elements) {
            ("Ref" | "GetAtt", []) => string(&self.argument(call).ok()?),
            _ => return None,
        };
        match self.context.defines.get(&name)? {
            Value::Json(json) => Some(json.clone()),
            Value::Text(_) => None,
        }
    }

    /// Returns the value of a parameter that is a list, if a call refers to one.
    fn list_parameter(&self, call: &Call) -> Result<Option<String>, Fault> {
        if call.name != "Ref" || self.tree.scalar(call.argument).is_none() {
            return Ok(None);
        }
        let name = string(&self.argument(call)?);
        let kind = self.tree.text_at(self.tree.root, &["Parameters", &name, "Type"]);
        match kind {
            Some(kind) if kind == "CommaDelimitedList" || kind.starts_with("List<") => {
                Ok(Some(string(&self.result(call)?)))
            }
            _ => Ok(None),
        }
    }

    /// Adds nodes and characters to the size of the expansion. Returns a fault if a limit is exceeded.
    pub(super) fn spend(&self, count: usize, place: Place) -> Result<(), Fault> {
        let (pattern, all) = self.expanded.get();
        self.expanded.set((pattern + count, all + count));
        if pattern + count > PATTERN || all + count > EXPANDED {
            let message = format!(
                "the template expands to more than {PATTERN} characters in one pattern, or {EXPANDED} in all"
            );
            return Err(Fault::new(place, "template-too-large", message));
        }
        Ok(())
    }

    /// Adds an entry to the size of the expansion: aliases repeat entries, too.
    pub(super) fn spend_entry(&self, place: Place) -> Result<(), Fault> {
        self.expanded.set((0, self.expanded.get().1));
        self.spend(ENTRY, place)
    }

    pub(super) fn nested<T>(&self, id: NodeId, value: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let place = self.tree.node(id).place;
        self.spend(1, place)?;
        if self.depth.get() >= DEPTH {
            let message = format!("the template is nested deeper than {DEPTH} levels");
            return Err(Fault::new(place, "template-too-large", message));
        }
        self.depth.set(self.depth.get() + 1);
        let value = value();
        self.depth.set(self.depth.get() - 1);
        value
    }
}

pub(super) fn unclear(text: &str, place: Place) -> Fault {
    let message =
        format!("`{text}` is text in one version of YAML, and a value of another type in the other");
    let help = "write a text in quotes, a number in decimal notation, and a truth value as true or false";
    Fault::new(place, "unclear-scalar", message).with_help(help)
}

pub(super) fn string(characters: &[(char, Place)]) -> String {
    characters.iter().map(|&(c, _)| c).collect()
}
