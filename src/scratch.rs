//! [`Scratch`]: every buffer that matching needs.

use crate::decision::DecisionScratch;
use crate::event::EventScratch;
use crate::id::RuleId;

/// The memory that matching works in, reused from event to event.
///
/// A scratch grows to what the largest event and the largest matcher need and then stays as it is: in the steady
/// state, matching does not allocate. [`Scratch::shrink_to`] gives the memory back that a rare event took. A scratch fits
/// any [`Matcher`](crate::Matcher), also one after the other. It is `Send`; each thread needs its own.
///
/// ```
/// # use galop::{Matcher, RuleSet, Scratch};
/// let mut rules = RuleSet::new();
/// rules.add(r#"{"source":["aws.s3"]}"#)?;
/// let (one, none) = (Matcher::new(&rules)?, Matcher::new(&RuleSet::new())?);
/// let mut scratch = Scratch::new();
/// assert!(one.is_match(&mut scratch, br#"{"source":"aws.s3"}"#)?);
/// assert!(!none.is_match(&mut scratch, br#"{"source":"aws.s3"}"#)?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Default)]
pub struct Scratch {
    pub(crate) event: EventScratch,
    pub(crate) decision: DecisionScratch,
    /// The rules that the last event fits.
    pub(crate) ids: Vec<RuleId>,
}

/// How many parts of a scratch can be given back.
const PARTS: usize = 3;

impl Scratch {
    /// A scratch that has not grown yet.
    #[must_use]
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// Forgets the last event, and begins with one that may take `work_limit` steps.
    pub(crate) fn begin(&mut self, work_limit: u64) {
        self.ids.clear();
        self.event.work.begin(work_limit);
    }

    /// Returns the steps that deciding on the last event took, as [`EventLimits::work`](crate::EventLimits::work) counts
    /// them; 0 if the event was refused before any rule was decided.
    ///
    /// The steps of ordinary events are the figure from which a limit is set. They depend on the rules and on the version of
    /// this crate, not on the machine.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let mut rules = RuleSet::new();
    /// rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let matcher = Matcher::new(&rules)?;
    /// let mut scratch = Scratch::new();
    /// matcher.matches(&mut scratch, br#"{"source":"aws.s3"}"#)?;
    /// assert!((1..1_000).contains(&scratch.steps()));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.event.work.steps()
    }

    /// Gives memory back until the scratch takes at most `bytes`, as [`Scratch::memory_usage`] counts them, or is as small as a
    /// new one. A scratch that takes no more keeps all its memory.
    ///
    /// The rules and the [steps](Scratch::steps) of the last event are forgotten in any case. Later events get the same
    /// answers; what they need is allocated again. Given back is all that reading took, or all that deciding took, or both,
    /// the larger one first. Takes time in proportion to the number of buffers, not to their size.
    ///
    /// ```
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// let mut rules = RuleSet::new();
    /// let id = rules.add(r#"{"size":[1]}"#)?;
    /// let matcher = Matcher::new(&rules)?;
    /// let mut scratch = Scratch::new();
    /// let large = format!(r#"{{"size":[0{}]}}"#, ",0".repeat(100_000));
    /// assert_eq!(matcher.matches(&mut scratch, large.as_bytes())?, []);
    /// assert!(scratch.memory_usage() > 1_000_000);
    ///
    /// scratch.shrink_to(64 << 10);
    /// assert!(scratch.memory_usage() <= 64 << 10);
    /// assert_eq!(matcher.matches(&mut scratch, br#"{"size":1}"#)?, [id]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn shrink_to(&mut self, bytes: usize) {
        self.begin(u64::MAX);
        for _ in 0..PARTS {
            if self.memory_usage() <= bytes {
                return;
            }
            let (event, decision) = (self.event.memory_usage(), self.decision.memory_usage());
            let ids = self.ids.capacity() * size_of::<RuleId>();
            match event.max(decision).max(ids) {
                most if most == event => self.event = EventScratch::default(),
                most if most == decision => self.decision = DecisionScratch::default(),
                _ => self.ids = Vec::new(),
            }
        }
    }

    /// The bytes of memory that the scratch has grown to.
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        size_of::<Scratch>()
            + self.event.memory_usage()
            + self.decision.memory_usage()
            + self.ids.capacity() * size_of::<RuleId>()
    }
}
