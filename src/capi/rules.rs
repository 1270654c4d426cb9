//! Rules: patterns, each with a value of the caller.

use std::ffi::c_char;
use std::ptr;

use crate::pattern::Pattern;
use crate::{RuleId, RuleSet};

use super::boundary::{self, Buffer, Exclusive, Handle, One, Optional, Options, Output, Reset, Text};
use super::options::Limits;
use super::status::{Error, Status};

/// Patterns in the order of their addition, each with a value of the caller. One thread at a time
/// may use them.
pub enum RulesHandle {}

impl Handle for RulesHandle {
    const TAG: u64 = u64::from_be_bytes(*b"g.rules\n");
    type Users = One;
    type Value = Rules;
}

pub struct Rules {
    pub(super) set: RuleSet,
    /// The values of the rules, indexed by id.
    pub(super) values: Vec<u64>,
}

impl Rules {
    fn add(&mut self, pattern: &[u8], value: u64) -> Result<RuleId, Error> {
        let rule = self.set.add_bytes(pattern)?;
        self.values.push(value);
        Ok(rule)
    }
}

impl Reset for Rules {
    /// Only the last rule can be incomplete.
    fn reset(&mut self) {
        self.values.resize(self.set.len(), 0);
    }
}

/// Makes an empty set of rules. Its patterns must keep the limits, which may be NULL for the
/// defaults. Free it with galop_rules_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_rules_new(limits: *const Limits, rules: *mut *mut RulesHandle) -> Status {
    let arguments = (Options(limits), Output(rules));
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, ptr::null_mut(), |(limits, rules)| {
            let set = RuleSet::with_limits(limits.get()?);
            rules.set(boundary::create(Rules { set, values: Vec::new() }));
            Ok(())
        })
    }
}

/// Adds a rule: a pattern of the given length in bytes, and a value with a meaning for the caller.
///
/// Returns the id of the rule, which is the number of rules before it. The output id and the error
/// may be NULL. A refused pattern does not change the rules; galop_rules_report explains the
/// refusal.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_rules_add(
    rules: *mut RulesHandle,
    pattern: *const c_char,
    pattern_length: usize,
    value: u64,
    id: *mut u32,
    error: *mut Error,
) -> Status {
    let arguments = (Exclusive(rules), Text(pattern, pattern_length), Optional(Output(id)));
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(mut rules, pattern, id)| {
            let rule = rules.add(pattern, value)?;
            if let Some(id) = id {
                id.set(rule.as_u32());
            }
            Ok(())
        })
    }
}

/// Explains to people why galop_rules_add refuses a pattern: the message, the line with the place
/// marked, and a suggestion. The text is UTF-8. The text is empty if the pattern would be accepted.
/// The rules do not change.
///
/// Writes as much of the text as the buffer holds, NUL-terminated if the capacity is not zero.
/// Returns the length of the whole text without the NUL. The buffer may be NULL if its capacity is
/// zero.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_rules_report(
    rules: *const RulesHandle,
    pattern: *const c_char,
    pattern_length: usize,
    buffer: *mut c_char,
    capacity: usize,
    length: *mut usize,
) -> Status {
    let arguments =
        (Exclusive(rules), Text(pattern, pattern_length), Buffer(buffer, capacity), Output(length));
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, ptr::null_mut(), |(rules, pattern, buffer, length)| {
            let report = match Pattern::parse_with(pattern, rules.set.limits()) {
                Ok(_) => String::new(),
                // Bytes that are not UTF-8 are at the first fault or after it, so the conversion
                // moves no place before the fault.
                Err(error) => error.report(&String::from_utf8_lossy(pattern)).to_string(),
            };
            buffer.set(&report);
            length.set(report.len());
            Ok(())
        })
    }
}

/// Returns the number of rules.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_rules_count(rules: *const RulesHandle, count: *mut usize) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call((Exclusive(rules), Output(count)), ptr::null_mut(), |(rules, count)| {
            count.set(rules.set.len());
            Ok(())
        })
    }
}

/// Frees rules. Matchers built from the rules stay valid. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_rules_free(rules: *mut RulesHandle) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe { boundary::free(rules) }
}
