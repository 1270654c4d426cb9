//! Events that another crate has parsed.

use crate::decision::SearchOptions;
use crate::error::EventError;
use crate::event::{self, ParsedEvent};
use crate::id::RuleId;
use crate::scratch::Scratch;

use super::{EventOptions, Matcher};

#[cfg_attr(docsrs, doc(cfg(any(feature = "serde_json", feature = "simd-json"))))]
impl Matcher {
    /// Returns the ids of the rules that a parsed event matches, in ascending order without
    /// repetition.
    ///
    /// The result is the result of [`Matcher::matches`] for the text of the event, as far as the
    /// parser has stored the text exactly. [`ParsedEvent`] lists the differences. The event is not
    /// converted to text. The time is proportional to the values of the event.
    ///
    #[cfg_attr(feature = "serde_json", doc = "```")]
    #[cfg_attr(not(feature = "serde_json"), doc = "```ignore")]
    /// use galop::{Matcher, RuleSet, Scratch};
    ///
    /// let mut rules = RuleSet::new();
    /// let large = rules.add(r#"{"detail":{"size":[{"numeric":[">",1000]}]}}"#)?;
    /// let matcher = Matcher::new(&rules)?;
    ///
    /// let event = serde_json::json!({"source": "aws.s3", "detail": {"size": 4096}});
    /// assert_eq!(matcher.matches_parsed(&mut Scratch::new(), &event)?, [large]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// A value or a tape of `simd_json` can be matched too:
    ///
    #[cfg_attr(feature = "simd-json", doc = "```")]
    #[cfg_attr(not(feature = "simd-json"), doc = "```ignore")]
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// # let mut rules = RuleSet::new();
    /// # let large = rules.add(r#"{"detail":{"size":[{"numeric":[">",1000]}]}}"#)?;
    /// # let matcher = Matcher::new(&rules)?;
    /// let mut text = br#"{"source":"aws.s3","detail":{"size":4096}}"#.to_vec();
    /// let event = simd_json::to_tape(&mut text)?;
    /// assert_eq!(matcher.matches_parsed(&mut Scratch::new(), &event)?, [large]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Limits
    ///
    /// The limits on depth, leaves, elements and work are the same as for a text. For
    /// [trusted](crate::MatcherBuilder::trusted) events, only values on paths that rules name are read,
    /// and only their depth counts. [`EventLimits::length`](crate::EventLimits::length) limits the
    /// strings that are stored while matching. They are the strings on paths that some rule names,
    /// which are always shorter than the text.
    ///
    /// # Errors
    ///
    /// Returns an error if the event is not an object or crosses a limit. The error has no offset,
    /// because there is no text.
    pub fn matches_parsed<'s>(
        &self,
        scratch: &'s mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
    ) -> Result<&'s [RuleId], EventError> {
        self.run_parsed(scratch, event, false)?;
        scratch.decide.ids.sort_unstable();
        Ok(&scratch.decide.ids)
    }

    /// Returns true if a parsed event matches any rule.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Matcher::matches_parsed`].
    ///
    #[cfg_attr(feature = "serde_json", doc = "```")]
    #[cfg_attr(not(feature = "serde_json"), doc = "```ignore")]
    /// # use galop::{Matcher, RuleSet, Scratch};
    /// # let mut rules = RuleSet::new();
    /// # rules.add(r#"{"source":["aws.s3"]}"#)?;
    /// let (matcher, event) = (Matcher::new(&rules)?, serde_json::json!({"source": "aws.s3"}));
    /// assert!(matcher.is_match_parsed(&mut Scratch::new(), &event)?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn is_match_parsed(
        &self,
        scratch: &mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
    ) -> Result<bool, EventError> {
        self.run_parsed(scratch, event, true)?;
        Ok(!scratch.decide.ids.is_empty())
    }

    fn run_parsed(
        &self,
        scratch: &mut Scratch,
        event: &(impl ParsedEvent + ?Sized),
        first: bool,
    ) -> Result<(), EventError> {
        let EventOptions { length_limit, work_limit, reader } = self.events;
        scratch.begin(work_limit);
        let Scratch { read, decide } = scratch;
        let event = event::read_parsed(&reader, &self.automaton.predicates.paths, event, length_limit, read)?;
        self.decide(event, decide, SearchOptions { earliest: first })
    }
}
