//! The judge that searches an event for literals before it reads the event.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use galop::{EventError, Matcher, Pattern, RuleId, Scratch};

use crate::event_file::EVENT_LIMIT;
use crate::judge::Judge;

use super::Prefilter;
use super::literals::{self, Need};

/// The maximum number of rules. The literals of more rules are in most events.
const RULES: usize = 1_000;

/// The number of events, and of their bytes, that are matched before the literals are chosen.
const SAMPLE: (usize, usize) = (512, 1 << 20);

/// The number of runs over the sample. The fastest run counts.
const RUNS: usize = 3;

/// The maximum duration of the search and of the matching that is left, as a share of the duration of
/// matching alone.
const SHARE: f64 = 0.9;

/// The number of events after which the prefilter is judged again.
const WINDOW: u32 = 1_024;

/// The number of events for which a prefilter that rules out few events is not used.
const PAUSE: u32 = 15 * WINDOW;

/// The literals of some rules. The threads of a pipeline share them.
#[derive(Debug)]
pub(crate) struct Screen {
    rules: Vec<Vec<Need>>,
    is_one_value: bool,
    prefilter: OnceLock<Option<Prefilter>>,
}

/// The memory of a thread: a sample of events, until the literals are chosen, and then counts.
#[derive(Debug, Default)]
pub(crate) struct ScreenMemory {
    sample: Sample,
    /// The number of events of the window, and the number of events that are not ruled out.
    events: u32,
    left: u32,
    /// The number of events for which the prefilter is not used.
    pause: u32,
}

/// The first events of a thread.
#[derive(Debug, Default)]
struct Sample {
    /// The texts of the events, concatenated.
    texts: Vec<u8>,
    ends: Vec<usize>,
    /// The number of events, with the long events that are left out.
    seen: usize,
}

impl Screen {
    /// Returns `None` if a rule needs no literal, or if there are too many rules. If `is_one_value` is
    /// false, the text of an event can hold several values.
    pub(crate) fn new<'p>(
        patterns: impl IntoIterator<Item = &'p Pattern>,
        is_one_value: bool,
    ) -> Option<Screen> {
        let mut rules = Vec::new();
        for pattern in patterns {
            let needs = literals::needs(pattern);
            if needs.is_empty() || rules.len() == RULES {
                return None;
            }
            rules.push(needs);
        }
        Some(Screen { rules, is_one_value, prefilter: OnceLock::new() })
    }

    /// Returns true if a valid event surely matches no rule. `matching` matches an event: the screen
    /// compares the durations of both on the first events.
    pub(crate) fn rules_out(
        &self,
        memory: &mut ScreenMemory,
        event: &[u8],
        matching: impl FnMut(&[u8]),
    ) -> bool {
        match self.prefilter.get() {
            Some(Some(prefilter)) => memory.search(prefilter, event),
            Some(None) => false,
            None => {
                if let Some(sample) = memory.sample(event) {
                    self.prefilter.get_or_init(|| self.choose(&sample, matching));
                }
                false
            }
        }
    }

    /// Returns the prefilter if it saves time for the events of the sample.
    fn choose(&self, sample: &Sample, mut matching: impl FnMut(&[u8])) -> Option<Prefilter> {
        let events: Vec<&[u8]> = sample.events().collect();
        let prefilter = Prefilter::new(&self.rules, &events, self.is_one_value)?;
        let alone = fastest(|| events.iter().for_each(|event| matching(event)));
        let searched = fastest(|| {
            for event in &events {
                if !prefilter.rules_out(event) {
                    matching(event);
                }
            }
        });
        (searched.as_secs_f64() < SHARE * alone.as_secs_f64()).then_some(prefilter)
    }
}

/// Returns the duration of the fastest run.
fn fastest(mut run: impl FnMut()) -> Duration {
    let durations = (0..RUNS).map(|_| {
        let start = Instant::now();
        run();
        start.elapsed()
    });
    durations.min().unwrap_or_default()
}

impl Sample {
    fn events(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(&0).chain(&self.ends);
        starts.zip(&self.ends).map(|(&start, &end)| &self.texts[start..end])
    }
}

impl ScreenMemory {
    /// Adds an event to the sample. Returns the sample if it is large enough.
    fn sample(&mut self, event: &[u8]) -> Option<Sample> {
        let sample = &mut self.sample;
        sample.seen += 1;
        // A long event would be most of the sample.
        if event.len() <= SAMPLE.1 / 8 {
            sample.texts.extend_from_slice(event);
            sample.ends.push(sample.texts.len());
        }
        let is_large = sample.seen >= SAMPLE.0 || sample.texts.len() >= SAMPLE.1;
        is_large.then(|| std::mem::take(sample))
    }

    /// Searches an event, unless the last events were rarely ruled out.
    fn search(&mut self, prefilter: &Prefilter, event: &[u8]) -> bool {
        if self.pause > 0 {
            self.pause -= 1;
            return false;
        }
        // The matcher refuses a longer event.
        let is_ruled_out = event.len() <= EVENT_LIMIT && prefilter.rules_out(event);
        self.events += 1;
        self.left += u32::from(!is_ruled_out);
        if self.events == WINDOW {
            if self.left > WINDOW / 2 {
                self.pause = PAUSE;
            }
            (self.events, self.left) = (0, 0);
        }
        is_ruled_out
    }
}

/// A matcher with a screen before it.
pub(crate) struct Screened {
    pub(crate) matcher: Matcher,
    pub(crate) screen: Option<Screen>,
}

impl Screened {
    /// Returns true if the sample was large enough to choose the literals.
    pub(crate) fn is_chosen(&self) -> bool {
        self.screen.as_ref().is_none_or(|screen| screen.prefilter.get().is_some())
    }

    /// Returns the number of events that are not read.
    pub(crate) fn ruled_out<'e>(&self, events: impl Iterator<Item = &'e [u8]>) -> usize {
        let prefilter = self.screen.as_ref().and_then(|screen| screen.prefilter.get()?.as_ref());
        prefilter.map_or(0, |prefilter| events.filter(|event| prefilter.rules_out(event)).count())
    }
}

impl Judge for Screened {
    type Memory = (Scratch, ScreenMemory);

    fn most_ids(&self) -> usize {
        self.matcher.most_ids()
    }

    fn judge(
        &self,
        (scratch, memory): &mut Self::Memory,
        event: &[u8],
        ids: &mut Vec<RuleId>,
    ) -> Result<(), EventError> {
        if let Some(screen) = &self.screen
            && screen.rules_out(memory, event, |event| drop(self.matcher.is_match(scratch, event)))
        {
            return Ok(());
        }
        self.matcher.judge(scratch, event, ids)
    }
}
