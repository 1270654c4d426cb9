//! The matcher: compiled rules, with their values.

use std::ptr;

use crate::Matcher;

use super::boundary::{self, Exclusive, Handle, Many, Options, Output, Shared};
use super::options::MatcherOptions;
use super::rules::RulesHandle;
use super::status::{Error, Status};

/// Compiled rules, which never change. Any number of threads may use a matcher at once, each with a scratch of its own.
pub enum MatcherHandle {}

impl Handle for MatcherHandle {
    const TAG: u64 = u64::from_be_bytes(*b"g.match\n");
    type Users = Many;
    type Value = CompiledRules;
}

pub struct CompiledRules {
    pub(super) matcher: Matcher,
    /// The value of each rule, at its id.
    pub(super) values: Box<[u64]>,
}

/// Compiles rules, with default options if they are NULL. Later changes of the rules have no influence on the matcher.
/// Free it with galop_matcher_free. The error may be NULL.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_matcher_new(
    rules: *const RulesHandle,
    options: *const MatcherOptions,
    matcher: *mut *mut MatcherHandle,
    error: *mut Error,
) -> Status {
    let arguments = (Exclusive(rules), Options(options), Output(matcher));
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call(arguments, error, |(rules, options, matcher)| {
            let compiled = options.get()?.build(&rules.set)?;
            let values = rules.values.as_slice().into();
            matcher.set(boundary::create(CompiledRules { matcher: compiled, values }));
            Ok(())
        })
    }
}

/// Gives the values of all rules, each at the id of its rule, and their number. They live as long as the matcher.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_matcher_values(
    matcher: *const MatcherHandle,
    values: *mut *const u64,
    count: *mut usize,
) -> Status {
    let arguments = (Shared(matcher), Output(values), Output(count));
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call(arguments, ptr::null_mut(), |(matcher, values, count)| {
            values.set(matcher.values.as_ptr());
            count.set(matcher.values.len());
            Ok(())
        })
    }
}

/// Gives the bytes of memory that a matcher takes.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_matcher_memory_usage(
    matcher: *const MatcherHandle,
    bytes: *mut usize,
) -> Status {
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call((Shared(matcher), Output(bytes)), ptr::null_mut(), |(matcher, bytes)| {
            bytes.set(matcher.matcher.memory_usage() + size_of_val(&*matcher.values));
            Ok(())
        })
    }
}

/// Frees a matcher, which no thread may be using any more, nor a callback be called from. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_matcher_free(matcher: *mut MatcherHandle) -> Status {
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe { boundary::free(matcher) }
}
