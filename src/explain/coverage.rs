//! [`Coverage`]: what many events reach of many rules.

use crate::id::RuleId;

use super::decomposition::{Costs, Decomposition};
use super::held::Held;

/// Counts over many events: how often each rule, field and alternative holds, and the nearest event
/// of each rule that has not matched.
///
/// The events are matched with [`Decomposition::rule_set`], on any number of threads. Memory is in
/// proportion to the rules, however many events there are. `P` is the place of an event, which the
/// caller chooses.
///
/// ```
/// use galop::explain::{Coverage, Decomposition};
/// use galop::{Matcher, RuleSet, Scratch};
///
/// let mut rules = RuleSet::new();
/// let rule = rules.add(r#"{"source":["aws.ec2"],"detail":{"state":["stopped"]}}"#)?;
/// let decomposition = Decomposition::new(&rules)?;
/// let matcher = Matcher::new(decomposition.rule_set())?;
///
/// let mut coverage = Coverage::new(&decomposition);
/// let mut scratch = Scratch::new();
/// for (line, event) in [r#"{"source":"aws.s3"}"#, r#"{"source":"aws.ec2"}"#].iter().enumerate() {
///     coverage.add(matcher.matches(&mut scratch, event.as_bytes())?, &line);
/// }
/// assert_eq!(coverage.hits(rule), 0);
/// let nearest = coverage.nearest(rule).expect("a field has held");
/// assert_eq!((nearest.place, nearest.failing, nearest.failed()), (1, 1, &[0, 1][..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Coverage<'d, P> {
    decomposition: &'d Decomposition,
    events: u64,
    /// For each rule and part.
    hits: Vec<u64>,
    /// For each field part, by its number after the rules, the rules that have it.
    users: Vec<Vec<u32>>,
    nearest: Vec<Option<Nearest<P>>>,
    held: Held,
    costs: Costs,
    /// For each rule, the last event that it was examined for.
    examined: Vec<u64>,
}

/// The events that come nearest to a rule.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Nearest<P> {
    /// The place of the first such event.
    pub place: P,
    /// The number of failing fields: in the branch of the rule that has the fewest.
    pub failing: usize,
    /// The number of events with as few failing fields.
    pub events: u64,
    failed: Box<[u64]>,
}

impl<P> Nearest<P> {
    /// Returns, for each field of the rule, how many of the nearest events it failed for. The order
    /// is the order of [`Decomposition::fields`].
    #[must_use]
    pub fn failed(&self) -> &[u64] {
        &self.failed
    }
}

impl<'d, P: Clone> Coverage<'d, P> {
    /// Returns counts without events.
    #[must_use]
    pub fn new(decomposition: &'d Decomposition) -> Coverage<'d, P> {
        let (rules, all) = (decomposition.rules(), decomposition.rule_set().len());
        let mut users = vec![Vec::new(); all - rules];
        for rule in 0..rules as u32 {
            for field in decomposition.fields(RuleId::new(rule)).iter().filter(|field| field.is_in_play()) {
                let users: &mut Vec<u32> = &mut users[field.id().as_usize() - rules];
                if users.last() != Some(&rule) {
                    users.push(rule);
                }
            }
        }
        Coverage {
            decomposition,
            events: 0,
            hits: vec![0; all],
            users,
            nearest: (0..rules).map(|_| None).collect(),
            held: Held::default(),
            costs: Costs::default(),
            examined: vec![0; rules],
        }
    }

    /// Counts an event, with the ids that a matcher of [`Decomposition::rule_set`] has found. Ids that
    /// the set does not have are ignored.
    ///
    /// Takes time in proportion to the ids, and to the fields of rules that have not matched yet and
    /// of which a field holds.
    pub fn add(&mut self, ids: &[RuleId], place: &P) {
        self.events += 1;
        self.held.set(ids);
        for id in ids {
            if let Some(hits) = self.hits.get_mut(id.as_usize()) {
                *hits += 1;
            }
        }
        let rules = self.decomposition.rules();
        for id in ids {
            let users = id.as_usize().checked_sub(rules).and_then(|part| self.users.get(part));
            for &rule in users.map_or(&[][..], Vec::as_slice) {
                let index = rule as usize;
                // A rule that has matched needs no nearest event.
                if self.hits[index] == 0 && self.examined[index] != self.events {
                    self.examined[index] = self.events;
                    examine(
                        (self.decomposition, RuleId::new(rule)),
                        (&self.held, &mut self.costs),
                        &mut self.nearest[index],
                        place,
                    );
                }
            }
        }
    }

    /// Returns the number of events.
    #[must_use]
    pub fn events(&self) -> u64 {
        self.events
    }

    /// Returns the number of events that match a rule or a part: an id of
    /// [`Decomposition::rule_set`].
    #[must_use]
    pub fn hits(&self, id: RuleId) -> u64 {
        self.hits.get(id.as_usize()).copied().unwrap_or_default()
    }

    /// Returns the events that come nearest to a rule that has not matched. `None` if the rule has
    /// matched, or if none of its fields has held.
    #[must_use]
    pub fn nearest(&self, rule: RuleId) -> Option<&Nearest<P>> {
        let nearest = self.nearest.get(rule.as_usize())?.as_ref();
        nearest.filter(|_| self.hits(rule) == 0)
    }
}

/// Compares an event with the nearest one of a rule.
fn examine<P: Clone>(
    (decomposition, rule): (&Decomposition, RuleId),
    (held, costs): (&Held, &mut Costs),
    nearest: &mut Option<Nearest<P>>,
    place: &P,
) {
    let Some(shape) = decomposition.shape(rule) else { return };
    let failing = shape.failing(held, costs) as usize;
    match nearest {
        Some(nearest) if failing > nearest.failing => return,
        Some(nearest) if failing == nearest.failing => {}
        _ => {
            let failed = vec![0; shape.fields.len()].into();
            *nearest = Some(Nearest { place: place.clone(), failing, events: 0, failed });
        }
    }
    if let Some(nearest) = nearest {
        nearest.events += 1;
        for field in shape.nearest(held, costs) {
            nearest.failed[field as usize] += u64::from(!held.has(shape.fields[field as usize].id()));
        }
    }
}
