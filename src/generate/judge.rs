//! The matcher as the judge of proposed events and values.

use crate::builder::MatcherBuilder;
use crate::error::Span;
use crate::id::RuleId;
use crate::json::JsonString;
use crate::matcher::Matcher;
use crate::pattern::branch::Field;
use crate::pattern::{Alternative, Member, Name, Number, Object, Pattern, ValueTest};
use crate::rules::RuleSet;
use crate::scratch::Scratch;

use super::satisfy::Value;

/// The path on which an event names the number of a field.
const GUARD: &str = "field";

/// A compiled pattern, and its fields compiled one by one.
///
/// The fields are rules of one set. The path of a field in the set is its number, so that fields with
/// the same path do not meet. A second field of each rule names this number: without it, every event
/// would match the fields for which absence is enough. The first alternatives are rules of their own.
pub(super) struct Judge {
    pattern: Matcher,
    fields: Matcher,
    /// For each field, its rule in the set. The rules of its alternatives follow.
    rules: Vec<u32>,
    /// For each field, whether it has one alternative.
    is_single: Vec<bool>,
    scratch: Scratch,
    /// The bytes of events that may still be judged.
    budget: usize,
    /// The bytes that remain for events when values are not compared any more.
    reserve: usize,
}

/// The alternatives that a value satisfies.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdict {
    /// True if the field holds.
    pub(super) holds: bool,
    /// The alternatives with a rule of their own that hold.
    pub(super) alternatives: Vec<usize>,
}

impl Judge {
    /// Compiles a pattern and its fields. `separate` is the number of alternatives that get rules of
    /// their own. Returns the code of the error if a set cannot be compiled.
    pub(super) fn new(
        pattern: &Pattern,
        fields: &[Field<'_>],
        mut separate: usize,
        budget: usize,
    ) -> Result<Judge, &'static str> {
        let mut set = RuleSet::new();
        let mut rules = Vec::with_capacity(fields.len());
        for (number, field) in fields.iter().enumerate() {
            let rule = alone(number, field.alternatives.to_vec());
            rules.push(set.add_pattern(rule).map_err(|error| error.code())?.as_u32());
            let count = field.alternatives.len().min(separate);
            separate -= count;
            // A field of one alternative has the verdict of that alternative.
            let rules = if field.alternatives.len() > 1 { count } else { 0 };
            for alternative in &field.alternatives[..rules] {
                let rule = alone(number, vec![alternative.clone()]);
                set.add_pattern(rule).map_err(|error| error.code())?;
            }
        }
        let mut builder = MatcherBuilder::new();
        builder.rule_size_limit(usize::MAX);
        let is_single = fields.iter().map(|field| field.alternatives.len() == 1).collect();
        let fields = builder.build(&set).map_err(|error| error.code())?;
        let mut set = RuleSet::new();
        set.add_pattern(pattern.clone()).map_err(|error| error.code())?;
        let pattern = builder.build(&set).map_err(|error| error.code())?;
        Ok(Judge { pattern, fields, rules, is_single, scratch: Scratch::new(), budget, reserve: budget / 2 })
    }

    /// Returns true if the event matches the pattern, and the code of the error if the event is
    /// refused.
    pub(super) fn matches(&mut self, event: &str) -> Result<bool, &'static str> {
        self.budget = self.budget.saturating_sub(event.len());
        self.pattern.is_match(&mut self.scratch, event.as_bytes()).map_err(|error| error.code())
    }

    /// Returns true if no more events may be judged.
    pub(super) fn is_exhausted(&self) -> bool {
        self.budget == 0
    }

    /// Returns true if bytes are left to compare values. Half of the bytes are kept for events.
    pub(super) fn may_compare(&self) -> bool {
        self.budget > self.reserve
    }

    /// Returns the alternatives of a field that a value satisfies.
    pub(super) fn verdict(&mut self, field: usize, value: &Value) -> Verdict {
        let event = match value {
            Some(value) => format!("{{\"{GUARD}\":{field},\"{field}\":{value}}}"),
            None => format!("{{\"{GUARD}\":{field}}}"),
        };
        self.budget = self.budget.saturating_sub(event.len());
        let Ok(found) = self.fields.matches(&mut self.scratch, event.as_bytes()) else {
            return Verdict::default();
        };
        let (rule, next) = (self.rules[field], self.rules.get(field + 1).copied().unwrap_or(u32::MAX));
        let of_field = |id: &RuleId| (rule..next).contains(&id.as_u32());
        let mut found = found.iter().copied().filter(of_field).map(|id| (id.as_u32() - rule) as usize);
        let holds = found.next() == Some(0);
        let alternatives =
            if holds && self.is_single[field] { vec![0] } else { found.map(|at| at - 1).collect() };
        Verdict { holds, alternatives }
    }
}

/// Returns a pattern with one field, whose path is a number, for events that name the number.
fn alone(number: usize, alternatives: Vec<Alternative>) -> Pattern {
    let span = Span::new(0, 0);
    let field = |name: &str, alternatives| Member::Field {
        name: Name { text: JsonString::from(name), span },
        alternatives,
    };
    let number = number.to_string();
    let test = ValueTest::Number(Number::new(number.as_bytes()));
    let members = vec![field(GUARD, vec![Alternative { test, span }]), field(&number, alternatives)];
    Pattern { root: Object { members, span }, length: 0, combinations: 1 }
}
