//! One round: random rules and events, and all comparisons.

use galop::pattern::Pattern;
use galop::{RuleSet, Scratch};
use galop_harness::check;
use galop_harness::generate::Dice;

use crate::alone::{Alone, Reference, references};
use crate::compare::{Fault, Question, caught};
use crate::minimise::{Case, minimise};
use crate::tally::{Tally, count};
use crate::tree::{Noise, Tree};
use crate::way::{Ask, Way, ways};
use crate::worlds::{World, Worlds, checker};
use crate::{change, made_rule};

const RULES: (usize, usize) = (50, 5_000);

/// The numbers of events in a round, and the maximum of their bytes times the rules.
const EVENTS: (usize, usize) = (8, 120);
const WORK: usize = 100 << 20;

/// The number of pairs of a rule and an event for the oracle, and the maximum sizes for which the
/// oracle is fast.
const ORACLE: usize = 10;
const ORACLE_BRANCHES: usize = 256;
const ORACLE_EVENT: usize = 4_000;

/// The random rules and events.
struct Drawn {
    texts: Vec<String>,
    rules: RuleSet,
    events: Vec<Vec<u8>>,
}

/// Runs a round, which depends only on its number, the seed and the worlds.
///
/// # Errors
///
/// A report for people, if any answers differ.
pub(crate) fn round(worlds: &Worlds, seed: u64, number: u64) -> Result<Tally, String> {
    let mut dice = Dice::new(Dice::new(seed).bits().wrapping_add(number));
    let mut tally = Tally { rounds: 1, ..Tally::default() };
    let drawn = worlds.draw(&mut dice, |dice, world| {
        count(&mut tally.by_world, &world.name, 1);
        draw(dice, world, worlds)
    });
    let events: Vec<&[u8]> = drawn.events.iter().map(Vec::as_slice).collect();
    tally.rules = drawn.rules.len() as u64;
    tally.events = events.len() as u64;

    let mut scratch = Scratch::new();
    let references = caught(|| references(&drawn.rules, &events, &mut scratch))
        .map_err(|what| format!("a rule alone panics: {what}"))?
        .map_err(|(at, what)| format!("{what}\nevent: {}", check::lossy(events[at])))?;
    tally.alone = tally.rules * tally.events;
    for reference in &references {
        match &reference.answer {
            Alone::Fits(fits) => tally.hits += fits.iter().filter(|fits| **fits).count() as u64,
            Alone::Refused(_) => tally.errors += tally.rules,
        }
    }
    by_oracle(&mut dice, &drawn, &references, &mut tally)?;

    let branches = drawn.rules.iter().map(|(_, pattern)| pattern.combinations()).sum();
    for way in ways(&mut dice, drawn.rules.len(), branches) {
        let matcher = caught(|| match way.order.len() == drawn.rules.len() && way.order.is_sorted() {
            true => way.matcher(&drawn.rules),
            false => way.matcher(&in_order(&way, &drawn.rules)),
        });
        let matcher = matcher.map_err(|what| format!("{way}: no matcher: {what}"))?;
        for &ask in way.asks {
            let question = Question { way: &way, matcher: &matcher, references: &references };
            if let Err((at, what)) = question.ask(ask, &mut scratch, &mut tally) {
                let rules = way.order.iter().map(|&rule| drawn.texts[rule].clone()).collect();
                let case = Case { rules, event: events[at].to_vec() };
                return Err(report(&way, ask, case, &what));
            }
        }
    }
    Ok(tally)
}

/// Returns the rules of a way in their order.
fn in_order(way: &Way, rules: &RuleSet) -> RuleSet {
    let patterns: Vec<&Pattern> = rules.iter().map(|(_, pattern)| pattern).collect();
    let mut set = RuleSet::new();
    for &rule in &way.order {
        set.add_pattern(patterns[rule].clone()).expect("the set has room");
    }
    set
}

fn draw(dice: &mut Dice, world: &World, worlds: &Worlds) -> Drawn {
    let most = logarithmic(dice, RULES);
    let mut pool = Vec::new();
    for _ in 0..60 {
        if let Some(rule) = Tree::parse(&dice.pick(&world.rules)) {
            rule.scalars(&mut |raw| pool.push(raw.to_owned()));
        }
    }
    let (trees, events) = draw_events(dice, world, &pool, most);

    // The percentage of rules that are made from the events.
    let made = dice.pick(&[0, 0, 40, 70, 100]);
    let noise = Noise { escapes: dice.pick(&[0, 0, 0, 5]), blanks: dice.pick(&[0, 0, 0, 10]) };
    let (mut texts, mut rules) = (Vec::new(), checker());
    let mut add = |rule: String| {
        if rules.add(&rule).is_ok() {
            texts.push(rule);
        }
    };
    for turn in 0..most {
        if turn % 100 == 99 {
            worlds.draw(dice, |dice, other| add(dice.pick(&other.rules)));
        } else if !trees.is_empty() && dice.percent(made) {
            let of = dice.below(trees.len());
            add(made_rule::rule(dice, &trees[of], &pool).write(dice, noise));
        } else {
            add(dice.pick(&world.rules));
        }
    }
    Drawn { texts, rules, events }
}

/// Returns events, most of them changed, and the trees of the events.
fn draw_events(dice: &mut Dice, world: &World, pool: &[String], rules: usize) -> (Vec<Tree>, Vec<Vec<u8>>) {
    let (mut trees, mut events) = (Vec::new(), Vec::new());
    let mut bytes = 0;
    let addresses = dice.pick(&[0, 10, 60]);
    while events.len() < EVENTS.0 || events.len() < EVENTS.1 && bytes * rules < WORK {
        let mut text = dice.pick(&world.events);
        if let Some(mut tree) = std::str::from_utf8(&text).ok().and_then(Tree::parse) {
            let rate = dice.pick(&[0, 3, 10, 30]);
            change::event(dice, &mut tree, pool, rate);
            if dice.percent(addresses) {
                change::plant_addresses(dice, &mut tree);
            }
            if rate > 0 || dice.percent(20) {
                let noise = Noise { escapes: dice.pick(&[0, 0, 1, 20]), blanks: dice.pick(&[0, 0, 2, 30]) };
                text = tree.write(dice, noise).into_bytes();
            }
            trees.push(tree);
        }
        if dice.percent(4) {
            change::damage(dice, &mut text);
        }
        bytes += text.len();
        events.push(text);
    }
    (trees, events)
}

/// Returns a number between the two bounds, equally often below and above their geometric mean.
fn logarithmic(dice: &mut Dice, (low, high): (usize, usize)) -> usize {
    let share = (dice.bits() >> 11) as f64 / (1u64 << 53) as f64;
    (low as f64 * (high as f64 / low as f64).powf(share)).round() as usize
}

/// Compares some rules and events with the oracle, in each configuration of a matcher of one rule.
/// Half of the pairs match.
fn by_oracle(
    dice: &mut Dice,
    drawn: &Drawn,
    references: &[Reference],
    tally: &mut Tally,
) -> Result<(), String> {
    for turn in 0..ORACLE {
        let at = dice.below(drawn.events.len());
        let event = &drawn.events[at];
        let mut rule = dice.below(drawn.rules.len());
        if let Alone::Fits(fits) = &references[at].answer
            && turn % 2 == 0
        {
            rule = (rule..fits.len()).chain(0..rule).find(|&rule| fits[rule]).unwrap_or(rule);
        }
        let text = &drawn.texts[rule];
        let is_cheap = Pattern::parse(text).is_ok_and(|pattern| pattern.combinations() <= ORACLE_BRANCHES);
        if !is_cheap || event.len() > ORACLE_EVENT {
            continue;
        }
        let disagrees = |rules: &[String], event: &[u8]| {
            caught(|| check::engine_agrees_with_oracle(rules, &[event])).err()
        };
        if disagrees(std::slice::from_ref(text), event).is_some() {
            let case = Case { rules: vec![text.clone()], event: event.clone() };
            let case = minimise(case, |case| disagrees(&case.rules, &case.event).is_some());
            return Err(
                disagrees(&case.rules, &case.event).unwrap_or_else(|| "the oracle disagrees once".into())
            );
        }
        tally.by_oracle += 1;
    }
    Ok(())
}

/// Returns a report of the fault, with a smaller case that shows it.
fn report(way: &Way, ask: Ask, case: Case, what: &str) -> String {
    let alone_and_fresh = |case: &Case| fault(way, ask, case);
    let (case, what, note) = if alone_and_fresh(&case).is_some() {
        let case = minimise(case, |case| alone_and_fresh(case).is_some());
        let what = alone_and_fresh(&case).map_or_else(|| what.to_owned(), |(_, what)| what);
        (case, what, "")
    } else {
        (
            case,
            what.to_owned(),
            "It needs the round: what was asked before, or the threads, have a share in it.\n",
        )
    };
    let rules = case.rules.into_iter().map(String::into_bytes).collect();
    let readable = galop_harness::case::Case { rules, events: vec![case.event] };
    format!("{way}, asked {ask:?}: {what}\n{note}rules and event:\n{readable}")
}

/// Returns the fault of a case in a way, with a new scratch.
fn fault(way: &Way, ask: Ask, case: &Case) -> Option<Fault> {
    let mut rules = checker();
    if case.rules.iter().any(|rule| rules.add(rule).is_err()) {
        return None;
    }
    let way = Way { order: (0..rules.len()).collect(), ..way.clone() };
    let references = caught(|| references(&rules, &[&case.event], &mut Scratch::new())).ok()?.ok()?;
    match caught(|| way.matcher(&rules)) {
        Ok(matcher) => {
            let question = Question { way: &way, matcher: &matcher, references: &references };
            question.ask(ask, &mut Scratch::new(), &mut Tally::default()).err()
        }
        Err(what) => Some((0, what)),
    }
}
