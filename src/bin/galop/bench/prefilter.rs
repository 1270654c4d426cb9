//! The prefilter of trusted events, beside the matcher alone.

use galop::{BuildError, MatcherBuilder, RuleSet};
use serde::{Deserialize, Serialize};

use crate::judge::Judge;
use crate::prefilter::{Screen, Screened};

use super::events::Workload;
use super::measure::Effort;
use super::rounds::{Rounds, round};

/// The cost of matching with the prefilter, on one thread.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Prefiltered {
    /// The seconds of one event.
    pub(super) with: Rounds,
    /// The seconds of one event without the prefilter. The kinds of rounds alternate.
    pub(super) without: Rounds,
    /// The number of events that are not read.
    pub(super) ruled_out: usize,
}

impl Prefiltered {
    /// Returns the time of an event with the prefilter, as a share of the time without it.
    pub(super) fn ratio(&self) -> f64 {
        self.with.median() / self.without.median()
    }

    /// Measures trusted events with and without the prefilter. Returns `None` if the rules have no
    /// literals, or if the prefilter does not save time.
    pub(super) fn measure(
        builder: &MatcherBuilder,
        (rules, is_one_value): (&RuleSet, bool),
        workload: &Workload,
        effort: &Effort,
    ) -> Result<Option<Prefiltered>, BuildError> {
        let Some(screen) = Screen::new(rules.iter().map(|(_, pattern)| pattern), is_one_value) else {
            return Ok(None);
        };
        let with = Screened { matcher: builder.build(rules)?, screen: Some(screen) };
        let without = Screened { matcher: builder.build(rules)?, screen: None };
        let (mut memory, mut ids) = (<Screened as Judge>::Memory::default(), Vec::new());
        let mut judge = |judge: &Screened, event: &[u8]| {
            ids.clear();
            let _ = std::hint::black_box(judge.judge(&mut memory, event, &mut ids));
        };
        // The first events are the sample from which the literals are chosen.
        while !with.is_chosen() {
            workload.iter().for_each(|event| judge(&with, event));
        }
        let mut measured = Prefiltered {
            with: Rounds::default(),
            without: Rounds::default(),
            ruled_out: with.ruled_out(workload.iter()),
        };
        if measured.ruled_out == 0 {
            return Ok(None);
        }
        for _ in 0..effort.rounds {
            measured.with.0.push(round(effort.round / 2, workload, |event| judge(&with, event)));
            measured.without.0.push(round(effort.round / 2, workload, |event| judge(&without, event)));
        }
        Ok(Some(measured))
    }
}
