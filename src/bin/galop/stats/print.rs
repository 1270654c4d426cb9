//! The numbers of a rule set for people.

use std::io::{self, Write};

use crate::output::{Count, table, word};
use crate::quotas::{BUS_RULES, BUS_WILDCARD_RULES};

use super::count::{BusStats, Compiled, Extreme, Same, Shared, Stats};

/// Writes the numbers. At most `top` entries of a list without natural bound are written.
pub(super) fn human(stats: &Stats<'_>, top: usize, out: &mut dyn Write) -> io::Result<()> {
    totals(stats, out)?;
    let rows: Vec<_> =
        stats.operators.iter().map(|uses| ([uses.alternatives, uses.rules], uses.name)).collect();
    writeln!(out)?;
    table(out, ["alternatives", "rules"], &rows, "operator or type of value")?;
    let rows: Vec<_> = stats
        .rules_by_fields
        .iter()
        .map(|bucket| ([bucket.rules], Count(bucket.fields as u64, "field", "fields").to_string()))
        .collect();
    writeln!(out)?;
    table(out, ["rules"], &rows, "size of the pattern")?;
    largest(&stats.extremes, out)?;
    shared(stats, top, out)?;
    same(&stats.same_patterns, top, out)?;
    buses(&stats.buses, top, out)
}

fn totals(stats: &Stats<'_>, out: &mut dyn Write) -> io::Result<()> {
    let Compiled { bytes, bytes_per_rule, branches, paths, lists } = stats.compiled;
    let count = |number: usize, one, many| Count(number as u64, one, many);
    write!(out, "rules         {} in {}", stats.rules, Count(stats.files, "file", "files"))?;
    for (number, state) in [(stats.refused, "refused"), (stats.disabled, "disabled")] {
        if number > 0 {
            write!(out, ", {number} {state}")?;
        }
    }
    writeln!(out, "\ncompiled      {bytes} bytes, {bytes_per_rule} a rule")?;
    writeln!(
        out,
        "structure     {}, {}, {}",
        count(branches, "branch", "branches"),
        count(paths, "path", "paths"),
        count(lists, "distinct list of alternatives", "distinct lists of alternatives"),
    )?;
    writeln!(
        out,
        "written       {}, {}, {} distinct",
        count(stats.fields, "field", "fields"),
        count(stats.alternatives, "alternative", "alternatives"),
        stats.distinct_alternatives,
    )?;
    writeln!(out, "predicates    {}, {} shared by several rules", stats.predicates, stats.shared_predicates)?;
    writeln!(out, "$or           {} in {}", stats.ors, count(stats.rules_with_or, "rule", "rules"))?;
    writeln!(
        out,
        "duplicates    {} the pattern of an earlier rule",
        count(stats.same_patterns.len(), "rule has", "rules have")
    )
}

fn largest(extremes: &[Extreme<'_>], out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<_> = extremes
        .iter()
        .map(|Extreme { measure, value, rule, file, line }| {
            ([*value as u64], format!("{measure}: {} at {file}:{line}", word(rule)))
        })
        .collect();
    writeln!(out)?;
    table(out, ["most"], &rows, "measure: rule")
}

fn shared(stats: &Stats<'_>, top: usize, out: &mut dyn Write) -> io::Result<()> {
    /// The maximum number of characters of an alternative.
    const WIDTH: usize = 60;
    let cut = |text: &str| match text.char_indices().nth(WIDTH) {
        None => text.to_owned(),
        Some((end, _)) => format!("{}…", &text[..end]),
    };
    let shown = &stats.most_shared[..stats.most_shared.len().min(top)];
    if shown.is_empty() {
        return Ok(());
    }
    let row = |Shared { path, alternative, rules }: &Shared| {
        // The alternative is on one line even if the file has it on several.
        let alternative: Vec<&str> = alternative.split_whitespace().collect();
        ([*rules], format!("{} {}", word(path), cut(&alternative.join(" "))))
    };
    let rows: Vec<_> = shown.iter().map(row).collect();
    writeln!(out)?;
    table(out, ["rules"], &rows, "shared predicate")?;
    more(stats.shared_predicates - shown.len(), out)
}

fn same(same: &[Same<'_>], top: usize, out: &mut dyn Write) -> io::Result<()> {
    if same.is_empty() || top == 0 {
        return Ok(());
    }
    writeln!(out)?;
    for Same { rule, earlier } in same.iter().take(top) {
        writeln!(out, "{} has the pattern of {}", word(rule), word(earlier))?;
    }
    more(same.len().saturating_sub(top), out)
}

fn buses(buses: &[BusStats<'_>], top: usize, out: &mut dyn Write) -> io::Result<()> {
    let row = |stats: &BusStats<'_>| {
        let bus = stats.bus.map_or_else(|| "rules without a named bus".to_owned(), word);
        let quotas = if stats.within_quotas { "" } else { ", above the quotas" };
        ([stats.rules as u64, stats.wildcard_rules as u64], format!("{bus}{quotas}"))
    };
    let rows: Vec<_> = buses.iter().take(top).map(row).collect();
    writeln!(out)?;
    table(out, ["rules", "with wildcards"], &rows, "event bus")?;
    more(buses.len().saturating_sub(top), out)?;
    writeln!(out, "the service allows {BUS_RULES} rules on a bus, {BUS_WILDCARD_RULES} with wildcards")
}

fn more(count: usize, out: &mut dyn Write) -> io::Result<()> {
    if count > 0 { writeln!(out, "and {count} more") } else { Ok(()) }
}
