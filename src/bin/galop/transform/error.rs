//! Errors of transformations.

use std::ops::Range;

use galop::error::JsonError;

/// The reason why a transformation is refused, or has no output for an event.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct TransformError {
    /// The text with the fault.
    pub(crate) of: Of,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The bytes of the text at fault.
    pub(crate) span: Range<usize>,
    pub(crate) help: Option<String>,
}

/// A text of a transformation.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Of {
    /// The map of variables and paths.
    InputPaths,
    Template,
    /// The description of a target, with the two above in it.
    Target,
    Event,
}

impl TransformError {
    pub(super) fn new(
        of: Of,
        code: &'static str,
        span: Range<usize>,
        message: impl Into<String>,
    ) -> TransformError {
        TransformError { of, code, message: message.into(), span, help: None }
    }

    pub(super) fn of_json(of: Of, error: &JsonError) -> TransformError {
        let span = error.span().start..error.span().end;
        TransformError {
            help: error.help(),
            ..TransformError::new(of, error.code(), span, error.kind().to_string())
        }
    }

    pub(crate) fn with_help(self, help: impl Into<String>) -> TransformError {
        TransformError { help: Some(help.into()), ..self }
    }

    /// Returns the error at its place in another text, in which the text is contained.
    pub(super) fn moved(self, of: Of, place: impl Fn(usize) -> usize) -> TransformError {
        TransformError { of, span: place(self.span.start)..place(self.span.end), ..self }
    }
}
