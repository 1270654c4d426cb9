//! Writes the cases of the corpus to the seed folders of the fuzz targets: `fuzz/corpus/<target>/`,
//! or `<argument>/<target>/`.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use galop_harness::cases;

/// The maximum length of a seed. Mutations of longer texts are inefficient.
const LONGEST: usize = 2_000;

fn main() -> Result<(), Box<dyn Error>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let corpus = env::args_os().nth(1).map_or_else(|| fuzz.join("corpus"), PathBuf::from);
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
    // Neighbours in the order of their text share paths.
    let sets: Vec<_> = sets.into_iter().collect();
    let mixed: BTreeSet<Vec<u8>> = sets
        .chunks(3)
        .map(|sets| {
            let rules: Vec<&[u8]> = sets.iter().map(|(rule, _)| *rule).collect();
            let events: Vec<&[u8]> = sets.iter().flat_map(|(_, events)| events).take(4).copied().collect();
            [rules.join(&b"\n---\n"[..]), events.join(&b"\n---\n"[..])].join(&b"\n===\n"[..])
        })
        .collect();
    let calls: BTreeSet<_> = sets.iter().filter_map(|(rule, events)| calls(rule, events)).collect();
    for (target, seeds) in [
        ("pattern", &patterns),
        ("generate", &patterns),
        ("event", &events),
        ("differential", &mixed),
        ("independence", &mixed),
        ("explain", &mixed),
        ("kernels", &mixed),
        ("capi", &calls),
    ] {
        let directory = corpus.join(target);
        fs::create_dir_all(&directory)?;
        let seeds: Vec<_> = seeds.iter().filter(|seed| seed.len() <= LONGEST).collect();
        for (number, seed) in seeds.iter().enumerate() {
            fs::write(directory.join(format!("case-{number:04}")), seed)?;
        }
        println!("{target}: {} seeds", seeds.len());
    }
    Ok(())
}

/// Returns a program of calls in the format of `src/capi/tests/calls.rs`. It makes one rule, one
/// matcher and one scratch, and passes each event to every function that matches. Returns none if a
/// text is too long for a program.
fn calls(pattern: &[u8], events: &[&[u8]]) -> Option<Vec<u8>> {
    // The first and only object of its sort, and a valid output.
    const OBJECT: [u8; 2] = [3, 0];
    const OUTPUT: [u8; 1] = [2];
    // The number of a new text follows the numbers of the known texts.
    let text = |text: &[u8]| Some([&[8, u8::try_from(text.len()).ok()?], text].concat());
    let mut program = vec![
        [&[0, 9][..], &OUTPUT].concat(),
        [&[1][..], &OBJECT, &text(pattern)?, &[7, 1]].concat(),
        [&[3][..], &OBJECT, &text(pattern)?, &[99], &OUTPUT].concat(),
        [&[5][..], &OUTPUT].concat(),
        [&[4][..], &OBJECT, &[0, 0, 9], &OUTPUT].concat(),
        [&[6][..], &OBJECT, &OUTPUT, &OUTPUT].concat(),
    ];
    for event in events {
        let event = [&OBJECT[..], &OBJECT, &text(event)?].concat();
        program.push([&[7][..], &event, &OUTPUT, &OUTPUT].concat());
        program.push([&[8][..], &event, &OUTPUT].concat());
        program.push([&[9][..], &event, &[1, 1]].concat());
    }
    let (count, texts) = (events.len().min(4), events.iter().take(4));
    let texts = texts.map(|event| text(event)).collect::<Option<Vec<_>>>()?.concat();
    program.push([&[10][..], &OBJECT, &OBJECT, &[count as u8], &texts, &[7], &OUTPUT].concat());
    Some(program.concat())
}
