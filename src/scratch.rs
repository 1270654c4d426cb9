//! [`Scratch`]: every buffer that matching needs.

use crate::decision::DecisionScratch;
use crate::evaluate::Memo;
use crate::event::ReadScratch;
use crate::id::RuleId;
use crate::work::Work;

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
    pub(crate) read: ReadScratch,
    pub(crate) decide: DecideScratch,
}

/// The memory that an event needs after reading.
#[derive(Debug, Default)]
pub(crate) struct DecideScratch {
    pub(crate) memo: Memo,
    pub(crate) decision: DecisionScratch,
    /// The steps that the last event took.
    pub(crate) work: Work,
    /// The rules that the last event matches.
    pub(crate) ids: Vec<RuleId>,
}

/// How many parts of a scratch can be given back.
const PARTS: usize = 4;

impl Scratch {
    /// A scratch that has not grown yet.
    #[must_use]
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// Forgets the last event, and begins with one that may take `work_limit` steps.
    pub(crate) fn begin(&mut self, work_limit: u64) {
        self.decide.ids.clear();
        self.decide.work.begin(work_limit);
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
        self.decide.work.steps()
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
            let [read, memo, decision, ids] = self.parts();
            match read.max(memo).max(decision).max(ids) {
                most if most == read => self.read = ReadScratch::default(),
                most if most == memo => self.decide.memo = Memo::default(),
                most if most == decision => self.decide.decision = DecisionScratch::default(),
                _ => self.decide.ids = Vec::new(),
            }
        }
    }

    /// The bytes of each part that can be given back.
    fn parts(&self) -> [usize; PARTS] {
        let DecideScratch { memo, decision, ids, .. } = &self.decide;
        let ids = ids.capacity() * size_of::<RuleId>();
        [self.read.memory_usage(), memo.memory_usage(), decision.memory_usage(), ids]
    }

    /// The bytes of memory that the scratch has grown to.
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        size_of::<Scratch>() + self.parts().iter().sum::<usize>()
    }
}
