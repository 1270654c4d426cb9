//! Writes the cases of the corpus to where the fuzz targets look for seeds: `fuzz/corpus/<target>/`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fs;
use std::path::Path;

#[allow(dead_code, unused_imports, reason = "the reader serves the command line and tests")]
#[path = "../../src/bin/galop/cases.rs"]
mod cases;

/// The longest text that is worth mutating.
const LONGEST: usize = 2_000;

fn main() -> Result<(), Box<dyn Error>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cases = cases::read(&fuzz.join("../corpus/cases"))?;
    let (mut patterns, mut events) = (BTreeSet::new(), BTreeSet::new());
    let mut sets: BTreeMap<&[u8], Vec<&[u8]>> = BTreeMap::new();
    for case in &cases {
        patterns.insert(case.pattern.clone());
        if let Some(event) = &case.event {
            events.insert(event.clone());
            sets.entry(&case.pattern).or_default().push(event);
        }
    }
    // Neighbours in the order of their text have paths in common.
    let sets: Vec<_> = sets.into_iter().collect();
    let mixed: BTreeSet<Vec<u8>> = sets
        .chunks(3)
        .map(|sets| {
            let rules: Vec<&[u8]> = sets.iter().map(|(rule, _)| *rule).collect();
            let events: Vec<&[u8]> = sets.iter().flat_map(|(_, events)| events).take(4).copied().collect();
            [rules.join(&b"\n---\n"[..]), events.join(&b"\n---\n"[..])].join(&b"\n===\n"[..])
        })
        .collect();
    for (target, seeds) in
        [("pattern", &patterns), ("event", &events), ("differential", &mixed), ("independence", &mixed)]
    {
        let directory = fuzz.join("corpus").join(target);
        fs::create_dir_all(&directory)?;
        let seeds: Vec<_> = seeds.iter().filter(|seed| seed.len() <= LONGEST).collect();
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(directory.join(format!("case-{number:04}")), seed)?;
        }
        println!("{target}: {} seeds", seeds.len());
    }
    Ok(())
}
