//! What one tenant's rules do to the events of all, what one event can cost, and what one rule can cost to build.
//!
//! Three tables, each measured against bounds in one run. Everything is accepted by the default limits of the library: what
//! it refuses is reported, and made smaller until it is accepted.
//!
//! ```text
//! cargo bench --bench hostile
//! cargo bench --bench hostile -- --only not-wildcard --quick
//! cargo bench --bench hostile -- --check
//! cargo bench --bench hostile -- --test
//! ```
//!
//! `--check` fails if a figure is out of its bound. Each row is measured by a process of its own, which is ended when a step
//! takes too long.

#[path = "hostile/alternatives.rs"]
mod alternatives;
#[path = "hostile/child.rs"]
mod child;
#[path = "hostile/event_cases.rs"]
mod event_cases;
#[path = "hostile/lists.rs"]
mod lists;
#[path = "hostile/long_event.rs"]
mod long_event;
#[path = "hostile/neighbours.rs"]
mod neighbours;
#[path = "hostile/options.rs"]
mod options;
#[path = "hostile/paths.rs"]
mod paths;
#[path = "hostile/tenant.rs"]
mod tenant;
#[path = "hostile/values.rs"]
mod values;
#[path = "hostile/wildcards.rs"]
mod wildcards;
#[path = "hostile/witness.rs"]
mod witness;
#[allow(dead_code, reason = "each bench uses its part of it")]
mod workload;

use std::process::ExitCode;

use child::End;
use options::Options;
use tenant::Tenant;

fn main() -> ExitCode {
    let options = Options::read();
    if let Some(name) = &options.child {
        measure(name, &options);
        return ExitCode::SUCCESS;
    }
    let (events_within, events) = table(&long_event::COLUMNS, &event_names(), &options);
    let (within, sets) = table(&neighbours::COLUMNS, &tenant_names(), &options);
    if events > 0 {
        println!("{events_within} of {events} events within {} ms", long_event::MOST_MILLISECONDS);
    }
    println!("{within} of {sets} sets within {}x and {} s", neighbours::MOST_RATIO, neighbours::MOST_SECONDS);
    let is_within = within == sets && events_within == events;
    if options.check && !is_within { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn tenant_names() -> Vec<String> {
    tenants().iter().map(|tenant| format!("tenant/{}", tenant.name)).collect()
}

fn event_names() -> Vec<String> {
    event_cases::all().iter().map(|case| format!("event/{}", case.name)).collect()
}

fn tenants() -> Vec<Tenant> {
    [lists::all(), wildcards::all(), values::all(), alternatives::all(), paths::all()]
        .into_iter()
        .flatten()
        .collect()
}

/// Measures one thing in this process.
fn measure(name: &str, options: &Options) {
    if let Some(name) = name.strip_prefix("tenant/") {
        let tenants = tenants();
        let tenant = tenants.iter().find(|tenant| tenant.name == name).expect("there is such a tenant");
        neighbours::measure(tenant, options);
    } else if let Some(name) = name.strip_prefix("event/") {
        let cases = event_cases::all();
        long_event::measure(cases.iter().find(|case| case.name == name).expect("there is such a case"));
    }
}

/// Prints a table, a row as soon as it is measured. Returns how many rows are within their bounds, and how many there are.
fn table(columns: &[(&str, isize)], names: &[String], options: &Options) -> (usize, usize) {
    let (mut within, mut all) = (0, 0);
    for name in names.iter().filter(|name| options.includes(name)) {
        if all == 0 {
            println!();
            print_row(columns, columns.iter().map(|column| column.0));
        }
        let end = child::run(options, name, |is_within, cells| {
            all += 1;
            within += usize::from(is_within);
            print_row(columns, cells.iter().map(String::as_str).chain((!is_within).then_some("OUT")));
        });
        if let End::Failed { step, reason } = end {
            all += 1;
            let name = name.split_once('/').map_or(&**name, |(_, name)| name);
            print_row(columns, [name, &format!("{step}: {reason}"), "OUT"].into_iter());
        }
    }
    (within, all)
}

/// Prints cells in columns, and behind them those that have no column.
fn print_row<'c>(columns: &[(&str, isize)], cells: impl Iterator<Item = &'c str>) {
    let mut widths = columns.iter().map(|column| column.1);
    let cells = cells.map(|cell| match widths.next() {
        Some(width) if width < 0 => format!("{cell:<0$}", width.unsigned_abs()),
        Some(width) => format!("{cell:>0$}", width.unsigned_abs()),
        None => cell.to_owned(),
    });
    println!("{}", cells.collect::<Vec<_>>().join(" ").trim_end());
}
