//! Measures one rule set over a workload.

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant};

use galop::{BuildError, Matcher, MatcherBuilder, MemoryParts, RuleSet, Scratch};
use serde::{Deserialize, Serialize};

use super::events::Workload;
use super::latency::Latency;
use super::rounds::{Rounds, round};
use super::yardstick::Yardstick;

/// The number of builds whose median is the compile time.
const BUILDS: usize = 5;

/// No more builds are measured after this time.
const BUILD_TIME: Duration = Duration::from_secs(5);

/// The duration and the kind of a measurement.
#[derive(Clone, Copy, Debug)]
pub(super) struct Effort {
    pub(super) warm_up: Duration,
    pub(super) rounds: usize,
    pub(super) round: Duration,
    pub(super) jobs: usize,
    /// Finds only if an event matches any rule.
    pub(super) any: bool,
}

/// A compiled rule set with its size and compile time.
pub(super) struct Compiled {
    pub(super) matcher: Matcher,
    pub(super) size: Size,
}

/// The size of a compiled rule set.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Size {
    pub(super) rules: usize,
    pub(super) branches: usize,
    pub(super) paths: usize,
    pub(super) field_tests: usize,
    /// The median of several builds.
    pub(super) compile_seconds: f64,
    pub(super) bytes: usize,
    pub(super) parts: Parts,
}

/// The bytes of the parts of a compiled set.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
pub(super) struct Parts {
    pub(super) paths: usize,
    pub(super) values: usize,
    pub(super) predicates: usize,
    pub(super) lists: usize,
    pub(super) branches: usize,
    pub(super) tree: usize,
    pub(super) groups: usize,
}

impl From<MemoryParts> for Parts {
    fn from(parts: MemoryParts) -> Parts {
        Parts {
            paths: parts.paths,
            values: parts.values,
            predicates: parts.predicates,
            lists: parts.field_tests,
            branches: parts.branches,
            tree: parts.tree,
            groups: parts.groups,
        }
    }
}

impl Compiled {
    pub(super) fn new(builder: &MatcherBuilder, rules: &RuleSet) -> Result<Compiled, BuildError> {
        let start = Instant::now();
        let mut seconds = Vec::new();
        let matcher = loop {
            let build = Instant::now();
            let matcher = builder.build(rules)?;
            seconds.push(build.elapsed().as_secs_f64());
            if seconds.len() == BUILDS || start.elapsed() > BUILD_TIME {
                break matcher;
            }
        };
        let stats = matcher.stats();
        let size = Size {
            rules: stats.rules,
            branches: stats.branches,
            paths: stats.paths,
            field_tests: stats.field_tests,
            compile_seconds: Rounds(seconds).median(),
            bytes: matcher.memory_usage(),
            parts: matcher.memory_parts().into(),
        };
        Ok(Compiled { matcher, size })
    }
}

/// The cost of matching the workload.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(super) struct Speed {
    /// The seconds of one event on one thread.
    pub(super) one_thread: Rounds,
    /// The seconds of one event on `jobs` threads together.
    pub(super) all_threads: Rounds,
    pub(super) jobs: usize,
    /// The seconds of one event of the [`Yardstick`], for each round of `one_thread`.
    pub(super) yardstick: Rounds,
    /// The number of rules of the yardstick.
    pub(super) yardstick_rules: usize,
    /// The seconds that reading one event takes.
    pub(super) reading: Rounds,
    pub(super) latency: Latency,
    pub(super) scratch_bytes: usize,
    /// The steps of one event: a measure of deciding that does not depend on the machine.
    pub(super) steps: f64,
    pub(super) matches: f64,
    pub(super) matched_events: usize,
}

impl Speed {
    pub(super) fn measure(
        compiled: &Compiled,
        workload: &Workload,
        yardstick: &mut Yardstick<'_>,
        effort: &Effort,
    ) -> Speed {
        let matcher = &compiled.matcher;
        let events = workload.len();
        let mut scratch = Scratch::new();
        let (mut steps, mut matches, mut matched_events) = (0, 0, 0);
        for event in workload.iter() {
            let found = matcher.matches(&mut scratch, event).map_or(0, <[_]>::len);
            steps += scratch.steps();
            matches += found;
            matched_events += usize::from(found > 0);
        }
        round(effort.warm_up, workload, |event| decide(matcher, &mut scratch, event, effort.any));
        let mut speed = Speed {
            one_thread: Rounds::default(),
            all_threads: Rounds::default(),
            jobs: effort.jobs,
            yardstick: Rounds::default(),
            yardstick_rules: yardstick.rules,
            reading: Rounds::default(),
            latency: Latency::measure(matcher, workload),
            scratch_bytes: scratch.memory_usage(),
            steps: steps as f64 / events as f64,
            matches: matches as f64 / events as f64,
            matched_events,
        };
        // The kinds of rounds alternate, so a slow phase of the machine affects all of them.
        for _ in 0..effort.rounds {
            let one = |event: &[u8]| decide(matcher, &mut scratch, event, effort.any);
            speed.one_thread.0.push(round(effort.round, workload, one));
            speed.yardstick.0.push(yardstick.round(effort.round / 2));
            let read = |event: &[u8]| {
                let _ = black_box(matcher.check(&mut scratch, event));
            };
            speed.reading.0.push(round(effort.round / 4, workload, read));
            if effort.jobs > 1 {
                speed.all_threads.0.push(together(matcher, workload, effort));
            }
        }
        if effort.jobs == 1 {
            speed.all_threads = speed.one_thread.clone();
        }
        speed
    }

    /// Returns the share of the time that reading takes.
    pub(super) fn reading_share(&self) -> f64 {
        (self.reading.median() / self.one_thread.median()).min(1.0)
    }
}

/// Matches an event. With `any`, finds only if it matches any rule.
pub(super) fn decide(matcher: &Matcher, scratch: &mut Scratch, event: &[u8], any: bool) {
    if any {
        let _ = black_box(matcher.is_match(scratch, event));
    } else {
        let _ = black_box(matcher.matches(scratch, event));
    }
}

/// Matches the workload on all threads, each with its part of the events. Returns the seconds of
/// one event. The rates of the threads are added.
fn together(matcher: &Matcher, workload: &Workload, effort: &Effort) -> f64 {
    let passes = |part| {
        let mut scratch = Scratch::new();
        let start = Instant::now();
        let mut passes = 0;
        let events = workload.part(part, effort.jobs).count();
        while events > 0 && start.elapsed() < effort.round {
            for event in workload.part(part, effort.jobs) {
                decide(matcher, &mut scratch, event, effort.any);
            }
            passes += 1;
        }
        (passes * events) as f64 / start.elapsed().as_secs_f64().max(1e-9)
    };
    let rate: f64 = thread::scope(|scope| {
        let threads: Vec<_> = (0..effort.jobs).map(|part| scope.spawn(move || passes(part))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap_or(0.0)).sum()
    });
    1.0 / rate
}
