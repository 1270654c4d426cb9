//! [`EventLimits`]: the limits of one event.

/// Limits within which an event is accepted.
///
/// The defaults are fit for events of people whom one does not trust: the time and the memory that one event can take are
/// bounded. Hardly any event that programs send comes near them.
///
/// Given to [`MatcherBuilder::event_limits`](crate::MatcherBuilder::event_limits). At the limit an event is accepted, and
/// past it an [`EventError`](crate::EventError). The first fault of an event in the order of the text is reported, be it
/// a limit or not, except that an event that is too long is not read.
///
/// ```
/// use galop::{EventLimits, Matcher, RuleSet, Scratch};
///
/// let mut rules = RuleSet::new();
/// rules.add(r#"{"source":["aws.s3"]}"#)?;
/// let mut limits = EventLimits::default();
/// limits.length = 1 << 18;
/// limits.depth = 3;
/// let matcher = Matcher::builder().event_limits(limits).build(&rules)?;
///
/// let mut scratch = Scratch::new();
/// assert!(matcher.is_match(&mut scratch, br#"{"source":"aws.s3","detail":{"keys":[]}}"#)?);
/// let error = matcher.is_match(&mut scratch, br#"{"source":"aws.s3","detail":{"keys":[{}]}}"#).unwrap_err();
/// assert_eq!(error.code(), "too-deep");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub struct EventLimits {
    /// The most bytes of text; 16 MiB by default. The code is `event-too-long`. A limit above [`EventLimits::MAX_LENGTH`] is
    /// that limit.
    ///
    /// Of a parsed event, what is kept while matching counts: the strings on paths that some rule names. It is always less
    /// than the text.
    pub length: usize,
    /// The most levels of objects and arrays; 1,000 by default. The root is the first. The code is `too-deep`.
    ///
    /// Of a [trusted](crate::MatcherBuilder::trusted) event, what no rule looks into may be deeper, since nothing is kept
    /// of it.
    pub depth: usize,
    /// The most values, each a string, number, `true`, `false` or `null`, that may stand on paths that some rule names;
    /// 1,048,576 by default. The code is `too-many-leaves`. What is kept of so many takes about 100 MB of a
    /// [`Scratch`](crate::Scratch).
    pub leaves: usize,
    /// The most elements that the arrays may have together, as far as some rule looks into them; 1,048,576 by default. The
    /// code is `too-many-elements`. What is kept of so many takes less than 100 MB of a [`Scratch`](crate::Scratch).
    pub elements: usize,
    /// The most steps that deciding may take; 20,000,000 by default, which ends any event within a tenth of a second on an
    /// ordinary core: a step takes one to four nanoseconds. The code is `too-much-work`.
    ///
    /// All work counts but the reading of the event, which takes time in proportion to its length: decoding a value,
    /// comparing or searching eight bytes of it, a look at one test or branch, a step of the search for consistent array
    /// elements. Ordinary events take some hundred to some thousand steps;
    /// [`Scratch::steps`](crate::Scratch::steps) returns the steps of the last event. The steps are spent before the work
    /// that they pay for, so no event runs on past the limit. They bound the memory of a [`Scratch`](crate::Scratch), too:
    /// hardly a byte for each.
    pub work: u64,
}

impl EventLimits {
    /// The most bytes of text that can be allowed: 4 GiB less one byte, because offsets in an event have 32 bits.
    pub const MAX_LENGTH: usize = u32::MAX as usize;
}

impl Default for EventLimits {
    /// 16 MiB of text, 1,000 levels, 1,048,576 values on paths that rules name, 1,048,576 elements of arrays, 20,000,000
    /// steps.
    fn default() -> EventLimits {
        EventLimits { length: 16 << 20, depth: 1_000, leaves: 1 << 20, elements: 1 << 20, work: 20_000_000 }
    }
}
