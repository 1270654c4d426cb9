//! Compares sets of rules with each of their rules alone, for a given time.
//!
//! A round draws 50 to 5,000 rules and some events, and matches each rule alone with the events.
//! The set of the rules must give the same matches: with every kernel and promise, in another
//! order, in part, with any tuning, from text and from parsed events, with one scratch for all and
//! with new ones, in several threads. Some of the rules alone are compared with the oracle. The
//! first difference is minimised and printed, and the program exits with 1.
//!
//! ```sh
//! cargo run --release --manifest-path fuzz/Cargo.toml --example compare_sets -- --seconds 60 --seed 7
//! ```

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use options::{Options, USAGE};
use tally::Tally;
use way::kernels;
use worlds::Worlds;

mod address;
mod alone;
mod change;
mod compare;
mod made_rule;
mod minimise;
mod options;
mod recorded;
mod round;
mod tally;
mod tree;
mod way;
#[allow(dead_code, reason = "the benches check and measure the workloads")]
#[path = "../../../benches/workload/mod.rs"]
mod workload;
mod worlds;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args().skip(1)) {
        Ok(options) => options,
        Err(message) => {
            eprintln!("{message}\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    if options.kernels {
        kernels().iter().for_each(|kernel| println!("{kernel:?}"));
        return ExitCode::SUCCESS;
    }
    let recorded: Result<_, String> = options.worlds.iter().map(|world| recorded::world(world)).collect();
    let worlds = match recorded.and_then(Worlds::new) {
        Ok(worlds) => worlds,
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::from(2);
        }
    };
    println!("seed {}; kernels, the default one first: {:?}", options.seed, kernels());
    worlds.describe().iter().for_each(|world| println!("world {world}"));
    compare::keep_panics();
    run(&options, &worlds)
}

/// Runs rounds in parallel until the time is over, or until one of them finds a fault.
fn run(options: &Options, worlds: &Worlds) -> ExitCode {
    let end = Instant::now() + options.time;
    let next = AtomicU64::new(options.round.unwrap_or(0));
    let (tally, found) = (Mutex::new(Tally::default()), AtomicBool::new(false));
    let is_over = || found.load(Ordering::Relaxed) || options.round.is_none() && Instant::now() >= end;
    let jobs = if options.round.is_some() { 1 } else { options.jobs };
    thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                while !is_over() {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let result = compare::caught(|| round::round(worlds, options.seed, number));
                    match result.and_then(|result| result) {
                        Ok(round) => tally.lock().expect("no thread panics with the tally").add(&round),
                        Err(_) if found.swap(true, Ordering::Relaxed) => {}
                        Err(report) => {
                            println!("\nFAULT in round {number} of seed {}: {report}", options.seed);
                        }
                    }
                    if options.round.is_some() {
                        break;
                    }
                }
            });
        }
    });
    let tally = tally.into_inner().expect("no thread panics with the tally");
    println!("\n{tally}");
    let missing = tally.missing();
    if found.into_inner() {
        ExitCode::FAILURE
    } else if options.round.is_none() && !missing.is_empty() {
        println!(
            "FAULT: nothing was compared of {}; the time is too short, or a world too small",
            missing.join(", ")
        );
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}
