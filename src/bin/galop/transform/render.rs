//! The output of a template for an event.

use galop::json::value_span;

use super::error::{Of, TransformError};
use super::json::{self, decoded, items, minify, without_quotes};
use super::path::Found;
use super::template::{Form, Name, Piece, ReservedName, Use};
use super::{OUTPUT, Reserved, Transformer};

/// Returns the output for an event, a valid JSON value.
pub(super) fn render(
    transformer: &Transformer,
    event: &str,
    reserved: &Reserved<'_>,
) -> Result<String, TransformError> {
    let mut output = Output { text: String::new(), inserted: Vec::new(), form: transformer.template.form };
    for piece in &transformer.template.pieces {
        match piece {
            Piece::Text(text) => output.text.push_str(text),
            Piece::Variable(variable) => {
                output.inserted.push((output.text.len(), variable));
                output.variable(transformer, variable, event, reserved)?;
            }
        }
        if output.text.len() > OUTPUT {
            let span = output.inserted.last().map_or(0..0, |(_, variable)| variable.span.clone());
            let message = format!("the output is longer than {OUTPUT} bytes");
            return Err(TransformError::new(Of::Template, "output-too-long", span, message));
        }
    }
    output.check()?;
    Ok(output.text)
}

struct Output<'t> {
    text: String,
    /// The variables, with their places in the output.
    inserted: Vec<(usize, &'t Use)>,
    form: Form,
}

impl Output<'_> {
    fn variable(
        &mut self,
        transformer: &Transformer,
        variable: &Use,
        event: &str,
        reserved: &Reserved<'_>,
    ) -> Result<(), TransformError> {
        match variable.name {
            Name::Path(index) => {
                let found = transformer.paths.path(index).and_then(|path| path.find(event));
                match found {
                    // The text of a variable without a value is empty.
                    None => self.string("", variable),
                    Some(Found::Value(value)) => self.value(value, variable),
                    Some(Found::List(values)) => {
                        let list = format!("[{}]", values.join(","));
                        self.value(&list, variable)
                    }
                }
            }
            Name::Reserved(ReservedName::Event) if json::is_object(event) => {
                let kept = items(event).filter(|(name, _)| decoded(name).is_none_or(|name| name != "detail"));
                let members: Vec<String> = kept.map(|(name, value)| format!("{name}:{value}")).collect();
                self.value(&format!("{{{}}}", members.join(",")), variable)
            }
            Name::Reserved(ReservedName::Event | ReservedName::EventJson) => self.value(event, variable),
            Name::Reserved(name) => match reserved.value(name) {
                Some(value) => self.string(value, variable),
                None => Err(unset(variable)),
            },
        }
    }

    /// Inserts a JSON value.
    fn value(&mut self, value: &str, variable: &Use) -> Result<(), TransformError> {
        if !variable.is_in_string {
            minify(value, &mut self.text);
        } else if !json::is_string(value) {
            without_quotes(value, &mut self.text);
        } else if let Some(value) = decoded(value) {
            return self.string(&value, variable);
        } else {
            // Half of a surrogate pair is no character.
            self.text.push_str(&value[1..value.len() - 1]);
        }
        Ok(())
    }

    /// Inserts characters.
    fn string(&mut self, value: &str, variable: &Use) -> Result<(), TransformError> {
        if !variable.is_in_string {
            self.text.push_str(&serde_json::Value::from(value).to_string());
            return Ok(());
        }
        if self.form == Form::Json && !is_content(value) {
            return Err(unescaped(variable));
        }
        self.text.push_str(value);
        Ok(())
    }

    /// Returns an error if JSON has become invalid by a value that is not escaped.
    fn check(&self) -> Result<(), TransformError> {
        if self.form == Form::Strings {
            return Ok(());
        }
        let Err(error) = value_span(self.text.as_bytes(), 0) else { return Ok(()) };
        let before = self
            .inserted
            .iter()
            .rev()
            .find(|(at, variable)| variable.is_in_string && *at <= error.span().start);
        Err(match before {
            Some((_, variable)) => unescaped(variable),
            None => TransformError::new(Of::Template, "output-not-json", 0..0, error.kind().to_string()),
        })
    }
}

/// Returns true if a text between two quotation marks leaves them the ends of a string.
fn is_content(text: &str) -> bool {
    let mut is_escaped = false;
    for c in text.chars() {
        if c < ' ' || c == '"' && !is_escaped {
            return false;
        }
        is_escaped = c == '\\' && !is_escaped;
    }
    !is_escaped
}

/// Returns the error of a value that ends its string or makes the JSON text invalid.
fn unescaped(variable: &Use) -> TransformError {
    let message =
        "the value has a quotation mark, a backslash or a line break, which the service does not escape";
    let error = TransformError::new(Of::Template, "output-not-json", variable.span.clone(), message);
    error.with_help("write the variable as a whole value, without quotation marks around it")
}

/// Returns the error of a variable of the service without a value.
pub(super) fn unset(variable: &Use) -> TransformError {
    TransformError::new(Of::Template, "no-value", variable.span.clone(), "the variable has no value")
}
