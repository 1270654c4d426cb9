//! Matches events on several threads, and returns the answers in the order of the events.
//!
//! One thread cuts the input into batches, others match the batches, and the caller's thread takes
//! the results. The number of batches is fixed, and batches are recycled. Memory is thus bounded,
//! and buffers are reused.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::{panic, process, thread};

use galop::{EventError, Matcher, RuleId, Scratch};

use crate::event_file::Events;
use crate::source::Source;

/// A batch ends with the event that reaches this many bytes.
const BATCH_BYTES: usize = 1 << 18;

/// The maximum number of ids of a batch, if each event matches every rule. A batch has at least one
/// event.
const BATCH_IDS: usize = 1 << 22;

/// The maximum capacity in bytes that a recycled batch keeps for events.
const KEPT_BYTES: usize = 4 << 20;

/// Some events of one source, and their answers.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    number: u64,
    /// The name of the source.
    pub(crate) label: Arc<str>,
    /// The reason why reading of the source stopped. The events of the batch were read before.
    pub(crate) trouble: Option<String>,
    /// The texts of the events, concatenated.
    bytes: Vec<u8>,
    events: Vec<Event>,
    /// The ids of the matching rules of all events, concatenated.
    ids: Vec<RuleId>,
    answers: Vec<Result<usize, EventError>>,
}

#[derive(Clone, Copy, Debug)]
struct Event {
    end: usize,
    line: u64,
}

/// The answer for one event.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    pub(crate) line: u64,
    pub(crate) event: &'a [u8],
    pub(crate) rules: Result<&'a [RuleId], &'a EventError>,
}

impl Batch {
    /// Returns the answers in the order of the events.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Answer<'_>> {
        let mut event_start = 0;
        let mut ids_start = 0;
        self.events.iter().zip(&self.answers).map(move |(event, answer)| {
            let text = &self.bytes[event_start..event.end];
            event_start = event.end;
            let rules = answer.as_ref().map(|&ids_end| {
                let ids = &self.ids[ids_start..ids_end];
                ids_start = ids_end;
                ids
            });
            Answer { line: event.line, event: text, rules }
        })
    }

    fn reset(&mut self, number: u64, label: &Arc<str>) {
        self.number = number;
        self.label = Arc::clone(label);
        self.trouble = None;
        self.bytes.clear();
        self.bytes.shrink_to(KEPT_BYTES);
        self.events.clear();
        self.ids.clear();
        self.ids.shrink_to(BATCH_IDS);
        self.answers.clear();
    }

    fn run(&mut self, matcher: &Matcher, scratch: &mut Scratch) {
        let mut start = 0;
        for event in &self.events {
            let answer = matcher.matches(scratch, &self.bytes[start..event.end]).map(|ids| {
                self.ids.extend_from_slice(ids);
                self.ids.len()
            });
            self.answers.push(answer);
            start = event.end;
        }
    }
}

/// A running pipeline of events through a matcher.
pub(crate) struct Pipeline {
    done: Receiver<Batch>,
    free: Sender<Batch>,
    /// Finished batches whose predecessors are not finished.
    waiting: BTreeMap<u64, Batch>,
    next: u64,
}

impl Pipeline {
    /// Starts `jobs` threads that match, and one that reads. The threads end with the input or with
    /// the process. A caller that stops early does not wait for the threads, because input from a
    /// pipe may never come.
    pub(crate) fn start(
        matcher: Matcher,
        sources: Vec<Source>,
        jobs: usize,
        consumed: Arc<AtomicU64>,
    ) -> Pipeline {
        end_process_on_panic();
        let (free, free_batches) = mpsc::channel();
        let (work, work_batches) = mpsc::channel();
        let (finished, done) = mpsc::channel();
        for _ in 0..2 * jobs + 2 {
            // The send cannot fail: the receiver is a variable of this function.
            let _ = free.send(Batch::default());
        }
        let most_events = (BATCH_IDS / matcher.stats().rules.max(1)).max(1);
        thread::spawn(move || read(&sources, most_events, &free_batches, &work, &consumed));
        let matcher = Arc::new(matcher);
        let work_batches = Arc::new(Mutex::new(work_batches));
        for _ in 0..jobs {
            let (matcher, work) = (Arc::clone(&matcher), Arc::clone(&work_batches));
            let finished = finished.clone();
            thread::spawn(move || work_through(&matcher, &work, &finished));
        }
        Pipeline { done, free, waiting: BTreeMap::new(), next: 0 }
    }

    /// Returns the next batch in the order of the input.
    pub(crate) fn next(&mut self) -> Option<Batch> {
        loop {
            if let Some(batch) = self.waiting.remove(&self.next) {
                self.next += 1;
                return Some(batch);
            }
            let batch = self.done.recv().ok()?;
            self.waiting.insert(batch.number, batch);
        }
    }

    /// Returns a batch to the reader for reuse.
    pub(crate) fn recycle(&self, batch: Batch) {
        // The send fails if the reader has ended.
        let _ = self.free.send(batch);
    }
}

/// Ends the process if a thread panics. Otherwise the other threads would wait forever for its
/// batch.
fn end_process_on_panic() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        report(info);
        process::exit(101);
    }));
}

fn work_through(matcher: &Matcher, work: &Mutex<Receiver<Batch>>, finished: &Sender<Batch>) {
    let mut scratch = Scratch::new();
    loop {
        let batch = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut batch) = batch else { return };
        batch.run(matcher, &mut scratch);
        if finished.send(batch).is_err() {
            return;
        }
    }
}

/// Cuts the sources into batches. A failed send or receive shows that the pipeline was dropped.
fn read(
    sources: &[Source],
    most_events: usize,
    free: &Receiver<Batch>,
    work: &Sender<Batch>,
    consumed: &Arc<AtomicU64>,
) {
    let mut number = 0;
    for source in sources {
        let mut events = source.open(consumed).map(Events::new);
        let mut more = true;
        while more {
            let Ok(mut batch) = free.recv() else { return };
            batch.reset(number, &source.label);
            number += 1;
            match &mut events {
                Ok(events) => more = fill(&mut batch, most_events, events),
                Err(error) => {
                    batch.trouble = Some(error.to_string());
                    more = false;
                }
            }
            if work.send(batch).is_err() {
                return;
            }
        }
    }
}

/// Reads events until the batch is full, or until the next event would block: events from a pipe
/// are answered before more input is read. Returns true if there may be more events.
fn fill(batch: &mut Batch, most_events: usize, events: &mut Events) -> bool {
    loop {
        match events.next_into(&mut batch.bytes) {
            Ok(Some(line)) => batch.events.push(Event { end: batch.bytes.len(), line }),
            Ok(None) => return false,
            Err(error) => {
                // Removes the bytes of an incomplete event.
                batch.bytes.truncate(batch.events.last().map_or(0, |event| event.end));
                batch.trouble = Some(error.to_string());
                return false;
            }
        }
        let is_full = batch.bytes.len() >= BATCH_BYTES || batch.events.len() >= most_events;
        if is_full || events.would_read() {
            return true;
        }
    }
}
