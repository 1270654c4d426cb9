//! The program of this directory in Rust, without another language: the sample rules with the
//! sample events, one by one. `examples/run` compares the other languages with it.
//!
//! ```text
//! crossing PATTERNS EVENTS SECONDS     prints: matches, checksum, ns per event, and the same again
//! crossing --write DIRECTORY           writes the sample for the others: one pattern, one event a line
//! ```

use std::env;
use std::error::Error;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use galop::{Matcher, RuleSet, Scratch};
use serde::Deserialize;
use serde_json::value::RawValue;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--write", directory] => write(Path::new(directory)),
        [patterns, events, seconds] => measure(patterns, events, seconds.parse()?),
        _ => Err("usage: crossing PATTERNS EVENTS SECONDS | crossing --write DIRECTORY".into()),
    }
}

fn measure(patterns: &str, events: &str, seconds: f64) -> Result<(), Box<dyn Error>> {
    let mut rules = RuleSet::new();
    for pattern in fs::read_to_string(patterns)?.lines() {
        rules.add(pattern)?;
    }
    let matcher = Matcher::new(&rules)?;
    let mut scratch = Scratch::new();
    let events = fs::read(events)?;
    let events: Vec<&[u8]> = events.split(|&byte| byte == b'\n').filter(|event| !event.is_empty()).collect();

    let mut best = Duration::MAX;
    let (mut matches, mut checksum) = (0, 0_u64);
    let started = Instant::now();
    while started.elapsed().as_secs_f64() < seconds {
        (matches, checksum) = (0, 0);
        let pass = Instant::now();
        for event in &events {
            let ids = matcher.matches(&mut scratch, event)?;
            matches += ids.len();
            checksum += ids.iter().map(|id| u64::from(id.as_u32()) + 1).sum::<u64>();
        }
        best = best.min(pass.elapsed());
    }
    let each = best.as_secs_f64() * 1e9 / events.len() as f64;
    println!("{matches} {checksum} {each:.1} {each:.1}");
    Ok(())
}

#[derive(Deserialize)]
struct Rule {
    pattern: Box<RawValue>,
}

fn write(directory: &Path) -> Result<(), Box<dyn Error>> {
    let mut patterns = String::new();
    for line in lines("rulesets")? {
        let rule: Rule = serde_json::from_str(&line)?;
        patterns += rule.pattern.get();
        patterns += "\n";
    }
    let mut events = lines("events")?.join("\n");
    events += "\n";
    fs::create_dir_all(directory)?;
    fs::write(directory.join("patterns"), patterns)?;
    fs::write(directory.join("events"), events)?;
    Ok(())
}

/// Returns the lines of all files of a directory of the corpus.
fn lines(directory: &str) -> Result<Vec<String>, Box<dyn Error>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(directory))? {
        files.push(entry?.path());
    }
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        lines.extend(fs::read_to_string(file)?.lines().map(str::to_owned));
    }
    Ok(lines)
}
