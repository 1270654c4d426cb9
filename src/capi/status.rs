//! The results of calls: statuses, details and errors, with their numbers and names in C.

use std::ffi::c_char;

use crate::{BuildError, EventError, PatternError, RuleId};

use super::detail::{Detail, NAMES};

/// The result of a call. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// Success. The outputs are written.
    Ok = 0,
    /// A pointer that must not be NULL is NULL.
    NullPointer = 1,
    /// An argument has an impossible value: a pointer that is not aligned for its type, a length
    /// beyond the address space, offsets that descend or exceed the buffer, a structure with an
    /// impossible size.
    InvalidArgument = 2,
    /// A pointer to an object of another kind than the function takes.
    WrongObject = 3,
    /// The object is in use by another thread, or by the call of the running callback.
    InUse = 4,
    /// An option is unknown to this version of the library: a flag, a kernel, or a nonzero field
    /// after the end of the known structure.
    UnknownOption = 5,
    /// The pattern is refused. The error has the reason and the place.
    PatternRefused = 6,
    /// The rules cannot be compiled. The error has the crossed limit and the rule, or says that
    /// this CPU cannot run the kernel.
    BuildRefused = 7,
    /// The event is refused. The error has the reason and the place. No rules are reported for the
    /// event.
    EventRefused = 8,
    /// The callback stopped the call.
    Stopped = 9,
    /// A fault in the library. Every object stays usable.
    Panic = 10,
}

/// The details of a failed call. The caller owns the memory. A call that succeeds does not write to it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Error {
    /// The status that the call returned.
    pub status: Status,
    /// The reason for a refusal; zero if the status is the only information.
    pub detail: Detail,
    /// The start of the fault: an offset in the bytes of the pattern or of the event. Zero if there
    /// is no place, as for GALOP_DETAIL_TOO_MUCH_WORK.
    pub start: usize,
    /// The end of the fault: the offset after its last byte. Equal to the start if there is only a
    /// place, as in events.
    pub end: usize,
    /// The rule at fault, if rules cannot be compiled. If there are too many rules, the first rule
    /// past the limit. If all rules together take too much memory, the rule that takes the most.
    /// Otherwise the first rule that takes too much memory itself. For a batch, the index of the
    /// event.
    pub index: usize,
}

impl Detail {
    /// Returns the number of a code. The search is linear, because only refusals use it.
    fn of(code: &str) -> Detail {
        let found = NAMES.iter().find(|(name, _)| name.to_bytes() == code.as_bytes());
        found.map_or(Detail::None, |&(_, detail)| detail)
    }
}

impl From<Status> for Error {
    fn from(status: Status) -> Error {
        Error { status, detail: Detail::None, start: 0, end: 0, index: 0 }
    }
}

impl From<PatternError> for Error {
    fn from(error: PatternError) -> Error {
        let (detail, span) = (Detail::of(error.code()), error.span());
        Error { detail, start: span.start, end: span.end, ..Error::from(Status::PatternRefused) }
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Error {
        let (detail, index) = (Detail::of(error.code()), error.rule().map_or(0, RuleId::as_usize));
        Error { detail, index, ..Error::from(Status::BuildRefused) }
    }
}

impl From<EventError> for Error {
    fn from(error: EventError) -> Error {
        let (detail, place) = (Detail::of(error.code()), error.offset().unwrap_or(0));
        Error { detail, start: place, end: place, ..Error::from(Status::EventRefused) }
    }
}

/// Returns a short text for people, NUL-terminated. Returns "unknown status" for unknown numbers.
/// The text is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn galop_status_text(status: u32) -> *const c_char {
    let text = match status {
        0 => c"ok",
        1 => c"a pointer is NULL",
        2 => c"an argument is invalid",
        3 => c"an object of another kind",
        4 => c"the object is in use",
        5 => c"an option that this version does not know",
        6 => c"the pattern is refused",
        7 => c"the rules cannot be compiled",
        8 => c"the event is refused",
        9 => c"stopped by the callback",
        10 => c"a fault in the library",
        _ => c"unknown status",
    };
    text.as_ptr()
}

/// Returns the stable name of a detail, NUL-terminated: "leaf-not-array". Returns "" for unknown
/// numbers. Names never change, and the command line prints the same names. The text is never
/// freed.
#[unsafe(no_mangle)]
pub extern "C" fn galop_detail_text(detail: u32) -> *const c_char {
    let at = (detail as usize).checked_sub(1);
    at.and_then(|at| NAMES.get(at)).map_or(c"", |(name, _)| name).as_ptr()
}
