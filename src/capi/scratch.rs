//! The scratch: memory of one thread, in which results stand until its next use.

use std::ptr;

use crate::Scratch;

use super::boundary::{self, Exclusive, Handle, One, Output, Reset};
use super::status::{Error, Status};

/// The memory that matching works in; results stand there until it is used again. One thread at a time may use it. It
/// fits any matcher, also one after the other.
pub enum ScratchHandle {}

impl Handle for ScratchHandle {
    const TAG: u64 = u64::from_be_bytes(*b"g.scrat\n");
    type Users = One;
    type Value = Workspace;
}

#[derive(Default)]
pub struct Workspace {
    pub(super) scratch: Scratch,
    pub(super) batch: BatchResults,
}

/// The results of a batch.
#[derive(Default)]
pub struct BatchResults {
    pub(super) ids: Vec<u32>,
    /// Where the ids of each event begin, and behind the last one where they end.
    pub(super) starts: Vec<usize>,
    pub(super) errors: Vec<Error>,
}

impl BatchResults {
    fn memory_usage(&self) -> usize {
        self.ids.capacity() * size_of::<u32>()
            + self.starts.capacity() * size_of::<usize>()
            + self.errors.capacity() * size_of::<Error>()
    }

    fn clear(&mut self) {
        self.ids.clear();
        self.starts.clear();
        self.errors.clear();
    }
}

impl Reset for Workspace {
    fn reset(&mut self) {
        *self = Workspace::default();
    }
}

/// Makes a scratch. Free it with galop_scratch_free.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_scratch_new(scratch: *mut *mut ScratchHandle) -> Status {
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call((Output(scratch),), ptr::null_mut(), |(scratch,)| {
            scratch.set(boundary::create(Workspace::default()));
            Ok(())
        })
    }
}

/// Gives the bytes of memory that a scratch has grown to. It grows with the largest event and the largest batch;
/// galop_scratch_shrink gives memory back.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_scratch_memory_usage(
    scratch: *const ScratchHandle,
    bytes: *mut usize,
) -> Status {
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call((Exclusive(scratch), Output(bytes)), ptr::null_mut(), |(workspace, bytes)| {
            bytes.set(workspace.scratch.memory_usage() + workspace.batch.memory_usage());
            Ok(())
        })
    }
}

/// Gives memory of a scratch back until it takes at most so many bytes, as galop_scratch_memory_usage counts them, or is as
/// small as a new one. The results in it are gone in any case. One that takes no more keeps its memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_scratch_shrink(scratch: *mut ScratchHandle, bytes: usize) -> Status {
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe {
        boundary::call((Exclusive(scratch),), ptr::null_mut(), |(mut workspace,)| {
            let Workspace { scratch, batch } = &mut *workspace;
            batch.clear();
            if scratch.memory_usage() + batch.memory_usage() > bytes {
                *batch = BatchResults::default();
            }
            scratch.shrink_to(bytes);
            Ok(())
        })
    }
}

/// Frees a scratch and all results in it. One that is in use is not freed: the status says so. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_scratch_free(scratch: *mut ScratchHandle) -> Status {
    // SAFETY: whoever calls keeps the contract of the header.
    unsafe { boundary::free(scratch) }
}
