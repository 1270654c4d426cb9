//! Identifiers: dense, counted from zero, with one type for each kind of object.

use std::fmt;

/// The id of a rule of a [`RuleSet`](crate::RuleSet): the position at which the rule was added,
/// counted from zero.
///
/// Ids are dense, so callers can store data of a rule (its name, its targets) in a table indexed by
/// id. In memory an id has the layout of a `u32`.
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
    /// The largest number of rules in one set.
    pub const MAX_RULES: usize = u32::MAX as usize;

    /// Returns the id with this number, which [`RuleId::as_u32`] returned before.
    #[must_use]
    pub const fn new(number: u32) -> RuleId {
        RuleId(number)
    }

    /// Returns the position of the rule in its set.
    #[must_use]
    pub const fn as_usize(self) -> usize {
        self.0 as usize
    }

    /// Returns the position of the rule in its set, as a `u32`.
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

/// Defines identifiers that index tables of the compiled set or of an event.
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
    /// A test of one value that is not equality.
    PredicateId
}
index! {
    /// The alternatives on one path, as a list in a rule. Rules with the same list share one id.
    FieldPredicateId
}
index! {
    /// A conjunction of field tests. A rule without `$or` has one branch.
    BranchId
}
index! {
    /// A node of the decision tree.
    DecisionNodeId
}
index! {
    /// A bitmap block of branches.
    GroupId
}
index! {
    /// A factored `$or`: a `$or` of a rule that is not expanded to branches.
    ChoiceId
}
index! {
    /// A part of one event inside which all values are consistent: the root, or an element of an
    /// array.
    ScopeId
}

index! {
    /// A leaf of one event. Ids have the order of the text.
    LeafId
}
index! {
    /// An array of one event that a path leads into. Ids have the order of the text.
    ArrayId
}

impl ArrayId {
    /// Sentinel: no array.
    pub(crate) const NONE: ArrayId = ArrayId(u32::MAX);
}

impl ScopeId {
    /// The root of the event.
    pub(crate) const ROOT: ScopeId = ScopeId(0);
}

impl ChoiceId {
    /// Sentinel: no factored `$or`.
    pub(crate) const NONE: ChoiceId = ChoiceId(u32::MAX);
}
