//! [`EventLimits`]: the limits of one event.

/// The limits of one event.
///
/// The defaults are safe for events from untrusted sources: the time and the memory for one event
/// are bounded. Few events of real programs come near the defaults.
///
/// [`MatcherBuilder::event_limits`](crate::MatcherBuilder::event_limits) sets the limits. An event
/// at a limit is accepted. An event past a limit is an [`EventError`](crate::EventError). The first
/// error in the order of the text is reported, whether it is a limit or a syntax error. An event
/// that is too long is not read at all.
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
    /// The maximum number of bytes of text; 16 MiB by default. The code is `event-too-long`. A
    /// limit above [`EventLimits::MAX_LENGTH`] is reduced to that limit.
    ///
    /// For a parsed event, the limit applies to the data that is stored while matching: strings and
    /// numbers on paths that some rule names, and the arrays and objects around them. The stored
    /// data is never longer than the text.
    pub length: usize,
    /// The maximum number of levels of objects and arrays; 1,000 by default. The root is the first
    /// level. The code is `too-deep`.
    ///
    /// In a [trusted](crate::MatcherBuilder::trusted) event, values on paths that no rule names may
    /// be deeper, because nothing is stored for them.
    pub depth: usize,
    /// The maximum number of leaves (strings, numbers, `true`, `false` or `null`) on paths that
    /// some rule names; 1,048,576 by default. The code is `too-many-leaves`. The default number of
    /// leaves takes about 100 MB of a [`Scratch`](crate::Scratch).
    pub leaves: usize,
    /// The maximum number of elements of all arrays on paths that some rule names; 1,048,576 by
    /// default. The code is `too-many-elements`. The default number of elements takes less than 100
    /// MB of a [`Scratch`](crate::Scratch).
    pub elements: usize,
    /// The maximum number of steps for deciding an event; 20,000,000 by default. The code is
    /// `too-much-work`. A step takes one to four nanoseconds, so the default ends any event within
    /// a tenth of a second on an ordinary core.
    ///
    /// The steps count all work except reading the event, which takes time proportional to its
    /// length. A step is the comparison or search of eight bytes, or the visit of one test or
    /// branch. The search for consistent array elements takes steps too, and decoding a value takes
    /// several. Ordinary events take some hundred to some thousand steps.
    /// [`Scratch::steps`](crate::Scratch::steps) returns the steps of the last event.
    ///
    /// Steps are spent before the work, so no event runs past the limit. The steps also bound the
    /// memory of a [`Scratch`](crate::Scratch): hardly a byte for each step.
    pub work: u64,
}

impl EventLimits {
    /// The largest possible limit on the bytes of text: 4 GiB minus one byte, because offsets in an
    /// event have 32 bits.
    pub const MAX_LENGTH: usize = u32::MAX as usize;
}

impl Default for EventLimits {
    /// Returns limits of 16 MiB of text, 1,000 levels, 1,048,576 leaves on named paths, 1,048,576
    /// elements of arrays, and 20,000,000 steps.
    fn default() -> EventLimits {
        EventLimits { length: 16 << 20, depth: 1_000, leaves: 1 << 20, elements: 1 << 20, work: 20_000_000 }
    }
}
