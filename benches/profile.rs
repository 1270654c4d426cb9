//! One workload without a harness: for profilers, for a quick figure, and for writing workloads to
//! files.
//!
//! ```text
//! cargo bench --bench profile -- W2/rules=10000 --seconds 5
//! cargo bench --bench profile -- W2/rules=10000 W2/hot/rules=10000 --write DIR
//! cargo bench --profile profiling --bench profile --no-run
//! valgrind --tool=callgrind --toggle-collect='*measured_pass*' target/profiling/deps/profile-… W2/rules=10000 --passes 1
//! ```

#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use galop::tuning::{Kernel, Toggle, Tuning};
use galop::{Matcher, MatcherBuilder, Scratch};
use std::fs;
use std::hint::black_box;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use workload::check::{assert_right, counted_by_oracle};
use workload::{Workload, builder};

const USAGE: &str = "\
usage: profile NAME... [--events N] [--trusted] [--distinct-names] [--kernel K]
               [--without TUNING] [--always TUNING] [--seconds S | --passes N]
       profile NAME... [--events N] --write DIR
       profile NAME... --oracle

  NAME        a workload: W1/KIND, W2/rules=N, W2/MIX/rules=N, W3/PLACE, adversarial/SET/rules=N, recorded/SET; or `all`
  --events    the number of events, at least 1,000 (20,000)
  --trusted   take the events to be valid
  --distinct-names   take their names to be distinct and without dots
  --kernel    read with this kernel: portable, avx2, ...; by default the fastest
  --without   turn off one of fast_reader, switches, gates, groups, indexes, choices; may be given again
  --always    turn one of them on wherever it applies
  --seconds   the seconds of matching, after a pass to warm up (2)
  --passes    the passes over all events, in place of a time
  --write     write NAME.rules.jsonl and NAME.events.ndjson, with `-` for `/`, and match nothing
  --oracle    count with the oracle how many rules the first 1,000 events fit, for expected.rs";

struct Options {
    tuning: Tuning,
    names: Vec<String>,
    events: usize,
    builder: MatcherBuilder,
    seconds: f64,
    passes: Option<usize>,
    write: Option<PathBuf>,
    oracle: bool,
}

fn main() -> io::Result<()> {
    let Some(options) = options() else {
        println!("{USAGE}\n\nworkloads:\n  {}", Workload::names().join("\n  "));
        return Ok(());
    };
    for name in &options.names {
        let Some(workload) = Workload::named(name, options.events) else {
            continue;
        };
        if let Some(folder) = &options.write {
            write(&workload, folder)?;
        } else if options.oracle {
            println!("    (\"{name}\", {}),", counted_by_oracle(&workload));
        } else {
            measure(&workload, &options);
        }
    }
    Ok(())
}

/// Returns the options. Returns none if the arguments name no workload, as when all benches are
/// run.
fn options() -> Option<Options> {
    let mut options = Options {
        tuning: Tuning::default(),
        names: Vec::new(),
        events: 20_000,
        builder: builder(),
        seconds: 2.0,
        passes: None,
        write: None,
        oracle: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().unwrap_or_else(|| panic!("{argument} needs a value\n{USAGE}"));
        match argument.as_str() {
            "--bench" | "--test" => {}
            "--events" => options.events = value().parse().expect("--events takes a number"),
            "--trusted" => _ = options.builder.trusted(true),
            "--distinct-names" => _ = options.builder.distinct_names(true),
            "--without" => set(&mut options.tuning, &value(), Toggle::Off),
            "--always" => set(&mut options.tuning, &value(), Toggle::On),
            "--kernel" => _ = options.builder.kernel(kernel(&value())),
            "--seconds" => options.seconds = value().parse().expect("--seconds takes a number"),
            "--passes" => options.passes = Some(value().parse().expect("--passes takes a number")),
            "--write" => options.write = Some(PathBuf::from(value())),
            "--oracle" => options.oracle = true,
            "all" => options.names.extend(Workload::names()),
            name if !name.starts_with('-') => options.names.push(argument),
            _ => panic!("what is {argument}?\n{USAGE}"),
        }
    }
    options.builder.tuning(options.tuning);
    (!options.names.is_empty()).then_some(options)
}

fn set(tuning: &mut Tuning, optimisation: &str, when: Toggle) {
    match optimisation {
        "fast_reader" => tuning.fast_reader = when,
        "switches" => tuning.switches = when,
        "gates" => tuning.gates = when,
        "groups" => tuning.groups = when,
        "indexes" => tuning.indexes = when,
        "choices" => tuning.choices = when,
        _ => panic!("unknown optimisation {optimisation}\n{USAGE}"),
    }
}

fn kernel(name: &str) -> Kernel {
    let found = Kernel::ALL.into_iter().find(|kernel| format!("{kernel:?}").eq_ignore_ascii_case(name));
    found.filter(|kernel| kernel.is_available()).unwrap_or_else(|| panic!("this CPU has no kernel {name}"))
}

fn measure(workload: &Workload, options: &Options) {
    let started = Instant::now();
    let matcher = workload.matcher(&options.builder);
    let compiled = started.elapsed();
    assert_right(workload, &matcher);

    let mut scratch = Scratch::new();
    let events = &workload.events;
    let matches = measured_warm_up(&matcher, &mut scratch, events);
    let started = Instant::now();
    let mut passes = 0;
    while options.passes.map_or(started.elapsed().as_secs_f64() < options.seconds, |wanted| passes < wanted) {
        assert_eq!(measured_pass(&matcher, &mut scratch, events), matches, "a used scratch changes nothing");
        passes += 1;
    }
    report(workload, &matcher, compiled, started.elapsed() / passes.max(1) as u32, matches);
}

/// A separate function from [`measured_pass`], so that a profiler can leave it out.
#[inline(never)]
fn measured_warm_up(matcher: &Matcher, scratch: &mut Scratch, events: &[Vec<u8>]) -> usize {
    workload::total(matcher, scratch, events)
}

#[inline(never)]
fn measured_pass(matcher: &Matcher, scratch: &mut Scratch, events: &[Vec<u8>]) -> usize {
    black_box(workload::total(matcher, scratch, black_box(events)))
}

fn report(workload: &Workload, matcher: &Matcher, compiled: Duration, pass: Duration, matches: usize) {
    let (events, rules) = (workload.events.len() as f64, workload.rules.len() as f64);
    let (seconds, bytes) = (pass.as_secs_f64(), workload.bytes() as f64);
    println!(
        "{:<34} {:>11.0} events/s {:>9.1} ns/event {:>6.2} GB/s {:>8.3} matches/event {:>6.0} B/event | \
         compiled in {:>7.1} ms ({:.0} rules/s), {:.0} B/rule",
        workload.name,
        events / seconds,
        seconds / events * 1e9,
        bytes / seconds / 1e9,
        matches as f64 / events,
        bytes / events,
        compiled.as_secs_f64() * 1e3,
        rules / compiled.as_secs_f64(),
        matcher.memory_usage() as f64 / rules,
    );
}

fn write(workload: &Workload, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let file = workload.name.replace('/', "-");
    let rules: Vec<&[u8]> = workload.rules.iter().map(String::as_bytes).collect();
    let events: Vec<&[u8]> = workload.events.iter().map(Vec::as_slice).collect();
    for (suffix, lines) in [("rules.jsonl", rules), ("events.ndjson", events)] {
        let mut out = BufWriter::new(fs::File::create(folder.join(format!("{file}.{suffix}")))?);
        for line in lines {
            // Line ends and tabs between the tokens of a recorded pattern become blanks, so that
            // each pattern is one line.
            let one_line: Vec<u8> = line.iter().map(|byte| (*byte).max(b' ')).collect();
            out.write_all(&one_line)?;
            out.write_all(b"\n")?;
        }
        out.flush()?;
    }
    println!("{file}: {} rules, {} events", workload.rules.len(), workload.events.len());
    Ok(())
}
