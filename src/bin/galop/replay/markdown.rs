//! The report of a replay as Markdown for a pull request.

use std::io::{self, Write};

use crate::output::{Count, word};

use super::report::{Report, Row};
use super::route::Sets;

/// Writes the report.
pub(super) fn print(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    if report.is_comparison() { changes(report, out) } else { hits(report, out) }
}

/// Writes the number of events of each rule.
fn hits(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = report.rows();
    let reached = rows.iter().filter(|row| row.kept > 0).count() as u64;
    writeln!(
        out,
        "### Replay: {} of {} matched an event\n",
        reached,
        Count(rows.len() as u64, "rule", "rules")
    )?;
    writeln!(out, "| rule | hits |\n|---|--:|")?;
    for row in rows.iter().take(report.top()) {
        writeln!(out, "| {} | {} |", cell(&row.rule.id), row.kept)?;
    }
    writeln!(out, "\n{}", report.summary())
}

/// Writes the rules that gain or lose events.
fn changes(report: &Report<'_>, out: &mut dyn Write) -> io::Result<()> {
    let rows = report.rows();
    if rows.is_empty() {
        writeln!(out, "### Routing: no difference\n")?;
    } else {
        let rules = Count(rows.len() as u64, "rule differs", "rules differ");
        let events = Count(report.totals.changed, "event", "events");
        writeln!(out, "### Routing: {rules} on {events}\n")?;
        print_table(report, &rows, out)?;
    }
    for (option, sets) in [("--rules", Sets::Rules), ("--against", Sets::Against)] {
        let only = report.only(sets);
        if !only.is_empty() {
            let ids: Vec<String> = only.iter().take(report.top()).map(|id| code(&word(id))).collect();
            let more = only.len() - ids.len();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            writeln!(out, "Only in `{option}`: {}{more}\n", ids.join(", "))?;
        }
    }
    writeln!(out, "{}", report.summary())
}

fn print_table(report: &Report<'_>, rows: &[Row<'_>], out: &mut dyn Write) -> io::Result<()> {
    let shown = &rows[..rows.len().min(report.top())];
    writeln!(out, "| rule | gained | lost | kept |\n|---|--:|--:|--:|")?;
    for row in shown {
        writeln!(out, "| {} | {} | {} | {} |", cell(&row.rule.id), row.gained, row.lost, row.kept)?;
    }
    if rows.len() > shown.len() {
        writeln!(out, "\nand {}", Count((rows.len() - shown.len()) as u64, "more rule", "more rules"))?;
    }
    let mut items = String::new();
    for row in shown {
        for (verb, places, more) in report.changes(row) {
            let places: Vec<String> = places.iter().map(|place| code(&word(place))).collect();
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            items += &format!("- {} {verb} {}{more}\n", code(&word(&row.rule.id)), places.join(", "));
        }
    }
    if items.is_empty() {
        return writeln!(out);
    }
    writeln!(out, "\n<details>\n<summary>Events</summary>\n\n{items}\n</details>\n")
}

/// Returns an id as code in a cell of a table, where a bar ends the cell even in code.
fn cell(id: &str) -> String {
    code(&word(id)).replace('|', "\\|")
}

/// Returns a text of one line as code. The fence is longer than every run of backticks in the text.
fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // Without a blank, a backtick at the edge would belong to the fence.
    let edge = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{edge}{text}{edge}{fence}")
}

#[cfg(test)]
mod tests {
    use super::{cell, code};

    #[test]
    fn code_holds_every_id() {
        assert_eq!(code("a*b_c"), "`a*b_c`");
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("``"), "``` `` ```");
        assert_eq!(cell("a|b"), "`a\\|b`");
        assert_eq!(cell("a\nb"), "`\"a\\nb\"`");
    }
}
