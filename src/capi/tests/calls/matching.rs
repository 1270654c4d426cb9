//! Calls that match events.

use std::ffi::c_void;
use std::{ptr, slice};

use super::super::galop::{EventError, Matcher, RuleSet, Scratch};
use super::functions::*;
use super::{EVENTS, Program, Sort, code};

/// The context of a callback: its input and its observations.
struct Seen {
    matcher: *const c_void,
    scratch: *mut c_void,
    found: Vec<(u32, u64)>,
    /// The number of matches after which the callback stops.
    stop: usize,
    statuses: Vec<u32>,
}

unsafe extern "C-unwind" fn on_match(context: *mut c_void, id: u32, value: u64) -> i32 {
    // SAFETY: `each` passes a pointer to a `Seen`, and does not use it during the call.
    let seen = unsafe { &mut *context.cast::<Seen>() };
    seen.found.push((id, value));
    let (mut found, mut bytes) = (false, 0);
    let (event, length) = (EVENTS[0].as_ptr().cast(), EVENTS[0].len());
    // SAFETY: the objects are valid, and all other pointers are to local variables or constants.
    let status =
        unsafe { galop_is_match(seen.matcher, seen.scratch, event, length, &raw mut found, ptr::null_mut()) };
    seen.statuses.push(status);
    // SAFETY: as above.
    seen.statuses.push(unsafe { galop_scratch_memory_usage(seen.scratch, &raw mut bytes) });
    // SAFETY: as above. The scratch is in use, so it is not changed.
    seen.statuses.push(unsafe { galop_scratch_shrink(seen.scratch, 0) });
    // SAFETY: as above. The scratch is in use, so it is not freed.
    seen.statuses.push(unsafe { galop_scratch_free(seen.scratch) });
    i32::from(seen.found.len() >= seen.stop)
}

impl Program<'_> {
    /// Returns the result of the matcher for an event, if the result is specified.
    fn expected(&self, matcher: Option<usize>, event: &[u8]) -> Option<Result<Vec<u32>, EventError>> {
        let object = &self.objects[matcher?];
        let is_valid = Matcher::new(&RuleSet::new())
            .is_ok_and(|empty| empty.is_match(&mut Scratch::new(), event).is_ok());
        if object.trusted && (object.distinct || !is_valid) {
            return None;
        }
        let mut scratch = Scratch::new();
        let found = object.matcher.as_ref()?.matches(&mut scratch, event);
        Some(found.map(|ids| ids.iter().map(|id| id.as_u32()).collect()))
    }

    /// Compares the status of a call for one event, and the error that the call wrote, with the
    /// expected result.
    fn compare(
        &mut self,
        status: u32,
        error: Error,
        expected: &Option<Result<Vec<u32>, EventError>>,
    ) -> bool {
        if !self.faults.is_empty() {
            assert_eq!((error.status, error.detail), (status, 0));
            return self.ended(status, OK);
        }
        match expected {
            None => assert!([OK, EVENT].contains(&status)),
            Some(Ok(_)) => assert_eq!(status, OK),
            Some(Err(fault)) => {
                assert_eq!(status, EVENT);
                assert_eq!((code(error.detail), error.start), (fault.code(), fault.offset().unwrap_or(0)));
            }
        }
        assert_eq!(error.status, if status == OK { UNTOUCHED.status } else { status });
        status == OK
    }

    pub(super) fn match_one(&mut self) {
        let ((matcher, of), (scratch, _)) = (self.object(Sort::Matcher), self.object(Sort::Scratch));
        let (text, length, event) = self.text(&EVENTS);
        let (mut ids, mut count, mut error) = (ptr::null(), 77, UNTOUCHED);
        let (first, second) = (self.output(&mut ids), self.output(&mut count));
        // SAFETY: as in `add`; the objects are null or valid.
        let status = unsafe { galop_match(matcher, scratch, text, length, first, second, &raw mut error) };
        let expected = self.expected(of, event);
        if !self.compare(status, error, &expected) {
            assert!(ids.is_null() && count == 77);
            return;
        }
        // SAFETY: after a success, `count` ids are stored in the scratch, which has not been used
        // since.
        let ids = unsafe { slice::from_raw_parts(ids, count) };
        assert!(ids.is_sorted_by(|a, b| a < b));
        assert!(expected.is_none_or(|expected| expected.as_deref() == Ok(ids)));
    }

    pub(super) fn is_match(&mut self) {
        let ((matcher, of), (scratch, _)) = (self.object(Sort::Matcher), self.object(Sort::Scratch));
        let (text, length, event) = self.text(&EVENTS);
        let (mut found, mut error) = (false, UNTOUCHED);
        let place = self.output(&mut found);
        // SAFETY: as in `match_one`.
        let status = unsafe { galop_is_match(matcher, scratch, text, length, place, &raw mut error) };
        let mut expected = self.expected(of, event);
        if status == OK
            && expected.as_ref().is_some_and(|it| it.as_ref().is_err_and(|it| it.code() == "too-much-work"))
        {
            // A search for one rule may take less work than a search for all.
            expected = None;
        }
        if self.compare(status, error, &expected) {
            assert!(expected.is_none_or(|expected| expected.is_ok_and(|ids| found != ids.is_empty())));
        } else {
            assert!(!found);
        }
    }

    pub(super) fn each(&mut self) {
        let ((matcher, of), (scratch, _)) = (self.object(Sort::Matcher), self.object(Sort::Scratch));
        let (text, length, event) = self.text(&EVENTS);
        let mut seen =
            Seen { matcher, scratch, found: Vec::new(), stop: self.below(4) + 1, statuses: Vec::new() };
        let mut error = UNTOUCHED;
        let callback = if self.below(16) == 0 { None } else { Some(on_match as OnMatch) };
        if callback.is_none() {
            self.faults.push(NULL);
        }
        let context = (&raw mut seen).cast();
        // SAFETY: as in `match_one`; the callback takes this context.
        let status =
            unsafe { galop_match_each(matcher, scratch, text, length, callback, context, &raw mut error) };
        assert!(seen.statuses.iter().all(|&status| status == IN_USE), "{:?}", seen.statuses);
        let expected = self.expected(of, event);
        let is_stopped = seen.found.len() >= seen.stop;
        if is_stopped && status == STOPPED {
            assert_eq!((seen.found.len(), error.status), (seen.stop, STOPPED));
        } else {
            assert!(!is_stopped);
            self.compare(status, error, &expected);
        }
        if let (Some(of), Some(Ok(ids))) = (of, expected)
            && [OK, STOPPED].contains(&status)
        {
            let values = &self.objects[of].values;
            let all = ids.iter().map(|&id| (id, values[id as usize])).take(seen.stop);
            assert_eq!(seen.found, all.collect::<Vec<_>>());
        } else if ![OK, STOPPED].contains(&status) {
            assert!(seen.found.is_empty());
        }
    }

    pub(super) fn batch(&mut self) {
        let ((matcher, of), (scratch, _)) = (self.object(Sort::Matcher), self.object(Sort::Scratch));
        let mut events = Vec::new();
        let mut offsets = vec![0];
        let count = self.below(5);
        for _ in 0..count {
            let at = self.below(EVENTS.len() + 1);
            let event = EVENTS.get(at).copied().unwrap_or_else(|| self.inline());
            events.extend_from_slice(event);
            offsets.push(events.len());
        }
        let whole = offsets.clone();
        match self.below(8) {
            0 if count > 0 => {
                offsets[count] += 1;
                self.faults.push(INVALID);
            }
            1 if count > 1 && offsets[1] > 0 => {
                offsets[0] = offsets[count] + 1;
                self.faults.push(INVALID);
            }
            _ => {}
        }
        let mut batch = Batch {
            ids: ptr::null(),
            starts: ptr::null(),
            errors: ptr::null(),
            id_count: 77,
            error_count: 77,
        };
        let place = self.output(&mut batch);
        let (text, length) = (events.as_ptr().cast(), events.len());
        // SAFETY: as in `match_one`; there is one offset more than events.
        let status =
            unsafe { galop_match_batch(matcher, scratch, text, length, offsets.as_ptr(), count, place) };
        if !self.ended(status, OK) {
            assert!(batch.ids.is_null() && batch.id_count == 77 && batch.error_count == 77);
            return;
        }
        // SAFETY: after a success, the results are stored in the scratch, which has not been used
        // since.
        let ids = unsafe { slice::from_raw_parts(batch.ids, batch.id_count) };
        // SAFETY: as above; there is one start more than events.
        let starts = unsafe { slice::from_raw_parts(batch.starts, count + 1) };
        // SAFETY: as for the ids.
        let errors = unsafe { slice::from_raw_parts(batch.errors, batch.error_count) };
        assert_eq!((starts[0], starts[count]), (0, ids.len()));
        for at in 0..count {
            let found = &ids[starts[at]..starts[at + 1]];
            let error = errors.iter().find(|error| error.index == at);
            match self.expected(of, &events[whole[at]..whole[at + 1]]) {
                None => {}
                Some(Ok(expected)) => assert!(found == expected && error.is_none()),
                Some(Err(fault)) => {
                    let error = error.expect("a refused event is among the errors");
                    assert_eq!((error.status, code(error.detail), found.len()), (EVENT, fault.code(), 0));
                    assert_eq!(
                        (error.start, error.end),
                        (fault.offset().unwrap_or(0), fault.offset().unwrap_or(0))
                    );
                }
            }
        }
    }
}
