//! Explanations: the reasons why an event matches a rule, or does not match.

use std::ffi::{CString, c_char};
use std::ptr;

use crate::RuleId;
use crate::explain::{ExplainError, explain_pattern};

use super::boundary::{self, Exclusive, Handle, Many, Output, Shared, Text};
use super::rules::RulesHandle;
use super::status::{Error, Status};

/// The reasons why an event matches a rule, or does not match. An explanation never changes. Several
/// threads may use it at once.
pub enum ExplanationHandle {}

impl Handle for ExplanationHandle {
    const TAG: u64 = u64::from_be_bytes(*b"g.expla\n");
    type Users = Many;
    type Value = WrittenExplanation;
}

pub struct WrittenExplanation {
    matches: bool,
    text: CString,
    json: CString,
}

impl From<ExplainError> for Error {
    fn from(error: ExplainError) -> Error {
        match error {
            ExplainError::Parts(error) => error.into(),
            ExplainError::Build(error) => error.into(),
            ExplainError::Event(error) => error.into(),
        }
    }
}

/// Returns the reasons why an event matches the rule with this id, or does not match. Free the
/// explanation with galop_explanation_free. The error may be NULL.
///
/// The rule is compiled for each call, so a call takes much longer than a match. An id that the
/// rules do not have is GALOP_STATUS_INVALID_ARGUMENT.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_explain(
    rules: *const RulesHandle,
    id: u32,
    event: *const c_char,
    event_length: usize,
    explanation: *mut *mut ExplanationHandle,
    error: *mut Error,
) -> Status {
    let arguments = (Exclusive(rules), Text(event, event_length), Output(explanation));
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(rules, event, explanation)| {
            let pattern = rules.set.get(RuleId::new(id)).ok_or(Status::InvalidArgument)?;
            let answer = explain_pattern(pattern, event)?;
            // A control character of the pattern or the event is an escape, so the texts have no NUL.
            let text = |text: String| CString::new(text).map_err(|_| Status::Panic);
            explanation.set(boundary::create(WrittenExplanation {
                matches: answer.matches(),
                text: text(answer.to_string())?,
                json: text(answer.to_json())?,
            }));
            Ok(())
        })
    }
}

/// Returns true if the event matches the rule.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_explanation_matches(
    explanation: *const ExplanationHandle,
    matches: *mut bool,
) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call((Shared(explanation), Output(matches)), ptr::null_mut(), |(explanation, matches)| {
            matches.set(explanation.matches);
            Ok(())
        })
    }
}

/// Returns the explanation for people: lines of UTF-8, NUL-terminated, and their length without the
/// NUL. The text lives as long as the explanation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_explanation_text(
    explanation: *const ExplanationHandle,
    text: *mut *const c_char,
    length: *mut usize,
) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe { borrow(explanation, text, length, |explanation| &explanation.text) }
}

/// Returns the explanation as one line of JSON, NUL-terminated, and its length without the NUL. The
/// object has the members matches, failing, fields, choices and traps. The text lives as long as the
/// explanation.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_explanation_json(
    explanation: *const ExplanationHandle,
    text: *mut *const c_char,
    length: *mut usize,
) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe { borrow(explanation, text, length, |explanation| &explanation.json) }
}

/// Sets the outputs to one of the texts of an explanation.
unsafe fn borrow(
    explanation: *const ExplanationHandle,
    text: *mut *const c_char,
    length: *mut usize,
    choose: fn(&WrittenExplanation) -> &CString,
) -> Status {
    let arguments = (Shared(explanation), Output(text), Output(length));
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, ptr::null_mut(), |(explanation, text, length)| {
            let chosen = choose(explanation);
            text.set(chosen.as_ptr());
            length.set(chosen.as_bytes().len());
            Ok(())
        })
    }
}

/// Frees an explanation. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_explanation_free(explanation: *mut ExplanationHandle) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe { boundary::free(explanation) }
}
