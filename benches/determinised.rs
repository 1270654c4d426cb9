//! A model of a lazily determinised automaton that decides on one field after the other, for
//! comparison with the engine.
//!
//! A state is the set of rules that may still match, and the next path that one of them names. The
//! transition depends on the class of the values on the path, which is the set of satisfied field
//! tests. States and transitions are made when an event first needs them, and kept. The model
//! counts how often transitions are looked up and made, and how many are kept. The model does not
//! measure their time.
//!
//! ```text
//! cargo bench --bench determinised
//! cargo bench --bench determinised -- W2/rules=1000
//! ```
//!
//! Rules with `$or` are left out.

#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use std::collections::HashMap;

use galop::{Matcher, RuleSet, Scratch};
use workload::{Workload, builder, event_count, total, trial};

fn main() {
    let names: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let names = match (names.is_empty(), trial()) {
        (false, _) => names,
        (true, true) => ["W2/rules=10", "W2/rules=100"].map(str::to_owned).to_vec(),
        (true, false) => ["W1/exact", "W2/rules=100", "W2/rules=1000", "W2/rules=10000", "W2/hot/rules=1000"]
            .into_iter()
            .chain(["recorded/patterns"])
            .map(str::to_owned)
            .collect(),
    };
    println!(
        "{:24} {:>7} {:>7} {:>11} {:>17} {:>11} {:>8}",
        "", "rules", "events", "steps/event", "new steps/event*", "states", "KB"
    );
    for name in names {
        match Workload::named(&name, event_count()) {
            Some(workload) => measure(workload),
            None => println!("{name:24} is not at hand"),
        }
    }
    println!("* over the last quarter of the events");
}

fn measure(mut workload: Workload) {
    workload.rules.retain(|rule| !rule.contains("$or"));
    let matcher = workload.matcher(&builder());
    let expected = total(&matcher, &mut Scratch::new(), &workload.events);
    let mut automaton = Automaton::new(&workload.rules);
    let warm = workload.events.len() * 3 / 4;
    let mut matches = 0;
    let mut steps_when_warm = 0;
    for (at, event) in workload.events.iter().enumerate() {
        if at == warm {
            steps_when_warm = automaton.transitions.len();
        }
        matches += automaton.matches(event);
    }
    assert_eq!(matches, expected, "{}: the model finds what the engine finds", workload.name);
    let per = |count: usize, events: usize| count as f64 / events as f64;
    println!(
        "{:24} {:>7} {:>7} {:>11.1} {:>17.2} {:>11} {:>8}",
        workload.name,
        workload.rules.len(),
        workload.events.len(),
        per(automaton.steps, workload.events.len()),
        per(automaton.transitions.len() - steps_when_warm, workload.events.len() - warm),
        automaton.states.len(),
        automaton.bytes() / 1024,
    );
}

/// A path, and the tests of one rule on it, as JSON.
type Field = (String, String);

struct Automaton {
    /// For each rule, the positions of its paths in the order of the automaton, with the numbers of
    /// its field tests.
    rules: Vec<Vec<(usize, u32)>>,
    /// For each field test, the position of its path.
    places: Vec<usize>,
    /// The matcher that finds the satisfied field tests of an event.
    tests: Matcher,
    scratch: Scratch,
    states: Vec<State>,
    known: HashMap<State, u32>,
    classes: HashMap<(usize, Vec<u32>), u32>,
    /// Maps a state and a class to a state.
    transitions: HashMap<(u32, u32), u32>,
    steps: usize,
}

#[derive(Clone, Debug, Eq, Hash, PartialEq)]
struct State {
    /// The position of the next path that a live rule names. None if all rules are decided.
    next: Option<usize>,
    live: Vec<u32>,
}

impl Automaton {
    fn new(patterns: &[String]) -> Automaton {
        let fields: Vec<Vec<Field>> = patterns.iter().map(|pattern| fields(pattern)).collect();
        let mut uses: HashMap<&str, usize> = HashMap::new();
        for (path, _) in fields.iter().flatten() {
            *uses.entry(path).or_default() += 1;
        }
        // The paths of most rules come first. Of several orders, this has the fewest states.
        let mut order: Vec<&str> = uses.keys().copied().collect();
        order.sort_by_key(|path| (usize::MAX - uses[path], *path));
        let place: HashMap<&str, usize> = order.iter().enumerate().map(|(at, path)| (*path, at)).collect();

        let mut numbers: HashMap<&Field, u32> = HashMap::new();
        let (mut places, mut tests) = (Vec::new(), RuleSet::new());
        for field in fields.iter().flatten() {
            numbers.entry(field).or_insert_with(|| {
                places.push(place[field.0.as_str()]);
                tests.add(&alone(field)).expect("a field is a pattern").as_usize() as u32
            });
        }
        let numbered = |(path, test): &Field| (place[path.as_str()], numbers[&(path.clone(), test.clone())]);
        let mut rules: Vec<Vec<_>> =
            fields.iter().map(|fields| fields.iter().map(numbered).collect()).collect();
        rules.iter_mut().for_each(|fields| fields.sort_unstable());
        let mut automaton = Automaton {
            places,
            tests: builder().build(&tests).expect("fields are within the limits"),
            scratch: Scratch::new(),
            states: Vec::new(),
            known: HashMap::new(),
            classes: HashMap::new(),
            transitions: HashMap::new(),
            steps: 0,
            rules,
        };
        automaton.state(0, (0..patterns.len() as u32).collect());
        automaton
    }

    /// Returns the state in which the `live` rules may match, and the paths before `from` are
    /// decided.
    fn state(&mut self, from: usize, live: Vec<u32>) -> u32 {
        let paths = live.iter().flat_map(|&rule| &self.rules[rule as usize]).map(|field| field.0);
        let state = State { next: paths.filter(|place| *place >= from).min(), live };
        let states = &mut self.states;
        *self.known.entry(state.clone()).or_insert_with(|| {
            states.push(state);
            states.len() as u32 - 1
        })
    }

    /// Returns the number of rules that an event matches.
    fn matches(&mut self, event: &[u8]) -> usize {
        let held = self.tests.matches(&mut self.scratch, event).expect("the events are valid");
        let mut classes: HashMap<usize, Vec<u32>> = HashMap::new();
        for id in held {
            classes.entry(self.places[id.as_usize()]).or_default().push(id.as_usize() as u32);
        }
        let mut at = 0;
        while let Some(place) = self.states[at as usize].next {
            self.steps += 1;
            let held = classes.remove(&place).unwrap_or_default();
            let count = self.classes.len() as u32;
            let class = *self.classes.entry((place, held.clone())).or_insert(count);
            at = match self.transitions.get(&(at, class)) {
                Some(&next) => next,
                None => {
                    let holds = |rule: &u32| {
                        let mut fields = self.rules[*rule as usize].iter();
                        fields.all(|(other, test)| *other != place || held.binary_search(test).is_ok())
                    };
                    let live = self.states[at as usize].live.iter().copied().filter(holds).collect();
                    let next = self.state(place + 1, live);
                    self.transitions.insert((at, class), next);
                    next
                }
            };
        }
        self.states[at as usize].live.len()
    }

    /// Returns the minimum memory of states and transitions.
    fn bytes(&self) -> usize {
        let live: usize = self.states.iter().map(|state| 8 + 4 * state.live.len()).sum();
        live + self.transitions.len() * 12
    }
}

/// Returns the fields of a pattern.
fn fields(pattern: &str) -> Vec<Field> {
    fn walk(path: &str, value: &serde_json::Value, fields: &mut Vec<Field>) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, value) in members {
                    walk(
                        &if path.is_empty() { name.clone() } else { format!("{path}.{name}") },
                        value,
                        fields,
                    );
                }
            }
            tests => fields.push((path.to_owned(), tests.to_string())),
        }
    }
    let mut all = Vec::new();
    walk("", &serde_json::from_str(pattern).expect("patterns are JSON"), &mut all);
    all
}

/// Returns the pattern with the field alone. A name with dots is the path of its parts.
fn alone((path, tests): &Field) -> String {
    format!("{{{}:{tests}}}", serde_json::to_string(path).expect("a name is JSON"))
}
