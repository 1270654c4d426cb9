//! The time and the memory that it takes to compile hostile rules.

use std::fs;
use std::thread;

use galop::{Matcher, RuleId, RuleSet, Scratch};

use crate::build_cases::BuildCase;
use crate::child::Said;
use crate::clock::Stopwatch;
use crate::options::Options;
use crate::tenant::Fitted;
use crate::witness::witness;
use crate::workload::{Mix, trial};

/// The bound for the time of a build.
pub(crate) const MOST_SECONDS: f64 = 2.0;

/// The bound for the bytes of a compiled set per byte of text.
pub(crate) const MOST_BYTES: f64 = 256.0;

pub(crate) const COLUMNS: [(&str, isize); 9] = [
    ("build", -42),
    ("rules", 6),
    ("bytes", 9),
    ("add s", 7),
    ("build s", 8),
    ("set MB", 8),
    ("B/byte", 9),
    ("peak MB", 8),
    ("result", -12),
];

/// Measures one case and reports a row.
pub(crate) fn measure(case: &BuildCase, options: &Options) {
    Said::Step("prepare".to_owned()).say();
    let mut set = RuleSet::new();
    if case.beside {
        for rule in Mix::Mixed.rules(options.ordinary_rules()) {
            set.add(&rule).expect("ordinary rules are accepted");
        }
    }
    let ordinary = set.len();
    let stopwatch = Stopwatch::start();
    let base = Matcher::new(&set).expect("ordinary rules are within the limits");
    let (base_seconds, base_bytes) = (stopwatch.seconds(), base.memory_usage());
    drop(base);

    Said::Step("add".to_owned()).say();
    let stopwatch = Stopwatch::start();
    let fitted = case.tenant.fit(&mut set);
    let added = stopwatch.seconds();
    Said::Step("build".to_owned()).say();
    let mut builder = thread::Builder::new();
    if let Some(stack) = case.stack {
        builder = builder.stack_size(stack);
    }
    let (built, seconds) = thread::scope(|scope| {
        let build = || {
            let stopwatch = Stopwatch::start();
            (Matcher::new(&set), stopwatch.seconds())
        };
        builder
            .spawn_scoped(scope, build)
            .expect("there is room for a thread")
            .join()
            .expect("it does not panic")
    });
    let seconds = seconds - base_seconds;
    let bytes = built.as_ref().map_or(0, |matcher| matcher.memory_usage().saturating_sub(base_bytes));
    let per_byte = bytes as f64 / fitted.bytes().max(1) as f64;
    if trial() {
        assert_answers(&fitted, built.as_ref().expect("it is within the limits"), ordinary);
    }
    let result = match &built {
        Ok(_) => "built".to_owned(),
        Err(error) => format!("{} at rule {}", error.code(), error.rule().expect("a rule is to blame")),
    };
    let is_within = built.is_ok() && seconds <= MOST_SECONDS && per_byte <= MOST_BYTES;
    let cells = vec![
        case.tenant.name.clone(),
        fitted.rules.len().to_string(),
        fitted.bytes().to_string(),
        format!("{added:.2}"),
        format!("{seconds:.2}"),
        format!("{:.1}", bytes as f64 / 1e6),
        format!("{per_byte:.1}"),
        peak().map_or_else(|| "-".to_owned(), |kilobytes| format!("{:.0}", kilobytes as f64 / 1e3)),
        format!("{result} {}", fitted.refusals()).trim().to_owned(),
    ];
    Said::Row { is_within: is_within || trial(), cells }.say();
}

/// The peak memory of this process in kilobytes; none where the system does not report it.
fn peak() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Panics unless each rule matches its [`witness`].
fn assert_answers(fitted: &Fitted, matcher: &Matcher, ordinary: usize) {
    let mut scratch = Scratch::new();
    for (number, rule) in fitted.rules.iter().enumerate() {
        let event = witness(rule);
        let ids = matcher.matches(&mut scratch, event.as_bytes()).expect("the event is valid");
        assert!(ids.contains(&RuleId::new((ordinary + number) as u32)), "{rule} on {event}");
    }
}
