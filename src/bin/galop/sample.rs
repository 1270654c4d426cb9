//! A sample of events, with which `galop check` compares rules.

use std::ops::ControlFlow;
use std::path::PathBuf;

use galop::EventLimits;
use galop::lint::EventProfile;

use crate::color::Painter;
use crate::each_event::each_record;
use crate::event_file::EVENT_LIMIT;
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

/// Reads the events of the files and directories. One event is in memory at a time. With `unwraps`,
/// the records of wrappers are the events.
pub(crate) fn read(arguments: &[PathBuf], unwraps: bool) -> Result<Sample, Failure> {
    let mut limits = EventLimits::default();
    limits.length = EVENT_LIMIT;
    let mut sample = Sample { profile: EventProfile::with_limits(limits), is_partial: false };
    let mut refused = 0;
    for source in source::find(arguments)? {
        let profile = &mut sample.profile;
        let trouble = each_record(&source, unwraps, |place, event| {
            if let Err(error) = profile.add(event) {
                refused += 1;
                if refused <= SHOWN {
                    note(format_args!("{}:{place}: event refused: {error}", source.label));
                }
            }
            ControlFlow::Continue(())
        })?;
        if let Some(trouble) = trouble {
            note(Painter::stderr().paint(&trouble.text(&source.label)));
            sample.is_partial = true;
        }
    }
    if refused > SHOWN {
        complain(format_args!("{} refused", Count(refused - SHOWN, "more event", "more events")));
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
