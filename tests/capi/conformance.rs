//! The conformance cases, and the sample rules with the sample events, through C. The results equal
//! those of Rust.
//!
//! `tests/corpus.rs` tests the results of Rust. Here every result of C is compared with the result
//! of Rust: ids and their order, codes, places.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use galop::{Extensions, Matcher, PatternLimits, RuleSet, Scratch};
use galop_harness::cases::{self, Case, Expect, Limits};
use libtest_mimic::Failed;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::build::{self, Mode, root};

/// Rules that are compiled together, and their events.
struct Set {
    limits: Limits,
    patterns: Vec<Vec<u8>>,
    events: Vec<Vec<u8>>,
}

pub(crate) fn verify(mode: Mode) -> Result<(), Failed> {
    /// Both modes have the same questions.
    static QUESTIONS: LazyLock<Result<(Vec<u8>, String), String>> = LazyLock::new(|| {
        let sets = sets().map_err(|error| format!("{error:?}"))?;
        Ok((questions(&sets), answers(&sets).map_err(|error| format!("{error:?}"))?))
    });
    let (questions, by_rust) = QUESTIONS.as_ref().map_err(String::clone)?;
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("conformance-{mode:?}"));
    fs::write(&file, questions)?;
    let by_c = build::run(&root().join("tests/capi/conformance.c"), mode, &[file.as_ref()])?;
    if let Some((line, (c, rust))) = by_c.lines().zip(by_rust.lines()).enumerate().find(|(_, (c, r))| c != r)
    {
        return Err(format!("answer {line}: {c:?} through C, {rust:?} through Rust").into());
    }
    let (c, rust) = (by_c.lines().count(), by_rust.lines().count());
    if c == rust { Ok(()) } else { Err(format!("{c} answers through C, {rust} through Rust").into()) }
}

/// Returns every case alone, the valid patterns of all cases together with all their events, and
/// the sample.
fn sets() -> Result<Vec<Set>, Failed> {
    let cases = cases::read(&root().join("corpus/cases"))?;
    let alone = |case: &Case| Set {
        limits: case.limits,
        patterns: vec![case.pattern.clone()],
        events: case.event.iter().cloned().collect(),
    };
    let mut sets: Vec<_> = cases.iter().map(alone).collect();
    let of_ours = || cases.iter().filter(|case| !matches!(case.limits, Limits::Aws | Limits::Extensions));
    let valid = of_ours().filter(|case| !matches!(case.expect, Expect::PatternRejected { .. }));
    let together = Set {
        limits: Limits::Wide,
        patterns: valid.map(|case| case.pattern.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        events: of_ours()
            .filter_map(|case| case.event.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
    };
    assert!(together.patterns.len() > 1_000 && together.events.len() > 1_000, "the corpus has been cut");
    sets.push(together);
    sets.push(sample()?);
    Ok(sets)
}

#[derive(Deserialize)]
struct Rule {
    pattern: Box<RawValue>,
}

fn sample() -> Result<Set, Failed> {
    let mut patterns = Vec::new();
    for line in lines(&root().join("corpus/rulesets"))? {
        let rule: Rule = serde_json::from_str(&line)?;
        patterns.push(rule.pattern.get().as_bytes().to_vec());
    }
    let events = lines(&root().join("corpus/events"))?.into_iter().map(String::into_bytes).collect();
    Ok(Set { limits: Limits::Default, patterns, events })
}

/// Returns the lines of all files of a directory, in the order of their names.
fn lines(directory: &Path) -> Result<Vec<String>, Failed> {
    let mut files = Vec::new();
    for entry in fs::read_dir(directory)? {
        files.push(entry?.path());
    }
    files.sort();
    let mut lines = Vec::new();
    for file in files {
        lines.extend(fs::read_to_string(file)?.lines().map(str::to_owned));
    }
    assert!(!lines.is_empty(), "{} is empty", directory.display());
    Ok(lines)
}

/// Returns the sets in the format of `conformance.c`.
fn questions(sets: &[Set]) -> Vec<u8> {
    let mut file = Vec::new();
    let number = |file: &mut Vec<u8>, number: usize| file.extend((number as u32).to_ne_bytes());
    number(&mut file, sets.len());
    for set in sets {
        number(
            &mut file,
            match set.limits {
                Limits::Default => 0,
                Limits::Aws => 1,
                Limits::Wide => 2,
                Limits::Extensions => 3,
            },
        );
        for texts in [&set.patterns, &set.events] {
            number(&mut file, texts.len());
            for text in texts {
                number(&mut file, text.len());
                file.extend(text);
            }
        }
    }
    file
}

/// Returns the expected output of `conformance.c`.
fn answers(sets: &[Set]) -> Result<String, Failed> {
    let mut lines = String::new();
    let mut scratch = Scratch::new();
    for set in sets {
        let mut rules = match set.limits {
            Limits::Default => RuleSet::new(),
            Limits::Wide => RuleSet::with_limits(PatternLimits::wide()),
            Limits::Aws => RuleSet::with_limits(PatternLimits::aws()),
            Limits::Extensions => {
                let mut limits = PatternLimits::default();
                limits.extensions = Extensions::ALL;
                RuleSet::with_limits(limits)
            }
        };
        for pattern in &set.patterns {
            match rules.add_bytes(pattern) {
                Ok(id) => writeln!(lines, "rule {id}")?,
                Err(error) => {
                    let span = error.span();
                    writeln!(lines, "refused {} {} {}", error.code(), span.start, span.end)?;
                }
            }
        }
        let matcher = Matcher::new(&rules)?;
        for event in &set.events {
            match matcher.matches(&mut scratch, event) {
                Ok(ids) => {
                    lines.push_str("match");
                    ids.iter().try_for_each(|id| write!(lines, " {id}"))?;
                    lines.push('\n');
                }
                Err(error) => writeln!(lines, "refused {} {}", error.code(), error.offset().unwrap_or(0))?,
            }
        }
    }
    Ok(lines)
}
