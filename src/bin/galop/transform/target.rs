//! The input of a target, as the API of the service writes it: `InputTransformer`, `InputPath`,
//! `Input`, or none of them.

use super::error::{Of, TransformError};
use super::json::{self, decoded, items, minify, offset, written_offset};
use super::path::{Found, Path};
use super::{InputPaths, Reserved, Transformer, read_event};

/// The maximum number of characters of a constant input in the API of the service.
const LENGTH: usize = 8192;

/// The input of a target.
#[derive(Clone, Debug)]
pub(crate) enum Target {
    /// The event.
    Event,
    /// The value at a path.
    Path(Path),
    /// A text, whatever the event is.
    Constant(String),
    /// With the place of the template in the description, if there is one.
    Transformer(Transformer, Option<Place>),
}

/// The place of a string in the description of a target.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    start: usize,
    /// The string as it is written.
    written: String,
}

impl Place {
    /// Returns the error of a text that is in the string, at its place in the description.
    fn of(&self, error: TransformError) -> TransformError {
        error.moved(Of::Target, |at| self.start + written_offset(&self.written, at))
    }
}

impl Target {
    /// Returns a target without a description.
    pub(crate) fn of(transformer: Transformer) -> Target {
        Target::Transformer(transformer, None)
    }

    /// Reads the description of a target, or an output of `list-targets-by-rule` with one target.
    pub(crate) fn parse(text: &[u8]) -> Result<Target, TransformError> {
        let value = json::only_value(text, Of::Target)?;
        // The rest of the text is white space.
        Reader { text: str::from_utf8(text).unwrap_or(value), value }.read()
    }

    /// Returns the error of the first variable of the service whose value is missing.
    pub(crate) fn unset(&self, reserved: &Reserved<'_>) -> Option<TransformError> {
        match self {
            Target::Transformer(transformer, place) => {
                transformer.unset(reserved).map(|error| in_description(place.as_ref(), error))
            }
            _ => None,
        }
    }

    /// Returns the input for an event.
    pub(crate) fn apply(&self, event: &[u8], reserved: &Reserved<'_>) -> Result<String, TransformError> {
        let value = match self {
            Target::Transformer(transformer, place) => {
                let output = transformer.apply(event, reserved);
                return output.map_err(|error| in_description(place.as_ref(), error));
            }
            Target::Constant(input) => {
                read_event(event)?;
                return Ok(input.clone());
            }
            Target::Event => read_event(event)?.to_owned(),
            Target::Path(path) => match path.find(read_event(event)?) {
                Some(Found::Value(value)) => value.to_owned(),
                Some(Found::List(values)) => format!("[{}]", values.join(",")),
                None => {
                    let message = "the event has no value at the path of the target";
                    return Err(TransformError::new(Of::Event, "no-input", 0..0, message));
                }
            },
        };
        let mut small = String::with_capacity(value.len());
        minify(&value, &mut small);
        Ok(small)
    }
}

/// Returns an error of a template at its place in a description.
fn in_description(place: Option<&Place>, error: TransformError) -> TransformError {
    match place {
        Some(place) if error.of == Of::Template => place.of(error),
        _ => error,
    }
}

/// A valid JSON value with the description of a target.
struct Reader<'t> {
    text: &'t str,
    value: &'t str,
}

/// The members of a target with its input.
const INPUTS: [&str; 3] = ["Input", "InputPath", "InputTransformer"];

impl<'t> Reader<'t> {
    fn read(&self) -> Result<Target, TransformError> {
        let mut target = self.value;
        if let Some((_, targets)) = self.member(target, "Targets")? {
            let mut elements = items(targets);
            target = match (elements.next(), elements.next()) {
                (Some((_, target)), None) if json::is_array(targets) => target,
                _ => return Err(self.fault("not-a-target", targets, "one target is expected")),
            };
        }
        if !json::is_object(target) {
            return Err(self.fault("not-a-target", target, "the description of a target is an object"));
        }
        let mut found = None;
        for name in INPUTS {
            let Some((written, value)) = self.member(target, name)?.filter(|(_, value)| *value != "null")
            else {
                continue;
            };
            if found.replace((name, value)).is_some() {
                let message = "only one of Input, InputPath and InputTransformer can be there";
                return Err(self.fault("several-inputs", written, message));
            }
        }
        match found {
            None => Ok(Target::Event),
            Some(("InputTransformer", value)) => self.transformer(value),
            Some(("InputPath", value)) => {
                let path = self.string(value)?;
                let path = Path::parse(&path);
                path.map(Target::Path).map_err(|error| self.place(value).of(error))
            }
            Some((_, value)) => self.constant(value).map(Target::Constant),
        }
    }

    fn transformer(&self, value: &'t str) -> Result<Target, TransformError> {
        let Some((_, template)) = self.member(value, "InputTemplate")? else {
            let message = "an InputTransformer has an InputTemplate";
            return Err(self.fault("no-template", value, message));
        };
        let map = self.member(value, "InputPathsMap")?.filter(|(_, map)| *map != "null");
        let paths = match map {
            None => InputPaths::default(),
            Some((_, map)) => {
                let start = offset(self.text, map);
                InputPaths::of_value(map).map_err(|error| error.moved(Of::Target, |at| start + at))?
            }
        };
        let text = self.string(template)?;
        let place = self.place(template);
        match Transformer::new(paths, &text) {
            Ok(transformer) => Ok(Target::Transformer(transformer, Some(place))),
            Err(error) => Err(place.of(error)),
        }
    }

    fn constant(&self, value: &'t str) -> Result<String, TransformError> {
        let text = self.string(value)?;
        if text.chars().count() > LENGTH {
            let message = format!("the input has more than {LENGTH} characters");
            return Err(self.fault("input-too-long", value, message));
        }
        let input =
            json::only_value(text.as_bytes(), Of::Target).map_err(|error| self.place(value).of(error))?;
        let mut small = String::with_capacity(input.len());
        minify(input, &mut small);
        Ok(small)
    }

    /// Returns the member of an object with a name: the name as it is written, and the value.
    fn member(&self, object: &'t str, name: &str) -> Result<Option<(&'t str, &'t str)>, TransformError> {
        let is_name = |written: &str| decoded(written).is_some_and(|decoded| decoded == name);
        let mut members = items(object).filter(|(written, _)| is_name(written));
        let first = members.next();
        match members.next() {
            Some((written, _)) => {
                Err(self.fault("repeated-member", written, format!("{name} is there twice")))
            }
            None => Ok(first),
        }
    }

    fn string(&self, value: &str) -> Result<String, TransformError> {
        decoded(value).ok_or_else(|| self.fault("not-a-string", value, "a string is expected"))
    }

    fn fault(&self, code: &'static str, part: &str, message: impl Into<String>) -> TransformError {
        let start = offset(self.text, part);
        TransformError::new(Of::Target, code, start..start + part.len(), message)
    }

    fn place(&self, string: &str) -> Place {
        Place { start: offset(self.text, string), written: string.to_owned() }
    }
}
