//! [`Scratch`]: the buffers of matching.

use crate::decision::DecisionScratch;
use crate::evaluate::Memo;
use crate::event::ReadScratch;
use crate::id::RuleId;
use crate::work::Work;

/// The buffers of matching, which are reused for the next event.
///
/// A scratch grows to the size that the largest event and the largest matcher need. After that,
/// matching does not allocate. [`Scratch::shrink_to`] frees the memory that a rare event took.
///
/// A scratch works with any [`Matcher`](crate::Matcher), also with several in turn. It is `Send`.
/// Each thread needs its own scratch.
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

/// The buffers that are used after an event is read.
#[derive(Debug, Default)]
pub(crate) struct DecideScratch {
    pub(crate) memo: Memo,
    pub(crate) decision: DecisionScratch,
    /// The steps spent on the last event.
    pub(crate) work: Work,
    /// The rules that the last event matches.
    pub(crate) ids: Vec<RuleId>,
}

/// The number of parts of a scratch that can be freed.
const PARTS: usize = 4;

impl Scratch {
    /// Returns a scratch without allocated memory.
    #[must_use]
    pub fn new() -> Scratch {
        Scratch::default()
    }

    /// Forgets the last event, and begins an event that may take `work_limit` steps.
    pub(crate) fn begin(&mut self, work_limit: u64) {
        self.decide.ids.clear();
        self.decide.work.begin(work_limit);
    }

    /// Returns the number of steps that were spent on the last event, as
    /// [`EventLimits::work`](crate::EventLimits::work) counts them. The number is 0 if the event
    /// was rejected before any rule was decided.
    ///
    /// A limit can be chosen from the steps of ordinary events. The steps depend on the rules and
    /// on the version of this crate, not on the machine.
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

    /// Frees memory until the scratch takes at most `bytes` bytes, as [`Scratch::memory_usage`]
    /// counts them, or is as small as a new one. A scratch that takes at most `bytes` bytes keeps
    /// its memory.
    ///
    /// The rules and the [steps](Scratch::steps) of the last event are forgotten in any case. Later
    /// events have the same results, and their memory is allocated again.
    ///
    /// Memory is freed in parts, the largest part first. The time is proportional to the number of
    /// buffers, not to their size.
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

    /// Returns the number of bytes of each part that can be freed.
    fn parts(&self) -> [usize; PARTS] {
        let DecideScratch { memo, decision, ids, .. } = &self.decide;
        let ids = ids.capacity() * size_of::<RuleId>();
        [self.read.memory_usage(), memo.memory_usage(), decision.memory_usage(), ids]
    }

    /// Returns the number of bytes of memory that the scratch takes.
    #[must_use]
    pub fn memory_usage(&self) -> usize {
        size_of::<Scratch>() + self.parts().iter().sum::<usize>()
    }
}
