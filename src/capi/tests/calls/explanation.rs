//! Calls that explain an event.

use std::ffi::{c_char, c_void};
use std::{ptr, slice};

use super::super::galop::RuleId;
use super::super::galop::explain::{ExplainError, explain_pattern};
use super::functions::*;
use super::{EVENTS, Program, Sort, code};

type Reader = unsafe extern "C" fn(*const c_void, *mut *const c_char, *mut usize) -> u32;

impl Program<'_> {
    pub(super) fn explain(&mut self) {
        let (rules, at) = self.object(Sort::Rules);
        let id = self.below(4) as u32;
        let (text, length, event) = self.text(&EVENTS);
        let (mut explanation, mut error) = (ptr::null_mut(), UNTOUCHED);
        let output = self.output(&mut explanation);
        // SAFETY: the pointers are null, to objects, texts and variables of the right type, or
        // refused.
        let status = unsafe { galop_explain(rules, id, text, length, output, &raw mut error) };
        let pattern = at.and_then(|at| self.objects[at].set.get(RuleId::new(id)).cloned());
        let expected = pattern.map(|pattern| explain_pattern(&pattern, event));
        let without_fault = match &expected {
            None => INVALID,
            Some(Ok(_)) => OK,
            Some(Err(ExplainError::Event(fault))) => {
                if self.faults.is_empty() {
                    assert_eq!(
                        (code(error.detail), error.start),
                        (fault.code(), fault.offset().unwrap_or(0))
                    );
                }
                EVENT
            }
            Some(Err(fault)) => panic!("a small rule is not explained: {fault}"),
        };
        if !self.ended(status, without_fault) {
            assert_eq!((error.status, explanation.is_null()), (status, true));
            return;
        }
        assert_eq!(error.status, UNTOUCHED.status);
        let expected = expected.and_then(Result::ok).expect("the call succeeded");
        let mut matches = !expected.matches();
        // SAFETY: the explanation is valid, and the other pointer is to a local variable.
        assert_eq!(unsafe { galop_explanation_matches(explanation, &raw mut matches) }, OK);
        assert_eq!(matches, expected.matches());
        assert_eq!(read(galop_explanation_text, explanation), expected.to_string().into_bytes());
        assert_eq!(read(galop_explanation_json, explanation), expected.to_json().into_bytes());
        // SAFETY: the explanation is valid and not used below.
        assert_eq!(unsafe { galop_explanation_free(explanation) }, OK);
    }
}

/// Returns a text of an explanation, which ends with a NUL.
fn read(function: Reader, explanation: *const c_void) -> Vec<u8> {
    let (mut text, mut length) = (ptr::null(), 0);
    // SAFETY: the explanation is valid, and the other pointers are to local variables.
    assert_eq!(unsafe { function(explanation, &raw mut text, &raw mut length) }, OK);
    // SAFETY: the text has a NUL after its length, and lives as long as the explanation.
    let bytes = unsafe { slice::from_raw_parts(text.cast::<u8>(), length + 1) };
    assert_eq!(bytes.last(), Some(&0));
    bytes[..length].to_vec()
}
