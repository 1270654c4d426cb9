//! The scratch: memory of one thread, which stores results until its next use.

use std::ptr;

use crate::Scratch;

use super::boundary::{self, Exclusive, Handle, One, Output, Reset};
use super::status::{Error, Status};

/// The working memory of matching, which stores results until its next use. One thread at a time
/// may use it. A scratch can be used with several matchers, one after the other.
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
    /// The start of the ids of each event, and the end of the last event's ids.
    pub(super) starts: Vec<usize>,
    pub(super) errors: Vec<Error>,
}

impl BatchResults {
    fn memory_usage(&self) -> usize {
        self.ids.capacity() * size_of::<u32>()
            + self.starts.capacity() * size_of::<usize>()
            + self.errors.capacity() * size_of::<Error>()
    }

    pub(super) fn clear(&mut self) {
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
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call((Output(scratch),), ptr::null_mut(), |(scratch,)| {
            scratch.set(boundary::create(Workspace::default()));
            Ok(())
        })
    }
}

/// Returns the memory usage of a scratch in bytes. The memory grows with the largest event and the
/// largest batch. galop_scratch_shrink releases memory.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_scratch_memory_usage(
    scratch: *const ScratchHandle,
    bytes: *mut usize,
) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe {
        boundary::call((Exclusive(scratch), Output(bytes)), ptr::null_mut(), |(workspace, bytes)| {
            bytes.set(workspace.scratch.memory_usage() + workspace.batch.memory_usage());
            Ok(())
        })
    }
}

/// Releases memory of a scratch until galop_scratch_memory_usage is at most the given number of
/// bytes, or the scratch is as small as a new one. A scratch within the limit keeps its memory. The
/// results in the scratch are invalid afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_scratch_shrink(scratch: *mut ScratchHandle, bytes: usize) -> Status {
    // SAFETY: the caller keeps the contract of the header.
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

/// Frees a scratch and all results in it. A scratch in use is not freed: the status is then
/// GALOP_STATUS_IN_USE. NULL is allowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn galop_scratch_free(scratch: *mut ScratchHandle) -> Status {
    // SAFETY: the caller keeps the contract of the header.
    unsafe { boundary::free(scratch) }
}
