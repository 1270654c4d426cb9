//! Tables with bars: the costliest rules and fields, and the parts of the memory.

use crate::bench::cost::{Costs, Share};
use crate::bench::measure::{Parts, Size};
use crate::bench::units::grouped;

use super::figures::{percent, size};
use super::html::{self, Column, Section, Table, missing};
use super::plot::bar;

const BAR: Column = Column::Drawing("");

pub(super) fn costs(costs: Option<&Costs>) -> Section {
    let (id, title) = ("costs", "Cost by rule and by field");
    let Some(costs) = costs else {
        return Section {
            id,
            title,
            lead: "The costliest rules and fields were not searched for.".to_owned(),
            body: missing(
                "<code>galop bench --costs</code> finds the rules and the fields that cost the most.",
            ),
        };
    };
    let mut lead = "The steps of the matcher that an event takes less without the rule, or without the alternatives \
                    of the field. Steps are counted, so they have no noise. Rules share work: the costs do not add \
                    up to the whole."
        .to_owned();
    if !costs.is_complete {
        lead.push_str(" The search ended with its time; other rules or fields may cost more.");
    }
    let body = share_table("Costliest rules", "rule", &costs.rules)
        + &share_table("Costliest fields", "field", &costs.fields);
    Section { id, title, lead, body }
}

fn share_table(caption: &str, kind: &'static str, shares: &[Share]) -> String {
    if shares.is_empty() {
        return missing(&format!("No single {kind} was found that costs steps."));
    }
    let columns = [BAR, Column::Number("steps"), Column::Number("share")];
    let mut table = Table::new(caption, kind, &columns);
    // A small share would not be visible on a scale to the whole.
    let most = shares.iter().map(|share| share.share).fold(0.0, f64::max);
    for Share { name, steps, share } in shares {
        let cells = [bar(share / most), format!("{steps:.1}"), percent(*share)];
        table.row(&html::name(name), &cells);
    }
    table.html()
}

pub(super) fn memory(compiled: &Size, scratch_bytes: usize) -> Section {
    let Size { rules, bytes, parts, .. } = compiled;
    let Parts { paths, values, predicates, lists, branches, tree, groups } = *parts;
    let mut named = [
        ("names on the paths of rules", paths),
        ("values that rules name", values),
        ("tests of values, and their indexes", predicates),
        ("lists of alternatives", lists),
        ("branches of rules", branches),
        ("decision tree", tree),
        ("groups of branches", groups),
    ];
    named.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    let columns = [BAR, Column::Number("bytes"), Column::Number("a rule"), Column::Number("share")];
    let mut table = Table::new("Parts of the compiled set", "part", &columns);
    let most = named[0].1.max(1) as f64;
    let whole = (*bytes).max(1) as f64;
    for (name, part) in named {
        let share = part as f64;
        let cells = [bar(share / most), grouped(part), size(part / (*rules).max(1)), percent(share / whole)];
        table.row(name, &cells);
    }
    Section {
        id: "memory",
        title: "Memory",
        lead: format!(
            "The compiled set takes {}, {} a rule, and all threads share it. The scratch of a thread takes {}.",
            size(*bytes),
            size(bytes / (*rules).max(1)),
            size(scratch_bytes)
        ),
        body: table.html(),
    }
}
