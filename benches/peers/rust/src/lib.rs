//! The protocol of every peer in Rust: commands on standard input, one line of answer for each.
//!
//! `run.py` explains the commands.

use std::fs;
use std::io::{self, BufRead, BufWriter, Write};
use std::thread;
use std::time::{Duration, Instant};

/// An engine under test.
pub trait Peer: Sync {
    /// The memory of one thread.
    type Worker: Send;

    fn new(mode: &str) -> Self;

    /// Adds a rule. Returns false if the engine refuses it.
    fn add(&mut self, id: u32, rule: &str) -> bool;

    /// Called after all rules have been added.
    fn finish(&mut self) {}

    fn worker(&self) -> Self::Worker;

    /// Returns the number of rules that the event matches.
    fn count(&self, worker: &mut Self::Worker, event: &[u8]) -> usize;

    /// Returns the ids of the matching rules, in any order.
    fn ids(&self, worker: &mut Self::Worker, event: &[u8]) -> Vec<u32>;
}

/// Answers commands until the input ends.
///
/// # Panics
///
/// If a command is invalid, because the script is then wrong.
pub fn serve<P: Peer>() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, mode, rules, events] = &arguments[..] else {
        panic!("usage: {} MODE RULES EVENTS", arguments[0]);
    };
    let rules = fs::read_to_string(rules)?;
    let events = fs::read(events)?;
    let events: Vec<&[u8]> = events.split(|&byte| byte == b'\n').filter(|event| !event.is_empty()).collect();
    say("ready")?;

    let mut peer = P::new(mode);
    let mut refused = Vec::new();
    for line in io::stdin().lock().lines() {
        let line = line?;
        let mut words = line.split('\t');
        match words.next() {
            Some("add") => {
                let started = Instant::now();
                for (id, rule) in (0..).zip(rules.lines()) {
                    if !peer.add(id, rule) {
                        refused.push(id);
                    }
                }
                peer.finish();
                // Some engines defer half of the work to the first event.
                peer.count(&mut peer.worker(), events[0]);
                say(&format!("{}\t{}", started.elapsed().as_secs_f64(), refused.len()))?;
            }
            Some("run") => {
                let threads: usize = number(words.next());
                let seconds = number(words.next());
                let started = Instant::now();
                let (done, matches) = run(&peer, &events, threads, Duration::from_secs_f64(seconds));
                say(&format!("{done}\t{matches}\t{}", started.elapsed().as_secs_f64()))?;
            }
            Some("answers") => {
                let path = words.next().expect("a path");
                let count: usize = number(words.next());
                let mut out = BufWriter::new(fs::File::create(path)?);
                writeln!(out, "{}", list(refused.clone()))?;
                let mut worker = peer.worker();
                for event in events.iter().take(count) {
                    writeln!(out, "{}", list(peer.ids(&mut worker, event)))?;
                }
                out.flush()?;
                say("written")?;
            }
            Some("try") => {
                let event = words.next().expect("an event");
                let mut peer = P::new(mode);
                let mut added = false;
                for (id, rule) in (0..).zip(words) {
                    added |= peer.add(id, rule);
                }
                peer.finish();
                let ids = if added { peer.ids(&mut peer.worker(), event.as_bytes()) } else { Vec::new() };
                say(&format!("{added}\t{}", list(ids)))?;
            }
            _ => panic!("what is {line}?"),
        }
    }
    Ok(())
}

/// All threads match all events until the time is over. Each begins with another event.
fn run<P: Peer>(peer: &P, events: &[&[u8]], threads: usize, time: Duration) -> (usize, usize) {
    let until = Instant::now() + time;
    let one = |start: usize| {
        let mut worker = peer.worker();
        let (mut done, mut matches, mut at) = (0, 0, start);
        while Instant::now() < until {
            let chunk = &events[at..events.len().min(at + 64)];
            for event in chunk {
                matches += peer.count(&mut worker, event);
            }
            done += chunk.len();
            at = (at + chunk.len()) % events.len();
        }
        (done, matches)
    };
    thread::scope(|scope| {
        let one = &one;
        let others: Vec<_> =
            (1..threads).map(|thread| scope.spawn(move || one(thread * events.len() / threads))).collect();
        let (mut done, mut matches) = one(0);
        for other in others {
            let (more, matched) = other.join().expect("no thread panics");
            done += more;
            matches += matched;
        }
        (done, matches)
    })
}

fn say(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn list(mut ids: Vec<u32>) -> String {
    ids.sort_unstable();
    ids.dedup();
    ids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

fn number<T: std::str::FromStr>(word: Option<&str>) -> T {
    word.and_then(|word| word.parse().ok()).expect("a number")
}
