//! The effect of one tenant's rules on the events of all tenants.
//!
//! Two matchers take turns with the same ordinary events. One has ordinary rules only, and the
//! other also has the rules of the tenant. A matching rule costs time to report. A third matcher
//! therefore has as many rules that match by a trivial test. The column `apart` is the ratio
//! without the time of these matches.
//!
//! The ratio is one of least times, which other processes disturb little. The median and the
//! quartiles of all rounds show the size of the disturbance.

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::Duration;

use galop::{BuildError, Matcher, RuleId, RuleSet, Scratch};

use crate::child::Said;
use crate::clock::Stopwatch;
use crate::options::Options;
use crate::tenant::{Fitted, Tenant};
use crate::witness::witness;
use crate::workload::{Mix, Workload, check, trial};

/// The bound for the time of an ordinary event, relative to the time without the tenant.
pub(crate) const MOST_RATIO: f64 = 1.5;

/// The bound for the additional time of a build.
pub(crate) const MOST_SECONDS: f64 = 2.0;

/// The events of a round.
const ROUND: usize = 1_000;

const LEAST_ROUNDS: usize = 6;
const MOST_ROUNDS: usize = 400;

/// The columns of the table with their widths; a negative width aligns to the left.
pub(crate) const COLUMNS: [(&str, isize); 13] = [
    ("tenant", -42),
    ("rules", 6),
    ("bytes", 9),
    ("build s", 8),
    ("+ s", 7),
    ("+ MB", 7),
    ("ns", 7),
    ("ns with", 10),
    ("ratio", 8),
    ("median", 8),
    ("quartiles", 17),
    ("own", 7),
    ("apart", 8),
];

fn step(name: &str) {
    Said::Step(name.to_owned()).say();
}

/// Measures one tenant and reports a row.
pub(crate) fn measure(tenant: &Tenant, options: &Options) {
    step("prepare");
    let ordinary = options.ordinary_rules();
    let mut base = RuleSet::new();
    for rule in Mix::Mixed.rules(ordinary) {
        base.add(&rule).expect("ordinary rules are accepted");
    }
    let events = Mix::Mixed.stream().events(options.events());
    let (without, seconds) = built(&base);
    let without = without.expect("ordinary rules are within the limits");
    // The first build has to get its memory from the system.
    let seconds = seconds.min(built(&base).1).min(built(&base).1);

    step("add");
    let mut set = base.clone();
    let mut fitted = tenant.fit(&mut set);
    let mut note = fitted.refusals();
    step("build");
    let (mut with, mut longer) = built(&set);
    if let Err(error) = &with {
        // The number of rules is halved until the build succeeds.
        note = format!("{note} build {} at {}", error.code(), error.rule().expect("a rule is to blame"));
        while with.is_err() && !fitted.rules.is_empty() {
            step("build fewer");
            fitted.rules.truncate(fitted.rules.len() / 2);
            set = base.clone();
            fitted.rules.iter().for_each(|rule| {
                set.add(rule).expect("it was accepted before");
            });
            (with, longer) = built(&set);
        }
    }
    let with = with.expect("ordinary rules are within the limits");
    if longer < 1.0 {
        longer = longer.min(built(&set).1);
    }
    if trial() {
        assert_answers(tenant, &fitted, &without, &with, ordinary);
    }

    step("match");
    let probe = probe(&without, &with, &events, ordinary, options);
    if let Some(code) = probe.refused {
        note = format!("{note} events {code}");
    }
    let times = Rounds::take(&without, &with, &events, probe.events, options);
    let (one, other) = times.least();
    let ratio = other / one;
    let apart = (probe.own >= 1.0).then(|| {
        step("match apart");
        let trivial = trivial(base, probe.own.round() as usize);
        let (trivial, other) = Rounds::take(&trivial, &with, &events, probe.events, options).least();
        1.0 + (other - trivial) / one
    });
    let charged = apart.unwrap_or(ratio);
    let is_within = charged <= MOST_RATIO && longer - seconds <= MOST_SECONDS && probe.refused.is_none();
    let ns = |seconds: f64| format!("{:.0}", seconds * 1e9);
    let [low, median, high] = times.quartiles();
    let cells = vec![
        tenant.name.clone(),
        fitted.rules.len().to_string(),
        fitted.bytes().to_string(),
        format!("{seconds:.2}"),
        format!("{:.2}", longer - seconds),
        format!("{:.1}", with.memory_usage().saturating_sub(without.memory_usage()) as f64 / 1e6),
        ns(one),
        ns(other),
        format!("{ratio:.2}"),
        format!("{median:.2}"),
        format!("{low:.2}-{high:.2}"),
        format!("{:.1}", probe.own),
        apart.map_or_else(|| "-".to_owned(), |apart| format!("{apart:.2}")),
        note.trim().to_owned(),
    ];
    Said::Row { is_within: is_within || trial(), cells }.say();
}

fn built(rules: &RuleSet) -> (Result<Matcher, BuildError>, f64) {
    let stopwatch = Stopwatch::start();
    let matcher = Matcher::new(rules);
    (matcher, stopwatch.seconds())
}

/// The ordinary rules, and `count` rules that match every event by a trivial test.
fn trivial(mut rules: RuleSet, count: usize) -> Matcher {
    for _ in 0..count {
        rules.add(r#"{"id":[{"exists":true}]}"#).expect("it is accepted");
    }
    Matcher::new(&rules).expect("ordinary rules are within the limits")
}

/// The result of the first pass.
struct Probe {
    /// The number of events of a round that fit the time.
    events: usize,
    /// The average number of the tenant's rules that match an event.
    own: f64,
    /// The code of the error if an ordinary event was refused.
    refused: Option<&'static str>,
}

/// Matches the events of one round, as many as fit the time.
///
/// # Panics
///
/// If the tenant changes the matches of ordinary rules.
fn probe(without: &Matcher, with: &Matcher, events: &[Vec<u8>], ordinary: usize, options: &Options) -> Probe {
    let (mut scratch, mut other) = (Scratch::new(), Scratch::new());
    let most = options.budget() / (2 * LEAST_ROUNDS as u32);
    let (mut spent, mut count, mut own, mut refused) = (Duration::ZERO, 0, 0, None);
    for event in events.iter().take(ROUND) {
        let expected = without.matches(&mut scratch, event).expect("ordinary events are valid");
        let stopwatch = Stopwatch::start();
        let matches = with.matches(&mut other, event);
        spent += stopwatch.elapsed();
        count += 1;
        match matches {
            Ok(ids) => {
                let of_others = ids.partition_point(|id| id.as_usize() < ordinary);
                assert_eq!(&ids[..of_others], expected, "{}", String::from_utf8_lossy(event));
                own += ids.len() - of_others;
            }
            Err(error) => refused = Some(error.code()),
        }
        if spent > most && !trial() {
            break;
        }
    }
    Probe { events: count, own: own as f64 / count as f64, refused }
}

/// The seconds per event of two matchers, round by round.
struct Rounds(Vec<Round>);

struct Round {
    /// The number of the chunk of events.
    chunk: usize,
    one: f64,
    other: f64,
}

impl Rounds {
    /// Takes the times of both matchers in turns. `one` gets all events of each round, `other` at most `most`
    /// of them.
    fn take(one: &Matcher, other: &Matcher, events: &[Vec<u8>], most: usize, options: &Options) -> Rounds {
        let (mut of_one, mut of_other) = (Scratch::new(), Scratch::new());
        let (mut rounds, mut spent) = (Vec::new(), 0.0);
        for (chunk, events) in events.chunks(ROUND).enumerate().cycle() {
            let few = &events[..most.min(events.len())];
            // The order alternates, because the second matcher finds the caches full of the first one's data.
            let (one, other) = if rounds.len() % 2 == 0 {
                let one = pass(one, &mut of_one, events);
                (one, pass(other, &mut of_other, few))
            } else {
                let other = pass(other, &mut of_other, few);
                (pass(one, &mut of_one, events), other)
            };
            rounds.push(Round { chunk, one, other });
            spent += one * events.len() as f64 + other * few.len() as f64;
            let is_over = rounds.len() >= LEAST_ROUNDS && spent > options.budget().as_secs_f64();
            if is_over || rounds.len() == MOST_ROUNDS || trial() {
                break;
            }
        }
        Rounds(rounds)
    }

    /// Returns the least times of both matchers, averaged over the chunks. Other processes disturb
    /// them least.
    fn least(&self) -> (f64, f64) {
        let mut of_chunks: BTreeMap<usize, (f64, f64)> = BTreeMap::new();
        for &Round { chunk, one, other } in &self.0 {
            let least = of_chunks.entry(chunk).or_insert((f64::MAX, f64::MAX));
            *least = (least.0.min(one), least.1.min(other));
        }
        let count = of_chunks.len() as f64;
        let sum = of_chunks.values().fold((0.0, 0.0), |sum, least| (sum.0 + least.0, sum.1 + least.1));
        (sum.0 / count, sum.1 / count)
    }

    /// The lower quartile, the median and the upper quartile of the ratio.
    fn quartiles(&self) -> [f64; 3] {
        let mut ratios: Vec<f64> = self.0.iter().map(|round| round.other / round.one).collect();
        ratios.sort_by(f64::total_cmp);
        [1, 2, 3].map(|quarter| ratios[ratios.len() * quarter / 4])
    }
}

/// Returns the seconds per event.
fn pass(matcher: &Matcher, scratch: &mut Scratch, events: &[Vec<u8>]) -> f64 {
    let stopwatch = Stopwatch::start();
    for event in events {
        let _ = black_box(matcher.matches(scratch, black_box(event)));
    }
    stopwatch.seconds() / events.len() as f64
}

/// Panics unless each rule of the tenant matches its witness and no ordinary answer changes. The oracle
/// checks both.
fn assert_answers(tenant: &Tenant, fitted: &Fitted, without: &Matcher, with: &Matcher, ordinary: usize) {
    let name = &tenant.name;
    let (mut scratch, mut other) = (Scratch::new(), Scratch::new());
    let mut events = Mix::Mixed.stream().events(10);
    for (number, rule) in fitted.rules.iter().enumerate() {
        let event = witness(rule);
        let ids = with.matches(&mut scratch, event.as_bytes()).expect("the event is valid");
        let id = RuleId::new((ordinary + number) as u32);
        assert!(ids.contains(&id), "{name}: {rule} on {event}");
        let of_others = ids.partition_point(|id| id.as_usize() < ordinary);
        assert_eq!(
            &ids[..of_others],
            without.matches(&mut other, event.as_bytes()).expect("the event is valid"),
            "{name}: {event}"
        );
        events.push(event.into_bytes());
    }
    let mut rules = RuleSet::new();
    fitted.rules.iter().for_each(|rule| {
        rules.add(rule).expect("it was accepted before");
    });
    let workload = Workload { name: name.clone(), rules: fitted.rules.clone(), events };
    check::assert_right(&workload, &Matcher::new(&rules).expect("it is within the limits"));
}
