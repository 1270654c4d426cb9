//! The judge of a replay: finds the fate of each event for each rule, on the threads of the pipeline.
//!
//! A rule of one set and a rule of the other with the same id are one [`Rule`]. An event and a rule
//! have a [`Fate`], and an event that is not replayed has a [`Skip`]. Both are numbers, so that a
//! batch of the pipeline has them as ids, and the counts of the stream count them.

use std::collections::HashMap;
use std::iter;

use galop::{EventError, Matcher, RuleId, Scratch};

use crate::judge::Judge;
use crate::prefilter::{Screen, ScreenMemory};

use super::replay_name::ReplayName;
use super::window::{Timing, Window};

/// A rule of either set or of both.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) sets: Sets,
}

/// The sets that have a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Sets {
    Both,
    /// Only the set of `--rules`.
    Rules,
    /// Only the set of `--against`.
    Against,
}

/// The meaning of an event for a rule.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Fate {
    /// The event matches in both sets, or in the only set.
    Kept,
    /// The event matches with `--rules` and not with `--against`.
    Gained,
    /// The event matches with `--against` and not with `--rules`.
    Lost,
}

/// The reason why an event is not replayed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Skip {
    OutsideWindow,
    WithoutTime,
    UnreadableTime,
    OutsidePattern,
    /// One set refuses the event, and the other does not.
    RefusedByOne,
}

impl Skip {
    pub(super) const ALL: [Skip; 5] = [
        Skip::OutsideWindow,
        Skip::WithoutTime,
        Skip::UnreadableTime,
        Skip::OutsidePattern,
        Skip::RefusedByOne,
    ];
}

/// The meaning of the ids of a replay.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ids {
    rules: u32,
}

/// The meaning of an id.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Finding {
    /// The fate of an event for the rule with this index.
    Rule(usize, Fate),
    Skip(Skip),
}

impl Ids {
    const FATES: [Fate; 3] = [Fate::Kept, Fate::Gained, Fate::Lost];

    /// Returns `None` if there are too many rules.
    pub(super) fn new(rules: usize) -> Option<Ids> {
        let rules = u32::try_from(rules).ok()?;
        rules.checked_mul(3)?.checked_add(Skip::ALL.len() as u32)?;
        Some(Ids { rules })
    }

    pub(super) fn rule(self, rule: usize, fate: Fate) -> RuleId {
        RuleId::new(fate as u32 * self.rules + rule as u32)
    }

    pub(super) fn skip(self, skip: Skip) -> RuleId {
        RuleId::new(3 * self.rules + skip as u32)
    }

    pub(super) fn finding(self, id: RuleId) -> Finding {
        let (number, rules) = (id.as_usize(), self.rules as usize);
        match Skip::ALL.get(number.wrapping_sub(3 * rules)) {
            Some(skip) => Finding::Skip(*skip),
            None => Finding::Rule(number % rules, Ids::FATES[number / rules]),
        }
    }

    /// Returns the number of ids.
    pub(super) fn len(self) -> usize {
        3 * self.rules as usize + Skip::ALL.len()
    }
}

/// Returns the rules of two sets, those of `rules` first, and the index of each rule of `against`.
pub(super) fn join(rules: Vec<String>, against: Option<Vec<String>>) -> (Vec<Rule>, Vec<u32>) {
    let both = if against.is_some() { Sets::Rules } else { Sets::Both };
    let mut joined: Vec<Rule> = rules.into_iter().map(|id| Rule { id, sets: both }).collect();
    let by_id: HashMap<String, usize> = iter::zip(joined.iter().map(|rule| rule.id.clone()), 0..).collect();
    let mut indices = Vec::new();
    for id in against.into_iter().flatten() {
        let index = match by_id.get(&id) {
            Some(&index) => {
                joined[index].sets = Sets::Both;
                index
            }
            None => {
                joined.push(Rule { id, sets: Sets::Against });
                joined.len() - 1
            }
        };
        indices.push(index as u32);
    }
    (joined, indices)
}

/// The events that are replayed, and the sets through which they go.
pub(super) struct Route {
    pub(super) window: Window,
    /// The pattern of the archive.
    pub(super) pattern: Option<Matcher>,
    pub(super) name: Option<ReplayName>,
    pub(super) rules: Matcher,
    pub(super) against: Option<Against>,
    pub(super) ids: Ids,
    /// The literals of the rules of both sets.
    pub(super) screen: Option<Screen>,
}

/// The set to compare with.
pub(super) struct Against {
    pub(super) matcher: Matcher,
    /// The index of each rule of the set.
    pub(super) indices: Vec<u32>,
}

/// The memory of a thread. Each matcher has its own scratch: a shared one would be prepared for each call.
#[derive(Default)]
pub(super) struct Memory {
    pattern: Scratch,
    rules: Scratch,
    against: Scratch,
    screen: ScreenMemory,
    /// The event with the name of the replay.
    named: Vec<u8>,
    /// The indices of the rules of `against` that match.
    found: Vec<u32>,
}

impl Judge for Route {
    type Memory = Memory;

    fn most_ids(&self) -> usize {
        self.rules.stats().rules + self.against.as_ref().map_or(1, |against| against.indices.len())
    }

    fn judge(&self, memory: &mut Memory, event: &[u8], ids: &mut Vec<RuleId>) -> Result<(), EventError> {
        if let Some(skip) = self.skip(memory, event)? {
            ids.push(self.ids.skip(skip));
            return Ok(());
        }
        if let Some(screen) = &self.screen {
            let Memory { screen: memory, rules, against, .. } = memory;
            let matching = |event: &[u8]| {
                drop(self.rules.matches(rules, event));
                if let Some(other) = &self.against {
                    drop(other.matcher.matches(against, event));
                }
            };
            if screen.rules_out(memory, event, matching) {
                return Ok(());
            }
        }
        let mut named = std::mem::take(&mut memory.named);
        let is_named = self.name.as_ref().is_some_and(|name| name.add(event, &mut named));
        let mut result = self.compare(memory, if is_named { &named } else { event }, ids);
        if is_named && result.is_err() {
            // The offset of the fault counts in the event without the name.
            let before = ids.len();
            if let Err(error) = self.compare(memory, event, ids) {
                result = Err(error);
            }
            ids.truncate(before);
        }
        memory.named = named;
        result
    }
}

impl Route {
    /// Returns the reason why an event is not replayed.
    fn skip(&self, memory: &mut Memory, event: &[u8]) -> Result<Option<Skip>, EventError> {
        if !self.window.is_open() {
            match self.window.timing(event) {
                Some(Timing::Inside) => {}
                Some(Timing::Outside) => return Ok(Some(Skip::OutsideWindow)),
                Some(Timing::Missing) => return Ok(Some(Skip::WithoutTime)),
                Some(Timing::Unreadable) => return Ok(Some(Skip::UnreadableTime)),
                None => {
                    // The matcher has the reason why the text is not an event. A matcher that trusts
                    // the text may find none.
                    self.rules.check(&mut memory.rules, event)?;
                    return Ok(Some(Skip::UnreadableTime));
                }
            }
        }
        match &self.pattern {
            Some(pattern) if !pattern.is_match(&mut memory.pattern, event)? => Ok(Some(Skip::OutsidePattern)),
            _ => Ok(None),
        }
    }

    /// Appends the rules that an event matches in either set, each with its fate.
    fn compare(&self, memory: &mut Memory, event: &[u8], ids: &mut Vec<RuleId>) -> Result<(), EventError> {
        let Memory { rules, against, found, .. } = memory;
        let matches = self.rules.matches(rules, event);
        let Some(other) = &self.against else {
            ids.extend(matches?.iter().map(|id| self.ids.rule(id.as_usize(), Fate::Kept)));
            return Ok(());
        };
        let (matches, others) = match (matches, other.matcher.matches(against, event)) {
            (Ok(matches), Ok(others)) => (matches, others),
            (Err(error), Err(_)) => return Err(error),
            _ => {
                ids.push(self.ids.skip(Skip::RefusedByOne));
                return Ok(());
            }
        };
        found.clear();
        found.extend(others.iter().map(|id| other.indices[id.as_usize()]));
        found.sort_unstable();
        let mut lost = found.iter().map(|index| *index as usize).peekable();
        for index in matches.iter().map(|id| id.as_usize()) {
            while let Some(lost) = lost.next_if(|lost| *lost < index) {
                ids.push(self.ids.rule(lost, Fate::Lost));
            }
            let is_kept = lost.next_if_eq(&index).is_some();
            ids.push(self.ids.rule(index, if is_kept { Fate::Kept } else { Fate::Gained }));
        }
        ids.extend(lost.map(|lost| self.ids.rule(lost, Fate::Lost)));
        Ok(())
    }

    /// Returns the error of the set that refuses an event, and the option that names the set.
    pub(super) fn refusal(&self, event: &[u8]) -> Option<(&'static str, EventError)> {
        let mut named = Vec::new();
        let is_named = self.name.as_ref().is_some_and(|name| name.add(event, &mut named));
        let event = if is_named { &named } else { event };
        let mut scratch = Scratch::new();
        let against = self.against.as_ref().map(|against| ("--against", &against.matcher));
        let sets = iter::once(("--rules", &self.rules)).chain(against);
        sets.filter_map(|(set, matcher)| Some((set, matcher.matches(&mut scratch, event).err()?))).next()
    }
}

#[cfg(test)]
mod tests {
    use super::{Fate, Finding, Ids, Rule, Sets, Skip, join};

    #[test]
    fn ids_have_one_meaning() {
        let ids = Ids::new(5).unwrap();
        let mut numbers = Vec::new();
        for fate in Ids::FATES {
            for rule in 0..5 {
                let id = ids.rule(rule, fate);
                assert_eq!(ids.finding(id), Finding::Rule(rule, fate));
                numbers.push(id.as_usize());
            }
        }
        for skip in Skip::ALL {
            let id = ids.skip(skip);
            assert_eq!(ids.finding(id), Finding::Skip(skip));
            numbers.push(id.as_usize());
        }
        assert_eq!(numbers, (0..ids.len()).collect::<Vec<_>>());
        assert!(Ids::new(u32::MAX as usize / 3).is_none());
        let one = Ids::new(1).unwrap();
        assert_eq!(one.finding(one.rule(0, Fate::Lost)), Finding::Rule(0, Fate::Lost));
    }

    #[test]
    fn rules_are_joined_by_their_ids() {
        let ids = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let (rules, indices) = join(ids("a b c"), Some(ids("c d a")));
        let rule = |id: &str, sets| Rule { id: id.to_owned(), sets };
        let expected =
            [rule("a", Sets::Both), rule("b", Sets::Rules), rule("c", Sets::Both), rule("d", Sets::Against)];
        assert_eq!((rules.as_slice(), indices.as_slice()), (&expected[..], &[2, 3, 0][..]));
        assert_eq!(join(ids("a"), None).0, [rule("a", Sets::Both)]);
    }
}
