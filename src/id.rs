//! Identifiers: dense, counted from zero, one newtype for each kind of thing.

use std::fmt;

/// Names a rule of a [`RuleSet`](crate::RuleSet): the position at which it was added, counted from zero.
///
/// Ids are dense, so callers keep what they know of a rule (its name, its targets) in a table of their own. An id is
/// laid out in memory as its number.
///
/// ```
/// use galop::{Matcher, RuleId, RuleSet, Scratch};
///
/// let (mut rules, mut targets) = (RuleSet::new(), Vec::new());
/// for (pattern, target) in [(r#"{"source":["aws.s3"]}"#, "storage"), (r#"{"source":["aws.ec2"]}"#, "machines")] {
///     rules.add(pattern)?;
///     targets.push(target);
/// }
/// let (matcher, mut scratch) = (Matcher::new(&rules)?, Scratch::new());
/// let ids = matcher.matches(&mut scratch, br#"{"source":"aws.ec2"}"#)?;
/// assert_eq!(ids.iter().map(|id| targets[id.as_usize()]).collect::<Vec<_>>(), ["machines"]);
/// assert_eq!(RuleId::new(ids[0].as_u32()), ids[0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
#[repr(transparent)]
pub struct RuleId(u32);

impl RuleId {
    /// The most rules that one set can hold.
    pub const MAX_RULES: usize = u32::MAX as usize;

    /// The id with this number, as [`RuleId::as_u32`] gave it.
    #[must_use]
    pub const fn new(number: u32) -> RuleId {
        RuleId(number)
    }

    /// The position of the rule in its set.
    #[must_use]
    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }

    /// The position of the rule in its set, as a `u32`.
    #[must_use]
    pub const fn as_u32(self) -> u32 {
        self.0
    }
}

impl fmt::Display for RuleId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Makes the crate's own identifiers, which index tables of the compiled set.
macro_rules! index {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
        pub(crate) struct $name(pub(crate) u32);

        impl $name {
            #[inline(always)]
            pub(crate) fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

index! {
    /// A path that some rule names.
    PathId
}
index! {
    /// An alternative on one path that is more than equality.
    PredicateId
}
index! {
    /// A list of alternatives on one path, as rules write it; rules that write the same list share it.
    FieldPredicateId
}
index! {
    /// One conjunction of field tests: a rule without `$or` has one branch.
    BranchId
}
index! {
    /// A `$or` of a rule that is not written out as branches.
    ChoiceId
}
index! {
    /// A place of one event within which all values are consistent: its root, or an element of an array.
    ScopeId
}

index! {
    /// A leaf of one event, in the order of its text.
    LeafId
}
index! {
    /// An array of one event that some path leads into, in the order of the text.
    ArrayId
}

impl ArrayId {
    /// No array.
    pub(crate) const NONE: ArrayId = ArrayId(u32::MAX);
}

impl ScopeId {
    /// The root of the event.
    pub(crate) const ROOT: ScopeId = ScopeId(0);
}

impl ChoiceId {
    /// No choice.
    pub(crate) const NONE: ChoiceId = ChoiceId(u32::MAX);
}
