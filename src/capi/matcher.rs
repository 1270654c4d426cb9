//! The matcher: compiled rules and their values.

use std::ptr;

use crate::Matcher;

use super::boundary::{self, Exclusive, Handle, Many, Options, Output, Shared};
use super::options::MatcherOptions;
use super::rules::RulesHandle;
use super::status::{Error, Status};

/// Compiled rules, which never change. Several threads may use a matcher at once, each with its own
/// scratch.
pub enum MatcherHandle {}

impl Handle for MatcherHandle {
    const TAG: u64 = u64::from_be_bytes(*b"g.match\n");
    type Users = Many;
    type Value = CompiledRules;
}

pub struct CompiledRules {
    pub(super) matcher: Matcher,
    /// The values of the rules, indexed by id.
    pub(super) values: Box<[u64]>,
}

/// Compiles rules. The options may be NULL, for the defaults. Later changes of the rules do not
/// affect the matcher. Free it with galop_matcher_free. The error may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_matcher_new(
    rules: *const RulesHandle,
    options: *const MatcherOptions,
    matcher: *mut *mut MatcherHandle,
    error: *mut Error,
) -> Status {
    let arguments = (Exclusive(rules), Options(options), Output(matcher));
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(rules, options, matcher)| {
            let compiled = options.get()?.build(&rules.set)?;
            let values = rules.values.as_slice().into();
            matcher.set(boundary::create(CompiledRules { matcher: compiled, values }));
            Ok(())
        })
    }
}

/// Returns the values of all rules, indexed by id, and their number. The values live as long as the
/// matcher.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_matcher_values(
    matcher: *const MatcherHandle,
    values: *mut *const u64,
    count: *mut usize,
) -> Status {
    let arguments = (Shared(matcher), Output(values), Output(count));
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call(arguments, ptr::null_mut(), |(matcher, values, count)| {
            values.set(matcher.values.as_ptr());
            count.set(matcher.values.len());
            Ok(())
        })
    }
}

/// Returns the memory usage of a matcher in bytes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_matcher_memory_usage(
    matcher: *const MatcherHandle,
    bytes: *mut usize,
) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call((Shared(matcher), Output(bytes)), ptr::null_mut(), |(matcher, bytes)| {
            bytes.set(matcher.matcher.memory_usage() + size_of_val(&*matcher.values));
            Ok(())
        })
    }
}

/// Frees a matcher. No thread may be using the matcher, and no callback of its calls may be
/// running. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_matcher_free(matcher: *mut MatcherHandle) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe { boundary::free(matcher) }
}
