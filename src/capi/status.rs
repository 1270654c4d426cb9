//! How a call ended: the numbers and names that C sees, and the error that tells more.

use std::ffi::c_char;

use crate::{BuildError, EventError, PatternError, RuleId};

use super::detail::{Detail, NAMES};

/// How a call ended. Numbers are never reused; later versions may add others.
#[repr(u32)]
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// Done, and the outputs are written.
    Ok = 0,
    /// A pointer that must not be NULL is NULL.
    NullPointer = 1,
    /// An argument has a value that it cannot have: a pointer that is not aligned for its type, a length beyond the
    /// address space, offsets that descend or leave the buffer, a structure with an impossible size.
    InvalidArgument = 2,
    /// A pointer to an object of another kind than the function takes.
    WrongObject = 3,
    /// The object is in use: by another thread, or by the call whose callback this is.
    InUse = 4,
    /// An option that this library does not know: a flag, a kernel, or a field beyond the structure that it has, with
    /// anything but zero in it.
    UnknownOption = 5,
    /// The pattern is refused; the error says why and where.
    PatternRefused = 6,
    /// The rules cannot be compiled; the error says which limit they cross, and which rule is to blame, or that this CPU
    /// cannot run the kernel.
    BuildRefused = 7,
    /// The event is refused; the error says why and where. Nothing is known of the rules it would fit.
    EventRefused = 8,
    /// The callback asked to stop.
    Stopped = 9,
    /// A fault in the library. Every object is fit for further use.
    Panic = 10,
}

/// What a failed call says besides its status. The memory is the caller's; a call that succeeds leaves it as it is.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Error {
    /// The status that the call returned.
    pub status: Status,
    /// Why something is refused; zero if the status says it all.
    pub detail: Detail,
    /// Where the fault begins: an offset in the bytes of the pattern or of the event. Zero where there is no place, as for
    /// GALOP_DETAIL_TOO_MUCH_WORK.
    pub start: usize,
    /// Where it ends: the offset behind its last byte. Equal to the start where there is only a place, as in events.
    pub end: usize,
    /// Of rules that cannot be compiled, the rule to blame: if there are too many, the first one past the limit; if all take
    /// too much memory, the one that takes the most; otherwise the first one that takes too much itself. Of a batch, the
    /// event.
    pub index: usize,
}

impl Detail {
    /// The number of a code. Only refusals look it up, and they are not what has to be fast.
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

/// What a status means, in a few words for people, ending with a NUL; "unknown status" for other numbers. The text is
/// never freed.
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

/// The stable name of a detail, ending with a NUL: "leaf-not-array"; "" for other numbers. Names never change and the
/// command line prints the same ones. The text is never freed.
#[unsafe(no_mangle)]
pub extern "C" fn galop_detail_text(detail: u32) -> *const c_char {
    let at = (detail as usize).checked_sub(1);
    at.and_then(|at| NAMES.get(at)).map_or(c"", |(name, _)| name).as_ptr()
}
