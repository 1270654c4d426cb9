//! The explanation of a rule, from the answers of the engine and the outline of the event.

use crate::id::RuleId;
use crate::pattern::Pattern;
use crate::pattern::form::Kinds;
use crate::pattern::walk::{Step, Walk};

use super::decomposition::{Costs, FieldPart};
use super::explainer::Observation;
use super::nearest::nearest;
use super::outline::{Leaf, Place};
use super::shown::{shown, shown_bytes};
use super::together;
use super::trap::{Trap, TrapKind};
use super::tree::{Decided, Explanation, Field, Found, Node, NodeKind, Status};
use super::value::{content, kind_name};
use super::{trap_absent, trap_value};

/// The maximum number of alternatives whose text is stored.
const ALTERNATIVES: usize = 16;

impl Observation<'_> {
    /// Explains a rule. Returns `None` if the set has no such rule.
    #[must_use]
    pub fn explain(&self, rule: RuleId) -> Option<Explanation> {
        let decomposition = &self.explainer.decomposition;
        let shape = decomposition.shape(rule)?;
        let pattern = decomposition.rule_set().get(rule)?;
        let nearest = shape.nearest(&self.held, &mut Costs::default());
        let mut fields: Vec<Field> = shape.fields.iter().map(|part| self.field(part)).collect();
        for &field in &nearest {
            fields[field as usize].is_nearest = true;
        }
        together::find_absent_in_elements(self, shape, &nearest, &mut fields);
        place(self.event, &mut fields);
        let matches = self.matches(rule);
        let failing = nearest.iter().filter(|field| fields[**field as usize].fails()).count();
        let traps = if !matches && failing == 0 { together::trap(self, shape, &nearest) } else { None };
        let nodes = nodes(pattern, &mut fields);
        Some(Explanation {
            matches,
            failing: if matches { 0 } else { failing },
            counted: nearest.len(),
            nodes,
            fields,
            traps: traps.into_iter().collect(),
        })
    }

    fn field(&self, part: &FieldPart) -> Field {
        let place = self.outline().at(&self.explainer.wanted, &part.path);
        let status = if !part.is_in_play() {
            Status::Overwritten
        } else if self.held.has(part.id()) {
            Status::Holds
        } else if place.is_some_and(|place| place.leaf_count > 0) {
            Status::Missed
        } else {
            Status::Absent
        };
        let decomposition = &self.explainer.decomposition;
        let tests = || part.alternatives().filter_map(|alternative| decomposition.test(alternative));
        let texts = tests().take(ALTERNATIVES).map(|test| shown(&test.to_string()));
        let mut field = Field {
            path: part.path(),
            name: String::new(),
            span: part.span(),
            status,
            is_nearest: false,
            alternatives: texts.collect(),
            alternative_count: part.alternatives().len(),
            decided: None,
            found: place.map_or_else(Vec::new, |place| self.found(place)),
            found_count: place.map_or(0, |place| place.leaf_count),
            near: None,
            near_text: String::new(),
            traps: Vec::new(),
        };
        match (status, place) {
            (Status::Holds, _) => field.decided = self.decided(part, place),
            (Status::Missed, Some(place)) => {
                let strings = strings(self.event, &place.leaves);
                field.near = nearest(tests().enumerate(), &strings);
                let test = field.near.and_then(|near| tests().nth(near.alternative));
                field.near_text = test.map_or_else(String::new, |test| shown(&test.to_string()));
                field.traps = trap_value::traps(self, part, place);
            }
            (Status::Absent, place) => field.traps = trap_absent::traps(self, part, place),
            (Status::Overwritten, _) => {
                let message = "a later field with the same path takes the place of this one";
                field.traps = vec![Trap::new(TrapKind::Overwritten, message)];
            }
            _ => {}
        }
        field
    }

    fn found(&self, place: &Place) -> Vec<Found> {
        let found = |kind, text, span| Found { kind, text, span, line: 0, column: 0 };
        let leaves = place.leaves.iter().map(|leaf| {
            let text = shown_bytes(&self.event[leaf.span.start..leaf.span.end]);
            found(kind_name(leaf.kind), text, leaf.span)
        });
        let container = place.container.filter(|_| place.leaf_count == 0).map(|span| {
            let is_array = self.event.get(span.start) == Some(&b'[');
            found(if is_array { "array" } else { "object" }, String::new(), span)
        });
        leaves.chain(container).collect()
    }

    /// Returns the first alternative that holds, with the first value that satisfies it.
    fn decided(&self, part: &FieldPart, place: Option<&Place>) -> Option<Decided> {
        let (index, alternative) =
            part.alternatives().enumerate().find(|(_, alternative)| self.held.has(alternative.id()))?;
        let test = self.explainer.decomposition.test(alternative)?;
        let leaves = place.map_or(&[][..], |place| &place.leaves);
        let value = match leaves {
            _ if test.form().kinds == Kinds::Absence => None,
            [_] if place.is_some_and(|place| place.leaf_count == 1) => Some(0),
            _ => leaves.iter().position(|leaf| {
                self.try_leaf(&part.path, leaf).is_some_and(|held| held.has(alternative.id()))
            }),
        };
        let is_plain = test.operator().is_none();
        let text = shown(&test.to_string());
        Some(Decided { index, text, span: alternative.span(), is_plain, value })
    }
}

fn strings(event: &[u8], leaves: &[Leaf]) -> Vec<(usize, String)> {
    leaves.iter().enumerate().filter_map(|(index, leaf)| Some((index, content(event, leaf)?))).collect()
}

/// Sets the lines and columns of all values in one pass over the event.
fn place(event: &[u8], fields: &mut [Field]) {
    let mut found: Vec<&mut Found> = fields.iter_mut().flat_map(|field| &mut field.found).collect();
    found.sort_by_key(|found| found.span.start);
    let (mut at, mut line, mut column) = (0, 1, 1);
    for found in found {
        let before = &event[at..found.span.start.min(event.len())];
        let breaks = memchr::memchr_iter(b'\n', before).count();
        let rest = memchr::memrchr(b'\n', before).map_or(before, |end| &before[end + 1..]);
        // Each byte that is not a continuation byte begins a character.
        let characters = rest.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
        column = if breaks > 0 { 1 + characters } else { column + characters };
        line += breaks;
        at = found.span.start;
        (found.line, found.column) = (line, column);
    }
}

/// Returns the parts of a pattern, and sets the names of the fields.
fn nodes(pattern: &Pattern, fields: &mut [Field]) -> Vec<Node> {
    let mut nodes: Vec<Node> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let (mut next, mut ors) = (0, 0);
    for step in Walk::new(pattern.root()) {
        let depth = open.len();
        let kind = match step {
            Step::Field { name, .. } => {
                if let Some(field) = fields.get_mut(next) {
                    field.name = shown_bytes(name.text.as_bytes());
                }
                next += 1;
                NodeKind::Field(next - 1)
            }
            Step::Enter { name, .. } => NodeKind::Object(shown_bytes(name.text.as_bytes())),
            Step::Or { .. } => NodeKind::Or,
            Step::Alternative { .. } => NodeKind::OrAlternative,
            Step::Leave | Step::EndAlternative | Step::EndOr => {
                if let Some(done) = open.pop() {
                    ors -= usize::from(nodes[done].kind == NodeKind::Or);
                    let failing = nodes[done].failing;
                    add(&mut nodes, open.last(), failing);
                }
                continue;
            }
        };
        match kind {
            NodeKind::Field(index) => {
                // Outside of `$or`s, a later field takes the place of a field that is not in the
                // nearest branch.
                let counts = |field: &Field| field.fails() && (ors > 0 || field.is_nearest);
                let failing = usize::from(fields.get(index).is_some_and(counts));
                nodes.push(Node { depth, kind, failing });
                add(&mut nodes, open.last(), failing);
            }
            _ => {
                open.push(nodes.len());
                ors += usize::from(kind == NodeKind::Or);
                // A `$or` takes the least of its alternatives.
                let failing = if kind == NodeKind::Or { usize::MAX } else { 0 };
                nodes.push(Node { depth, kind, failing });
            }
        }
    }
    nodes
}

/// Adds the failing fields of a part to the part around it.
fn add(nodes: &mut [Node], around: Option<&usize>, failing: usize) {
    let Some(&around) = around else { return };
    let around = &mut nodes[around];
    around.failing = match around.kind {
        NodeKind::Or => around.failing.min(failing),
        _ => around.failing.saturating_add(failing),
    };
}
