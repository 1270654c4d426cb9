//! A law for any sequence of calls with valid and invalid arguments. Each call gives the result of
//! the Rust interface, or the status of a fault of its arguments.
//!
//! The functions are declared as in C, so that tests and fuzz targets outside of the crate can
//! check the law too. `super::galop` is the Rust interface.

#![allow(unsafe_code, reason = "calls through the C interface")]

use std::ffi::{CStr, c_char, c_void};
use std::ptr;

use super::galop::{Matcher, PatternLimits, RuleSet};

use functions::*;

#[path = "calls/explanation.rs"]
mod explanation;
#[path = "calls/functions.rs"]
mod functions;
#[path = "calls/matching.rs"]
mod matching;
#[path = "calls/objects.rs"]
mod objects;

const PATTERNS: [&[u8]; 9] = [
    br#"{"a":[1]}"#,
    br#"{"a":["x",{"prefix":"y"}],"b":[{"exists":false}]}"#,
    br#"{"$or":[{"a":[1]},{"b":{"c":[{"anything-but":2}]}}]}"#,
    br#"{"b":[{"wildcard":"*x*y*"},{"cidr":"10.0.0.0/8"}],"b.c":[null]}"#,
    br#"{"a":[{"numeric":[">",0,"<=",9]}],"b":{"c":["x"]}}"#,
    br#"{"a":1}"#,
    br#"{"b":{"c":[{"regexp":"x*"}]}}"#,
    br#"{"a":[{"wildcard":"**"}]}"#,
    b"{\"a\":[\"\xff\"]}",
];

const EVENTS: [&[u8]; 8] = [
    br#"{"a":1}"#,
    br#" {"a":["x","y"],"b":{"c":2}} "#,
    br#"{"a":[{"b":1},{"b":2}],"b":[{"c":null},{"c":"x"}],"b":"10.1.2.3"}"#,
    br#"{"a":9,"b":"\u0078y","b.c":null}"#,
    b"{}",
    b"",
    br#"{"a":1}{}"#,
    b"{\"a\":[1,\"\xff\"]}",
];

/// Interprets the bytes as calls and their arguments, and checks each result.
pub(crate) fn any_calls_get_an_answer(bytes: &[u8]) {
    let mut program = Program { bytes, ..Program::default() };
    while program.step().is_some() {}
    program.end();
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Sort {
    Rules,
    Matcher,
    Scratch,
}

/// A valid object, with its Rust equivalents.
struct Object {
    pointer: *mut c_void,
    sort: Sort,
    /// For rules.
    set: RuleSet,
    limits: PatternLimits,
    values: Vec<u64>,
    /// For a matcher.
    matcher: Option<Matcher>,
    /// For a matcher. If `trusted`, results are specified for valid events only. If `distinct` too,
    /// they are specified for no event, because the promise is not checked here.
    trusted: bool,
    distinct: bool,
}

impl Object {
    fn new(pointer: *mut c_void, sort: Sort) -> Object {
        assert!(!pointer.is_null());
        Object {
            pointer,
            sort,
            set: RuleSet::new(),
            limits: PatternLimits::default(),
            values: Vec::new(),
            matcher: None,
            trusted: false,
            distinct: false,
        }
    }
}

#[derive(Default)]
struct Program<'a> {
    bytes: &'a [u8],
    objects: Vec<Object>,
    /// The faults of the chosen arguments of the current call.
    faults: Vec<u32>,
}

impl<'a> Program<'a> {
    fn next(&mut self) -> Option<u8> {
        let (&first, rest) = self.bytes.split_first()?;
        self.bytes = rest;
        Some(first)
    }

    /// Returns a number below `count`.
    fn below(&mut self, count: usize) -> usize {
        self.next().map_or(0, usize::from) % count
    }

    /// Returns a pointer for an object of this sort. Returns its index too if the pointer is valid.
    fn object(&mut self, sort: Sort) -> (*mut c_void, Option<usize>) {
        let choice = self.below(12);
        let (right, wrong): (Vec<_>, Vec<_>) =
            (0..self.objects.len()).partition(|&at| self.objects[at].sort == sort);
        if choice == 0 || choice > 2 && right.is_empty() || choice <= 2 && wrong.is_empty() {
            self.faults.push(NULL);
            return (ptr::null_mut(), None);
        }
        if choice <= 2 {
            self.faults.push(WRONG);
            let at = wrong[self.below(wrong.len())];
            // The byte after the first byte of an object is no object of any kind.
            return (self.objects[at].pointer.wrapping_byte_add(choice - 1), None);
        }
        let at = right[self.below(right.len())];
        (self.objects[at].pointer, Some(at))
    }

    /// Returns the following bytes. The first byte is their number.
    fn inline(&mut self) -> &'a [u8] {
        let length = self.below(256).min(self.bytes.len());
        let (text, rest) = self.bytes.split_at(length);
        self.bytes = rest;
        text
    }

    /// Returns a text: one from the pool, or the following bytes.
    fn text(&mut self, pool: &[&'a [u8]]) -> (*const c_char, usize, &'a [u8]) {
        let choice = self.below(pool.len() + 6);
        let text = match pool.get(choice) {
            Some(text) => text,
            None => self.inline(),
        };
        match choice - pool.len().min(choice) {
            3 if !text.is_empty() => {
                self.faults.push(NULL);
                (ptr::null(), text.len(), text)
            }
            4 => {
                self.faults.push(INVALID);
                (text.as_ptr().cast(), usize::MAX - text.len(), text)
            }
            5 => (ptr::null(), 0, b""),
            _ => (text.as_ptr().cast(), text.len(), text),
        }
    }

    /// Returns a pointer for an output, which is sometimes null or unaligned.
    fn output<T>(&mut self, place: &mut T) -> *mut T {
        match self.below(16) {
            0 => {
                self.faults.push(NULL);
                ptr::null_mut()
            }
            1 if align_of::<T>() > 1 => {
                self.faults.push(INVALID);
                ptr::from_mut(place).wrapping_byte_add(1)
            }
            _ => place,
        }
    }

    /// Checks the status of a call: one of the faults, or `without_fault` if there are none.
    /// Returns true if the call succeeded.
    #[track_caller]
    fn ended(&mut self, status: u32, without_fault: u32) -> bool {
        if self.faults.is_empty() {
            assert_eq!(status, without_fault);
        } else {
            assert!(self.faults.contains(&status), "{status} for the faults {:?}", self.faults);
        }
        self.faults.clear();
        status == OK
    }

    fn step(&mut self) -> Option<()> {
        match self.next()? % 14 {
            0 => self.new_rules(),
            1 | 2 => self.add(),
            3 => self.report(),
            4 => self.new_matcher(),
            5 => self.new_scratch(),
            6 => self.values(),
            7 => self.match_one(),
            8 => self.is_match(),
            9 => self.each(),
            10 => self.batch(),
            11 => self.shrink(),
            12 => self.free(),
            _ => self.explain(),
        }
        Some(())
    }

    fn free(&mut self) {
        let sort = [Sort::Rules, Sort::Matcher, Sort::Scratch][self.below(3)];
        let (pointer, at) = self.object(sort);
        // A free of null is no fault.
        self.faults.retain(|&fault| fault != NULL);
        let status = free(sort, pointer);
        if self.ended(status, OK)
            && let Some(at) = at
        {
            self.objects.swap_remove(at);
        }
    }

    fn end(self) {
        for object in self.objects {
            assert_eq!(free(object.sort, object.pointer), OK);
        }
    }
}

/// Frees a pointer as an object of this sort.
fn free(sort: Sort, pointer: *mut c_void) -> u32 {
    match sort {
        // SAFETY: the pointer is null, or to the start or the second byte of a valid object that no
        // other code uses.
        Sort::Rules => unsafe { galop_rules_free(pointer) },
        // SAFETY: as above.
        Sort::Matcher => unsafe { galop_matcher_free(pointer) },
        // SAFETY: as above.
        Sort::Scratch => unsafe { galop_scratch_free(pointer) },
    }
}

/// Returns the name of a detail.
fn code(detail: u32) -> &'static str {
    // SAFETY: the function takes any number.
    let text = unsafe { galop_detail_text(detail) };
    // SAFETY: the library's own texts end with a NUL and live forever.
    unsafe { CStr::from_ptr(text) }.to_str().expect("names are ASCII")
}
