//! The sources of rules and events. The rules and events of a world were made, written or recorded
//! for each other.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use galop::{PatternLimits, RuleSet};
use galop_harness::cases::{self, Limits};
use galop_harness::generate::Dice;
use galop_harness::generate::{combined_rules_and_events, rules_and_events};
use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::recorded;
use crate::workload::Workload;

/// Longer events would take too much of a round.
const LONGEST_EVENT: usize = 32 << 10;
const LONGEST_RULE: usize = 32 << 10;

/// The number of events of a workload, and the number of generated cases of a round.
const EVENTS: usize = 200;
const CASES: usize = 300;

pub(crate) struct World {
    pub(crate) name: String,
    pub(crate) rules: Vec<String>,
    pub(crate) events: Vec<Vec<u8>>,
    checker: RuleSet,
    seen: HashSet<Vec<u8>>,
}

impl World {
    pub(crate) fn new(name: &str) -> World {
        World {
            name: name.to_owned(),
            rules: Vec::new(),
            events: Vec::new(),
            checker: checker(),
            seen: HashSet::new(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty() || self.events.is_empty()
    }

    /// Adds a rule if its pattern is valid, new and not too long.
    pub(crate) fn add_rule(&mut self, pattern: &[u8]) {
        if let Ok(text) = std::str::from_utf8(pattern)
            && text.len() <= LONGEST_RULE
            && self.seen.insert(pattern.to_vec())
            && self.checker.add(text).is_ok()
        {
            self.rules.push(text.to_owned());
        }
    }

    /// Adds an event, valid or not, if it is new and not too long.
    pub(crate) fn add_event(&mut self, event: &[u8]) {
        if event.len() <= LONGEST_EVENT && self.seen.insert(event.to_vec()) {
            self.events.push(event.to_vec());
        }
    }
}

/// Returns a set that accepts the rules of a round. Its limits bound the number of expanded
/// branches.
pub(crate) fn checker() -> RuleSet {
    let mut limits = PatternLimits::default();
    limits.combinations = 1_000;
    RuleSet::with_limits(limits)
}

/// The worlds and their weights. The weight is the relative frequency.
pub(crate) struct Worlds {
    worlds: Vec<(usize, Source)>,
}

enum Source {
    /// New for each round.
    Generated,
    Fixed(Box<World>),
}

impl Worlds {
    /// Returns the worlds of the project, and the recorded worlds.
    pub(crate) fn new(recorded: Vec<World>) -> Result<Worlds, String> {
        let mut worlds = vec![(4, Source::Generated)];
        let fixed = |world| Source::Fixed(Box::new(world));
        worlds.push((2, fixed(corpus_cases()?)));
        worlds.push((2, fixed(corpus_sample()?)));
        for family in ["W1", "W2", "W3", "adversarial"] {
            worlds.push((1, fixed(workloads(family)?)));
        }
        worlds.extend(recorded.into_iter().map(|world| (3, fixed(world))));
        Ok(Worlds { worlds })
    }

    /// Returns the sizes of all worlds, as text for people.
    pub(crate) fn describe(&self) -> Vec<String> {
        let describe = |source: &Source| match source {
            Source::Generated => "generated: anew in each round".to_owned(),
            Source::Fixed(world) => {
                format!("{}: {} rules, {} events", world.name, world.rules.len(), world.events.len())
            }
        };
        self.worlds.iter().map(|(_, source)| describe(source)).collect()
    }

    /// Draws a world, and calls `with` for it.
    pub(crate) fn draw<T>(&self, dice: &mut Dice, with: impl FnOnce(&mut Dice, &World) -> T) -> T {
        let mut at = dice.below(self.worlds.iter().map(|(weight, _)| weight).sum());
        let drawn = self.worlds.iter().find(|(weight, _)| {
            let is_drawn = at < *weight;
            at = at.wrapping_sub(*weight);
            is_drawn
        });
        match &drawn.expect("the weights are all counted").1 {
            Source::Fixed(world) => with(dice, world),
            Source::Generated => {
                let world = generated(dice);
                with(dice, &world)
            }
        }
    }
}

/// Returns rules and events of the test generators. Few have many combinations of `$or`s.
fn generated(dice: &mut Dice) -> World {
    let mut world = World::new("generated");
    let seed: Vec<u8> = (0..4).flat_map(|_| dice.bits().to_le_bytes()).collect();
    let mut runner =
        TestRunner::new_with_rng(Config::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    for case in 0..CASES {
        let tree = if case % 50 == 0 {
            combined_rules_and_events(2, 4).new_tree(&mut runner).map(|tree| tree.current())
        } else {
            rules_and_events(6, 4).new_tree(&mut runner).map(|tree| tree.current())
        };
        let (rules, events) = tree.expect("the generators refuse nothing");
        rules.iter().for_each(|rule| world.add_rule(rule.as_bytes()));
        events.iter().for_each(|event| world.add_event(event.as_bytes()));
    }
    world
}

fn corpus(part: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus").join(part)
}

fn corpus_cases() -> Result<World, String> {
    let mut world = World::new("corpus/cases");
    let cases = cases::read(&corpus("cases")).map_err(|error| error.to_string())?;
    for case in cases.iter().filter(|case| case.limits == Limits::Default && case.pattern.len() < 2_000) {
        world.add_rule(&case.pattern);
        if let Some(event) = case.event.as_ref().filter(|event| event.len() < 4_000) {
            world.add_event(event);
        }
    }
    Ok(world)
}

/// The sample of the corpus: folders of files with JSON lines.
fn corpus_sample() -> Result<World, String> {
    let mut world = World::new("corpus/events");
    for file in files(&corpus("rulesets"))? {
        recorded::add_rules(&mut world, &file)?;
    }
    for file in files(&corpus("events"))? {
        recorded::add_events(&mut world, &file)?;
    }
    Ok(world)
}

/// Returns the files of a folder in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let entries = fs::read_dir(folder).and_then(|entries| entries.collect::<Result<Vec<_>, _>>());
    let entries = entries.map_err(|error| format!("{}: {error}", folder.display()))?;
    let mut files: Vec<PathBuf> = entries.into_iter().map(|entry| entry.path()).collect();
    files.sort();
    Ok(files)
}

/// Returns the workloads of the benches of one family.
fn workloads(family: &str) -> Result<World, String> {
    let mut world = World::new(family);
    let names = Workload::names();
    let is_large = |name: &String| name.split_once("/rules=").is_some_and(|(_, rules)| rules.len() > 4);
    for name in names.iter().filter(|name| name.starts_with(family) && !is_large(name)) {
        let events = if family == "W3" { 2 } else { EVENTS };
        if let Some(workload) = Workload::named(name, events) {
            workload.rules.iter().for_each(|rule| world.add_rule(rule.as_bytes()));
            workload.events.iter().for_each(|event| world.add_event(event));
        }
    }
    if world.is_empty() { Err(format!("the benches have no workload {family}")) } else { Ok(world) }
}
