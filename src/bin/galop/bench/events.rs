//! The events of a benchmark, which stay in memory.

use std::path::PathBuf;
use std::sync::Arc;

use galop::{Matcher, Scratch};

use crate::Failure;
use crate::event_file::Events;
use crate::output::complain;
use crate::source::{self, Source};

/// Events in memory, in the order of the files.
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
    /// an event that is refused early would count as a fast one.
    pub(super) fn read(paths: &[PathBuf], limit: usize, matcher: &Matcher) -> Result<Workload, Failure> {
        let sources = if paths.is_empty() { vec![Source::stdin()] } else { source::find(paths)? };
        let mut workload = Workload { bytes: Vec::new(), ends: Vec::new(), refused: 0, is_cut: false };
        let mut scratch = Scratch::new();
        for source in sources {
            let fault = |error: std::io::Error| Failure::Input(format!("{}: {error}", source.label));
            let mut events = Events::new(source.open(&Arc::default()).map_err(fault)?);
            loop {
                let start = workload.bytes.len();
                if events.next_into(&mut workload.bytes).map_err(fault)?.is_none() {
                    break;
                }
                if workload.bytes.len() > limit {
                    workload.bytes.truncate(start);
                    workload.is_cut = true;
                    break;
                }
                match matcher.matches(&mut scratch, &workload.bytes[start..]) {
                    Ok(_) => workload.ends.push(workload.bytes.len()),
                    Err(_) => {
                        workload.bytes.truncate(start);
                        workload.refused += 1;
                    }
                }
            }
        }
        if workload.is_cut {
            complain(format_args!(
                "only the first {} bytes of events are used (--memory)",
                workload.bytes.len()
            ));
        }
        if workload.ends.is_empty() {
            return Err(Failure::Input("there is no event that can be matched".to_owned()));
        }
        Ok(workload)
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
