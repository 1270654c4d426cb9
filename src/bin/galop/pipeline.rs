//! Matches events on several threads, and returns the answers in the order of the events.
//!
//! One thread cuts the input into batches, others match the batches, and the caller's thread takes
//! the results. The number of batches is fixed, and batches are recycled. Memory is thus bounded,
//! and buffers are reused.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::AtomicU64;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{panic, process, thread};

use galop::{EventError, RuleId};

use crate::event_file::{EventPlace, Events, cut_line};
use crate::foreign::Foreign;
use crate::interrupt::Interrupt;
use crate::judge::Judge;
use crate::output::Report;
use crate::source::{Input, Source};
use crate::unwrap::{self, Text};

/// A batch ends with the event that reaches this many bytes.
const BATCH_BYTES: usize = 1 << 18;

/// The maximum number of ids of a batch, if each event matches every rule. A batch has at least one
/// event.
const BATCH_IDS: usize = 1 << 22;

/// The minimum of the limit of values into which a line is cut.
const LINE_EVENTS: usize = 1 << 10;

/// The maximum number of records of one event.
const RECORDS: usize = 1 << 18;

/// The number of ids of a batch after which no record is matched. The limit counts the ids that
/// are found: a limit for records that all match every rule would refuse files of services, which have
/// thousands of records.
const RECORD_IDS: usize = 1 << 24;

/// The maximum capacity in bytes that a recycled batch keeps for events.
const KEPT_BYTES: usize = 4 << 20;

/// Returns the number of matching threads: the option, or one for each processor.
pub(crate) fn threads(jobs: Option<u16>) -> usize {
    jobs.map_or_else(|| thread::available_parallelism().map_or(1, usize::from), usize::from)
}

/// Some events of one source, and their answers.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    number: u64,
    /// The name of the source.
    pub(crate) label: Arc<str>,
    /// The reason why reading of the source stopped. The events of the batch were read before.
    pub(crate) trouble: Option<Report>,
    /// The index of the source.
    source: usize,
    /// True if the records of wrappers are the events.
    unwraps: bool,
    /// The number of events of the source in the batches before this one.
    before: u64,
    /// The texts of the lines and events, concatenated.
    bytes: Vec<u8>,
    /// The events as they were read. A line can hold several.
    texts: Vec<Event>,
    events: Vec<Event>,
    /// The ids of the matching rules of all events, concatenated.
    ids: Vec<RuleId>,
    answers: Vec<Result<usize, EventError>>,
}

#[derive(Clone, Copy, Debug)]
struct Event {
    start: usize,
    end: usize,
    place: EventPlace,
    /// True if the text was decoded from a record.
    is_decoded: bool,
}

/// The answer for one event.
#[derive(Debug)]
pub(crate) struct Answer<'a> {
    /// The number of the event in its source, counted from one.
    pub(crate) number: u64,
    pub(crate) place: EventPlace,
    pub(crate) event: &'a [u8],
    /// True if the event was decoded from a record, so its text is not in the source.
    pub(crate) is_decoded: bool,
    pub(crate) rules: Result<&'a [RuleId], &'a EventError>,
}

impl Batch {
    /// Returns the answers in the order of the events.
    pub(crate) fn answers(&self) -> impl Iterator<Item = Answer<'_>> {
        let mut ids_start = 0;
        let numbers = self.before + 1..;
        numbers.zip(self.events.iter().zip(&self.answers)).map(move |(number, (event, answer))| {
            let rules = answer.as_ref().map(|&ids_end| {
                let ids = &self.ids[ids_start..ids_end];
                ids_start = ids_end;
                ids
            });
            let text = &self.bytes[event.start..event.end];
            Answer { number, place: event.place, event: text, is_decoded: event.is_decoded, rules }
        })
    }

    /// Returns the format of the source if the batch has its first event, and the event is refused and
    /// begins like a format that galop does not read.
    pub(crate) fn foreign(&self) -> Option<Foreign> {
        let first = self.answers().next().filter(|first| first.number == 1 && first.rules.is_err())?;
        Foreign::of_head(first.event)
    }

    fn reset(&mut self, number: u64, source: usize, label: &Arc<str>) {
        self.number = number;
        self.source = source;
        self.label = Arc::clone(label);
        self.trouble = None;
        self.bytes.clear();
        self.bytes.shrink_to(KEPT_BYTES);
        self.texts.clear();
        self.events.clear();
        self.ids.clear();
        self.ids.shrink_to(BATCH_IDS);
        self.answers.clear();
    }

    /// Matches the events.
    fn run<J: Judge>(&mut self, judge: &J, memory: &mut J::Memory) {
        for index in 0..self.texts.len() {
            let event = self.texts[index];
            if self.unwraps && self.unwrap(event, judge, memory) {
                continue;
            }
            let answer = self.answer(event, judge, memory);
            // A matcher refuses a line that holds several values.
            if answer.is_err() && event.place.is_line && self.cut(event, judge, memory) {
                continue;
            }
            self.push(event, answer);
        }
    }

    /// Matches an event, and appends the ids of its rules. Returns the end of the ids.
    fn answer<J: Judge>(
        &mut self,
        event: Event,
        judge: &J,
        memory: &mut J::Memory,
    ) -> Result<usize, EventError> {
        judge.judge(memory, &self.bytes[event.start..event.end], &mut self.ids)?;
        Ok(self.ids.len())
    }

    fn push(&mut self, event: Event, answer: Result<usize, EventError>) {
        self.events.push(event);
        self.answers.push(answer);
    }

    /// Matches the records of a wrapper. Returns false if the event is no wrapper.
    fn unwrap<J: Judge>(&mut self, wrapper: Event, judge: &J, memory: &mut J::Memory) -> bool {
        let text = &self.bytes[wrapper.start..wrapper.end];
        // One record over the limit shows that the wrapper has too many.
        let Some(records) = unwrap::records(text, wrapper.place, RECORDS + 1) else { return false };
        for (index, record) in records.into_iter().enumerate() {
            if index == RECORDS || self.ids.len() > RECORD_IDS {
                let message = "one event has too many records or matches: from here on it is not read";
                let report = Report::new("too-many-records", message);
                self.trouble.get_or_insert(Report { line: Some(record.place.line), ..report });
                break;
            }
            let is_decoded = matches!(record.text, Text::Decoded(_));
            let (start, end) = match record.text {
                Text::Written(start, end) => (wrapper.start + start, wrapper.start + end),
                Text::Decoded(text) => {
                    let start = self.bytes.len();
                    self.bytes.extend_from_slice(&text);
                    (start, self.bytes.len())
                }
            };
            let event = Event { start, end, place: record.place, is_decoded };
            let answer = self.answer(event, judge, memory);
            self.push(event, answer);
        }
        true
    }

    /// Matches the values of a line. Returns false if the line is one value.
    fn cut<J: Judge>(&mut self, line: Event, judge: &J, memory: &mut J::Memory) -> bool {
        let most = (BATCH_IDS / judge.most_ids().max(1)).clamp(LINE_EVENTS, BATCH_BYTES);
        let (ranges, rest) = cut_line(&self.bytes[line.start..line.end], most);
        let is_cut = !ranges.is_empty();
        for Range { start, end } in ranges {
            let place = line.place.within_line(start);
            let event = Event { start: line.start + start, end: line.start + end, place, is_decoded: false };
            if self.unwraps && self.unwrap(event, judge, memory) {
                continue;
            }
            let answer = self.answer(event, judge, memory);
            self.push(event, answer);
        }
        if let (Some(reason), None) = (rest, &self.trouble) {
            self.trouble = Some(Report { line: Some(line.place.line), ..reason });
        }
        is_cut
    }
}

/// The time between two checks of a waiting pipeline for an interruption.
const PATIENCE: Duration = Duration::from_millis(100);

/// The user has interrupted the command.
pub(crate) struct Interrupted;

/// A running pipeline of events through a matcher.
pub(crate) struct Pipeline {
    done: Receiver<Batch>,
    free: Sender<Batch>,
    /// Finished batches whose predecessors are not finished.
    waiting: BTreeMap<u64, Batch>,
    next: u64,
    /// The source of the last batch, and the number of its events so far.
    events: (usize, u64),
}

impl Pipeline {
    /// Starts `jobs` threads that match, and a thread that reads. The threads end with the input or with
    /// the process. A caller that stops early does not wait for the threads, because input from a
    /// pipe may never come.
    pub(crate) fn start(
        judge: Arc<impl Judge>,
        sources: Vec<Source>,
        (jobs, unwraps): (usize, bool),
        consumed: Arc<AtomicU64>,
    ) -> Pipeline {
        end_process_on_panic();
        let (free, free_batches) = mpsc::channel();
        let (work, work_batches) = mpsc::channel();
        let (finished, done) = mpsc::channel();
        for _ in 0..2 * jobs + 2 {
            // The send cannot fail: the receiver is a variable of this function.
            let _ = free.send(Batch { unwraps, ..Batch::default() });
        }
        let most_events = (BATCH_IDS / judge.most_ids().max(1)).max(1);
        thread::spawn(move || read(&sources, most_events, &free_batches, &work, &consumed));
        let work_batches = Arc::new(Mutex::new(work_batches));
        for _ in 0..jobs {
            let (judge, work) = (Arc::clone(&judge), Arc::clone(&work_batches));
            let finished = finished.clone();
            thread::spawn(move || work_through(&*judge, &work, &finished));
        }
        Pipeline { done, free, waiting: BTreeMap::new(), next: 0, events: (0, 0) }
    }

    /// Returns the next batch in the order of the input, or `None` at the end of the input.
    pub(crate) fn next(&mut self, interrupt: &Interrupt) -> Result<Option<Batch>, Interrupted> {
        loop {
            if interrupt.is_set() {
                return Err(Interrupted);
            }
            if let Some(mut batch) = self.waiting.remove(&self.next) {
                self.next += 1;
                if self.events.0 != batch.source {
                    self.events = (batch.source, 0);
                }
                batch.before = self.events.1;
                self.events.1 += batch.events.len() as u64;
                return Ok(Some(batch));
            }
            match self.done.recv_timeout(PATIENCE) {
                Ok(batch) => {
                    self.waiting.insert(batch.number, batch);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return Ok(None),
            }
        }
    }

    /// Returns a batch to the reader for reuse.
    pub(crate) fn recycle(&self, batch: Batch) {
        // The send fails if the reader has ended.
        let _ = self.free.send(batch);
    }
}

/// Ends the process if a thread panics. The other threads would wait forever for the batch of the
/// thread.
fn end_process_on_panic() {
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        report(info);
        process::exit(101);
    }));
}

fn work_through<J: Judge>(judge: &J, work: &Mutex<Receiver<Batch>>, finished: &Sender<Batch>) {
    let mut memory = J::Memory::default();
    loop {
        let batch = work.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(mut batch) = batch else { return };
        batch.run(judge, &mut memory);
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
    for (index, source) in sources.iter().enumerate() {
        let mut events = source.open(consumed).map(|(input, offset)| Events::new(input, offset));
        let mut more = true;
        while more {
            let Ok(mut batch) = free.recv() else { return };
            batch.reset(number, index, &source.label);
            number += 1;
            match &mut events {
                Ok(events) => more = fill(&mut batch, most_events, events),
                Err(error) => {
                    batch.trouble = Some(error.clone());
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
fn fill(batch: &mut Batch, most_events: usize, events: &mut Events<Input>) -> bool {
    loop {
        let start = batch.bytes.len();
        match events.next_into(&mut batch.bytes) {
            Ok(Some(place)) => {
                batch.texts.push(Event { start, end: batch.bytes.len(), place, is_decoded: false })
            }
            Ok(None) => return false,
            Err(error) => {
                // Removes the bytes of an incomplete event.
                batch.bytes.truncate(start);
                batch.trouble = Some(error);
                return false;
            }
        }
        let is_full = batch.bytes.len() >= BATCH_BYTES || batch.texts.len() >= most_events;
        if is_full || events.would_read() {
            return true;
        }
    }
}
