//! The events of a benchmark, which stay in memory.

use std::ops::ControlFlow;
use std::path::PathBuf;

use galop::{Matcher, Scratch};

use crate::Failure;
use crate::each_event::each_record;
use crate::output::{complain, note};
use crate::source::{self, Source};

/// Events in memory, in the order of the files.
#[derive(Default)]
pub(super) struct Workload {
    bytes: Vec<u8>,
    ends: Vec<usize>,
    /// The number of events that the matcher refuses. They are left out.
    pub(super) refused: u64,
    /// True if the files have more events than fit in the limit.
    pub(super) is_cut: bool,
}

impl Workload {
    /// Reads the events of the files, at most `limit` bytes of them. Refused events are left out:
    /// an event that is refused early would count as a fast one. With `unwraps`, the records of
    /// wrappers are the events.
    pub(super) fn read(
        paths: &[PathBuf],
        (limit, unwraps): (usize, bool),
        matcher: &Matcher,
    ) -> Result<Workload, Failure> {
        let sources = if paths.is_empty() { vec![Source::stdin()] } else { source::find(paths)? };
        let mut workload = Workload::default();
        let mut first_refused = None;
        let mut scratch = Scratch::new();
        for source in sources {
            let trouble = each_record(&source, unwraps, |place, event| {
                if workload.bytes.len() + event.len() > limit {
                    workload.is_cut = true;
                    return ControlFlow::Break(());
                }
                match matcher.matches(&mut scratch, event) {
                    Ok(_) => workload.push(event),
                    Err(error) => {
                        workload.refused += 1;
                        first_refused.get_or_insert_with(|| {
                            let (code, kind) = (error.code(), error.kind());
                            format!("{}:{place}: event refused[{code}]: {kind}", source.label)
                        });
                    }
                }
                ControlFlow::Continue(())
            })?;
            if let Some(trouble) = trouble {
                return Err(Failure::Report(trouble.text(&source.label)));
            }
            if workload.is_cut {
                break;
            }
        }
        if workload.is_cut {
            complain(format_args!(
                "only the first {} bytes of events are used (--memory)",
                workload.bytes.len()
            ));
        }
        if workload.ends.is_empty() {
            if let Some(refusal) = first_refused {
                note(refusal);
            }
            return Err(Failure::Input("there is no event that can be matched".to_owned()));
        }
        Ok(workload)
    }

    /// Returns a workload of events that are in memory already.
    #[cfg(test)]
    pub(super) fn of(events: impl Iterator<Item = impl AsRef<str>>) -> Workload {
        let mut workload = Workload::default();
        for event in events {
            workload.push(event.as_ref().as_bytes());
        }
        workload
    }

    fn push(&mut self, event: &[u8]) {
        self.bytes.extend_from_slice(event);
        self.ends.push(self.bytes.len());
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Returns the total length of the events.
    pub(super) fn bytes(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.part(0, 1)
    }

    /// Returns one of `parts` equal parts of the events.
    pub(super) fn part(&self, part: usize, parts: usize) -> impl Iterator<Item = &[u8]> {
        let at = |part: usize| part * self.ends.len() / parts;
        let (first, past) = (at(part), at(part + 1));
        let mut start = if first == 0 { 0 } else { self.ends[first - 1] };
        self.ends[first..past].iter().map(move |&end| {
            let event = &self.bytes[start..end];
            start = end;
            event
        })
    }
}
