//! The functions as a C program declares them, with their types and numbers.

use std::ffi::{c_char, c_void};

pub(super) type OnMatch = unsafe extern "C-unwind" fn(*mut c_void, u32, u64) -> i32;

#[repr(C)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Error {
    pub(super) status: u32,
    pub(super) detail: u32,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) index: usize,
}

#[repr(C)]
pub(super) struct Batch {
    pub(super) ids: *const u32,
    pub(super) starts: *const usize,
    pub(super) errors: *const Error,
    pub(super) id_count: usize,
    pub(super) error_count: usize,
}

/// The options of a matcher in this version, and an unknown field.
#[repr(C)]
pub(super) struct Options {
    pub(super) size: usize,
    pub(super) size_limit: usize,
    pub(super) event_length_limit: usize,
    pub(super) event_depth_limit: usize,
    pub(super) event_work_limit: u64,
    pub(super) flags: u32,
    pub(super) kernel: u32,
    pub(super) rule_limit: u64,
    pub(super) event_leaf_limit: u64,
    pub(super) event_element_limit: u64,
    pub(super) rule_size_limit: u64,
    pub(super) unknown: u64,
}

/// The limits of patterns, and an unknown field.
#[repr(C)]
pub(super) struct Limits {
    pub(super) size: usize,
    pub(super) length: usize,
    pub(super) depth: usize,
    pub(super) combinations: usize,
    pub(super) fields: usize,
    pub(super) complexity: usize,
    pub(super) values: usize,
    pub(super) stars: usize,
    pub(super) paths: usize,
    pub(super) branches: usize,
    pub(super) extensions: usize,
    pub(super) regexp_size: usize,
    pub(super) unknown: usize,
}

unsafe extern "C" {
    pub(super) fn galop_rules_new(limits: *const Limits, rules: *mut *mut c_void) -> u32;
    pub(super) fn galop_rules_add(
        rules: *mut c_void,
        pattern: *const c_char,
        length: usize,
        value: u64,
        id: *mut u32,
        error: *mut Error,
    ) -> u32;
    pub(super) fn galop_rules_report(
        rules: *const c_void,
        pattern: *const c_char,
        pattern_length: usize,
        buffer: *mut c_char,
        capacity: usize,
        length: *mut usize,
    ) -> u32;
    pub(super) fn galop_rules_count(rules: *const c_void, count: *mut usize) -> u32;
    pub(super) fn galop_rules_free(rules: *mut c_void) -> u32;
    pub(super) fn galop_matcher_new(
        rules: *const c_void,
        options: *const Options,
        matcher: *mut *mut c_void,
        error: *mut Error,
    ) -> u32;
    pub(super) fn galop_matcher_values(
        matcher: *const c_void,
        values: *mut *const u64,
        count: *mut usize,
    ) -> u32;
    pub(super) fn galop_matcher_free(matcher: *mut c_void) -> u32;
    pub(super) fn galop_scratch_new(scratch: *mut *mut c_void) -> u32;
    pub(super) fn galop_scratch_memory_usage(scratch: *const c_void, bytes: *mut usize) -> u32;
    pub(super) fn galop_scratch_shrink(scratch: *mut c_void, bytes: usize) -> u32;
    pub(super) fn galop_scratch_free(scratch: *mut c_void) -> u32;
    pub(super) fn galop_match(
        matcher: *const c_void,
        scratch: *mut c_void,
        event: *const c_char,
        length: usize,
        ids: *mut *const u32,
        count: *mut usize,
        error: *mut Error,
    ) -> u32;
    pub(super) fn galop_is_match(
        matcher: *const c_void,
        scratch: *mut c_void,
        event: *const c_char,
        length: usize,
        found: *mut bool,
        error: *mut Error,
    ) -> u32;
    pub(super) fn galop_match_each(
        matcher: *const c_void,
        scratch: *mut c_void,
        event: *const c_char,
        length: usize,
        on_match: Option<OnMatch>,
        context: *mut c_void,
        error: *mut Error,
    ) -> u32;
    pub(super) fn galop_match_batch(
        matcher: *const c_void,
        scratch: *mut c_void,
        events: *const c_char,
        length: usize,
        offsets: *const usize,
        count: usize,
        batch: *mut Batch,
    ) -> u32;
    pub(super) fn galop_explain(
        rules: *const c_void,
        id: u32,
        event: *const c_char,
        length: usize,
        explanation: *mut *mut c_void,
        error: *mut Error,
    ) -> u32;
    pub(super) fn galop_explanation_matches(explanation: *const c_void, matches: *mut bool) -> u32;
    pub(super) fn galop_explanation_text(
        explanation: *const c_void,
        text: *mut *const c_char,
        length: *mut usize,
    ) -> u32;
    pub(super) fn galop_explanation_json(
        explanation: *const c_void,
        text: *mut *const c_char,
        length: *mut usize,
    ) -> u32;
    pub(super) fn galop_explanation_free(explanation: *mut c_void) -> u32;
    pub(super) fn galop_detail_text(detail: u32) -> *const c_char;
}

pub(super) const OK: u32 = 0;
pub(super) const NULL: u32 = 1;
pub(super) const INVALID: u32 = 2;
pub(super) const WRONG: u32 = 3;
pub(super) const IN_USE: u32 = 4;
pub(super) const UNKNOWN: u32 = 5;
pub(super) const PATTERN: u32 = 6;
pub(super) const BUILD: u32 = 7;
pub(super) const EVENT: u32 = 8;
pub(super) const STOPPED: u32 = 9;

pub(super) const UNTOUCHED: Error = Error { status: 77, detail: 77, start: 77, end: 77, index: 77 };
