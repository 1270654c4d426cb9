//! Rules and events from files: JSON lines, as text or compressed with gzip.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use flate2::read::MultiGzDecoder;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::worlds::World;

/// A line with more than a pattern. A line with a pattern and an event is a case.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    pattern: &'a RawValue,
    #[serde(borrow)]
    event: Option<&'a RawValue>,
}

/// Returns the world of `NAME=RULES` or `NAME=RULES,EVENTS`. Without a file of events, the lines of
/// rules are cases.
pub(crate) fn world(given: &str) -> Result<World, String> {
    let (name, files) = given.split_once('=').ok_or_else(|| format!("{given} is not NAME=RULES,EVENTS"))?;
    let (rules, events) =
        files.split_once(',').map_or((files, None), |(rules, events)| (rules, Some(events)));
    let mut world = World::new(name);
    add_rules(&mut world, Path::new(rules))?;
    if let Some(events) = events {
        add_events(&mut world, Path::new(events))?;
    }
    if world.is_empty() { Err(format!("{given} has no valid rule, or no event")) } else { Ok(world) }
}

/// Adds the rule of each line, which is the member `pattern` or the line itself. The event of the
/// line is added too.
pub(crate) fn add_rules(world: &mut World, file: &Path) -> Result<(), String> {
    for line in read(file)?.lines().filter(|line| !line.trim().is_empty()) {
        match serde_json::from_str::<Line>(line) {
            Ok(line) => {
                world.add_rule(text(line.pattern).as_bytes());
                if let Some(event) = line.event {
                    world.add_event(text(event).as_bytes());
                }
            }
            Err(_) => world.add_rule(line.as_bytes()),
        }
    }
    Ok(())
}

/// Adds each line as an event.
pub(crate) fn add_events(world: &mut World, file: &Path) -> Result<(), String> {
    for line in read(file)?.lines().filter(|line| !line.trim().is_empty()) {
        world.add_event(line.as_bytes());
    }
    Ok(())
}

/// Returns the text of a pattern or an event, which may be inside a string.
fn text(raw: &RawValue) -> String {
    serde_json::from_str(raw.get()).unwrap_or_else(|_| raw.get().to_owned())
}

fn read(file: &Path) -> Result<String, String> {
    let read = || -> io::Result<String> {
        let mut bytes = fs::read(file)?;
        if bytes.starts_with(&[0x1f, 0x8b]) {
            let mut text = Vec::new();
            MultiGzDecoder::new(&bytes[..]).read_to_end(&mut text)?;
            bytes = text;
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    };
    read().map_err(|error| format!("{}: {error}", file.display()))
}
