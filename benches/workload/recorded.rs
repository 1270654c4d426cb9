//! Recorded rules and events, if available. They are not part of the package.

use flate2::read::GzDecoder;
use serde_json::value::RawValue;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

pub(crate) const SETS: [&str; 2] = ["patterns", "sigma"];

/// The folder with the recorded sets: the one that `GALOP_BENCH_DATA` names, or `../shared/data`.
fn folder() -> PathBuf {
    std::env::var_os("GALOP_BENCH_DATA")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"), PathBuf::from)
}

/// Returns the rules and the events of a set. If it is not available, returns none and writes a
/// message to standard error.
pub(crate) fn set(name: &str) -> Option<(Vec<String>, Vec<Vec<u8>>)> {
    let (rules, events) = match name {
        "patterns" => ("patterns-real.jsonl", "events-real.ndjson.gz"),
        "sigma" => ("rules-sigma.jsonl.gz", "events-security.ndjson.gz"),
        _ => panic!("no set of recorded rules has the name {name}"),
    };
    let folder = folder();
    match (read(&folder.join(rules)), read(&folder.join(events))) {
        (Ok(rules), Ok(events)) => {
            let events = lines(&events).map(<[u8]>::to_vec).collect();
            Some((lines(&rules).map(pattern).collect(), events))
        }
        (Err(error), _) | (_, Err(error)) => {
            eprintln!(
                "left out: the recorded set `{name}`, whose files are not in {}: {error}",
                folder.display()
            );
            None
        }
    }
}

fn read(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(path)?;
    if path.extension().is_none_or(|extension| extension != "gz") {
        return Ok(bytes);
    }
    let mut text = Vec::new();
    GzDecoder::new(&bytes[..]).read_to_end(&mut text)?;
    Ok(text)
}

fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split(|&byte| byte == b'\n').filter(|line| !line.is_empty())
}

fn pattern(line: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Line<'a> {
        #[serde(borrow)]
        pattern: &'a RawValue,
    }
    let line: Line = serde_json::from_slice(line).expect("a line of recorded rules has a pattern");
    line.pattern.get().to_owned()
}
