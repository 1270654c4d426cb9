//! [`Coverage`]: the rules and the parts of rules that many events satisfy.

use crate::id::RuleId;

use super::decomposition::{Costs, Decomposition, Shape};
use super::held::Held;

/// Counts over many events: the number of events for which each rule, field and alternative holds,
/// and the nearest event of each rule that has not matched.
///
/// The events are matched with [`Decomposition::rule_set`], on any number of threads. The memory is in
/// proportion to the rules and does not grow with the events. `P` is the place of an event, which the
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
    /// For each rule, the last event that satisfied one of its fields, and the number of these fields.
    touched: Vec<(u64, u32)>,
    /// For each rule, the fewest fields of a branch.
    least: Vec<u32>,
    /// The rules that the event touched.
    rules: Vec<u32>,
}

/// The events with the fewest failing fields of a rule.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Nearest<P> {
    /// The place of the first of the events.
    pub place: P,
    /// The number of fields that fail for each of the events, in the branch with the fewest.
    pub failing: usize,
    /// The number of the events.
    pub events: u64,
    failed: Box<[u64]>,
}

impl<P> Nearest<P> {
    /// Returns, for each field of the rule, the number of the events for which the field fails. The
    /// order is the order of [`Decomposition::fields`].
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
        let mut costs = Costs::default();
        let shapes = (0..rules as u32).filter_map(|rule| decomposition.shape(RuleId::new(rule)));
        let least = shapes.map(|shape| shape.failing(&Held::default(), &mut costs)).collect();
        Coverage {
            decomposition,
            events: 0,
            hits: vec![0; all],
            users,
            nearest: (0..rules).map(|_| None).collect(),
            held: Held::default(),
            costs,
            least,
            touched: vec![(0, 0); rules],
            rules: Vec::new(),
        }
    }

    /// Counts an event, with the ids that a matcher of [`Decomposition::rule_set`] has found. Ids that
    /// the set does not have are ignored.
    ///
    /// Takes time in proportion to the ids and to the rules that have these parts. The fields of a rule
    /// that has not matched yet take time too, if one of them holds.
    pub fn add(&mut self, ids: &[RuleId], place: &P) {
        self.events += 1;
        self.held.set(ids);
        for id in ids {
            if let Some(hits) = self.hits.get_mut(id.as_usize()) {
                *hits += 1;
            }
        }
        let rules = self.decomposition.rules();
        self.rules.clear();
        for id in ids {
            let users = id.as_usize().checked_sub(rules).and_then(|part| self.users.get(part));
            for &rule in users.map_or(&[][..], Vec::as_slice) {
                let (event, count) = &mut self.touched[rule as usize];
                // A rule that has matched needs no nearest event.
                if *event == self.events {
                    *count += 1;
                } else if self.hits[rule as usize] == 0 {
                    (*event, *count) = (self.events, 1);
                    self.rules.push(rule);
                }
            }
        }
        for &rule in &self.rules {
            let Some(shape) = self.decomposition.shape(RuleId::new(rule)) else { continue };
            let nearest = &mut self.nearest[rule as usize];
            // The fields of a branch have different paths, so no more of them hold than were counted.
            let held = self.touched[rule as usize].1;
            let least = self.least[rule as usize].saturating_sub(held) as usize;
            if nearest.as_ref().is_some_and(|nearest| least > nearest.failing) {
                continue;
            }
            let failing = match shape.single() {
                Some(_) => least,
                None => shape.failing(&self.held, &mut self.costs) as usize,
            };
            if nearest.as_ref().is_none_or(|nearest| failing <= nearest.failing) {
                examine(shape, failing, (&self.held, &mut self.costs), nearest, place);
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

    /// Returns the nearest events of a rule. Returns `None` if the rule has matched, or if none of its
    /// fields has held.
    #[must_use]
    pub fn nearest(&self, rule: RuleId) -> Option<&Nearest<P>> {
        let nearest = self.nearest.get(rule.as_usize())?.as_ref();
        nearest.filter(|_| self.hits(rule) == 0)
    }
}

/// Counts an event that is at least as near as the nearest events of a rule.
fn examine<P: Clone>(
    shape: &Shape,
    failing: usize,
    (held, costs): (&Held, &mut Costs),
    nearest: &mut Option<Nearest<P>>,
    place: &P,
) {
    if nearest.as_ref().is_none_or(|nearest| failing < nearest.failing) {
        let failed = vec![0; shape.fields.len()].into();
        *nearest = Some(Nearest { place: place.clone(), failing, events: 0, failed });
    }
    let Some(nearest) = nearest else { return };
    nearest.events += 1;
    let mut count = |field: u32| {
        let fails = !held.has(shape.fields[field as usize].id());
        nearest.failed[field as usize] += u64::from(fails);
    };
    match shape.single() {
        Some(branch) => branch.fields.iter().copied().for_each(&mut count),
        None => shape.nearest(held, costs).into_iter().for_each(&mut count),
    }
}

#[cfg(test)]
mod tests {
    use super::Coverage;
    use crate::explain::Decomposition;
    use crate::id::RuleId;
    use crate::matcher::Matcher;
    use crate::rules::RuleSet;
    use crate::scratch::Scratch;

    const RULES: [&str; 4] = [
        r#"{"a":[1],"b":[2,3]}"#,
        r#"{"a":[1],"$or":[{"b":[2]},{"c":[5],"d":[6]}]}"#,
        r#"{"a":[1],"a":[2],"z":[1]}"#,
        r#"{"x":{"y":[1],"z":[2]}}"#,
    ];

    #[test]
    fn counts_and_nearest_events_are_those_of_each_event() {
        let rules: RuleSet = RULES.iter().map(|text| text.parse().unwrap()).collect();
        let decomposition = Decomposition::new(&rules).unwrap();
        let matcher = Matcher::new(decomposition.rule_set()).unwrap();
        let (mut coverage, mut scratch) = (Coverage::new(&decomposition), Scratch::new());
        let events = [
            r#"{"a":1,"b":9}"#,
            r#"{"a":1,"c":5,"b":9}"#,
            r#"{"a":7,"b":2}"#,
            r#"{"x":[{"y":1},{"z":2}]}"#,
            r#"{"q":1}"#,
        ];
        for (number, event) in events.iter().enumerate() {
            coverage.add(matcher.matches(&mut scratch, event.as_bytes()).unwrap(), &number);
        }
        let nearest = |rule: u32| {
            let nearest = coverage.nearest(RuleId::new(rule)).unwrap();
            (nearest.place, nearest.failing, nearest.events, nearest.failed().to_vec())
        };
        assert_eq!(nearest(0), (0, 1, 3, vec![1, 2]));
        // In the second event, both alternatives fail for one field.
        assert_eq!(nearest(1), (0, 1, 3, vec![1, 2, 0, 0]));
        assert!(coverage.nearest(RuleId::new(2)).is_none(), "no field that counts has held");
        assert_eq!(nearest(3), (3, 0, 1, vec![0, 0]));
        let [a, b] = decomposition.fields(RuleId::new(0)) else { panic!() };
        let hits = b.alternatives().map(|alternative| coverage.hits(alternative.id()));
        assert_eq!((coverage.hits(a.id()), hits.collect::<Vec<_>>()), (2, vec![1, 0]));
        assert_eq!(coverage.events(), 5);
    }

    #[test]
    fn rule_that_matches_has_no_nearest_event() {
        let rules: RuleSet = RULES.iter().map(|text| text.parse().unwrap()).collect();
        let decomposition = Decomposition::of_fields(&rules).unwrap();
        let matcher = Matcher::new(decomposition.rule_set()).unwrap();
        let (mut coverage, mut scratch) = (Coverage::new(&decomposition), Scratch::new());
        for event in [r#"{"a":1}"#, r#"{"a":1,"b":3}"#, r#"{"b":2}"#] {
            coverage.add(matcher.matches(&mut scratch, event.as_bytes()).unwrap(), &());
        }
        assert_eq!(coverage.hits(RuleId::new(0)), 1);
        assert!(coverage.nearest(RuleId::new(0)).is_none());
        assert_eq!(coverage.nearest(RuleId::new(1)).unwrap().events, 3);
        coverage.add(&[RuleId::new(7_000)], &());
        assert_eq!((coverage.events(), coverage.hits(RuleId::new(7_000))), (4, 0));
    }
}
