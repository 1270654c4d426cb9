//! A sample of events that rules are compared with.

use std::path::PathBuf;
use std::sync::Arc;

use galop::EventLimits;
use galop::lint::EventProfile;

use crate::event_file::{EVENT_LIMIT, Events};
use crate::output::{Count, complain, note};
use crate::{Failure, source};

/// The maximum number of refused events that are reported one by one.
const SHOWN: u64 = 10;

/// The profile of a sample of events.
pub(crate) struct Sample {
    pub(crate) profile: EventProfile,
    /// True if a file is unreadable or an event is refused. Each was reported or counted.
    pub(crate) is_partial: bool,
}

/// Reads the events of the files and directories. One event is in memory at a time.
pub(crate) fn read(arguments: &[PathBuf]) -> Result<Sample, Failure> {
    let mut limits = EventLimits::default();
    limits.length = EVENT_LIMIT;
    let mut sample = Sample { profile: EventProfile::with_limits(limits), is_partial: false };
    let mut refused = 0;
    for source in source::find(arguments)? {
        let input = match source.open(&Arc::default()) {
            Ok(input) => input,
            Err(error) => {
                complain(format_args!("{}: {error}", source.label));
                sample.is_partial = true;
                continue;
            }
        };
        let mut events = Events::new(input);
        let mut event = Vec::new();
        loop {
            event.clear();
            let line = match events.next_into(&mut event) {
                Ok(Some(line)) => line,
                Ok(None) => break,
                Err(error) => {
                    complain(format_args!("{}: {error}", source.label));
                    sample.is_partial = true;
                    break;
                }
            };
            let Err(error) = sample.profile.add(&event) else { continue };
            refused += 1;
            if refused <= SHOWN {
                note(format_args!("{}:{line}: event refused: {error}", source.label));
            }
        }
    }
    if refused > SHOWN {
        complain(format_args!("{} more refused", Count(refused - SHOWN, "event", "events")));
    }
    if sample.profile.events() == 0 && refused == 0 && !sample.is_partial {
        return Err(Failure::Input("there is no event in these files".to_owned()));
    }
    if !sample.profile.is_complete() {
        complain("the events have too many paths: no path counts as missing");
    }
    sample.is_partial |= refused > 0;
    Ok(sample)
}
