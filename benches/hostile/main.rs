//! The costs of hostile rules and events: the effect of one tenant's rules on all events, the cost
//! of one event, and the cost of building rules.
//!
//! Each part is a table with bounds. Times are processor times. Each row is measured by a child
//! process with a deadline per step. All rules are within the default limits of the library:
//! refused rules are counted and replaced by the largest accepted ones.
//!
//! ```text
//! cargo bench --bench hostile
//! cargo bench --bench hostile -- --only not-wildcard --quick
//! cargo bench --bench hostile -- --check
//! cargo bench --bench hostile -- --test
//! ```
//!
//! `--only` selects rows by a part of `tenant/NAME`, `event/NAME` or `build/NAME`. `--quick` takes
//! less time. `--check` fails if a figure is out of its bound. `--test` uses tiny rules and events
//! and checks the answers with the oracle.

mod alternatives;
mod array_cases;
mod build_cases;
mod building;
mod child;
mod clock;
mod event_cases;
mod lists;
mod long_event;
mod neighbours;
mod options;
mod ordinary;
mod paths;
mod tenant;
mod values;
mod wildcards;
mod witness;
#[allow(dead_code, reason = "each bench uses its part of it")]
#[path = "../workload/mod.rs"]
mod workload;

use std::fmt;
use std::process::ExitCode;

use child::End;
use event_cases::EventCase;
use options::Options;
use tenant::Tenant;

fn main() -> ExitCode {
    let options = Options::read();
    if let Some(name) = &options.child {
        measure(name, &options);
        return ExitCode::SUCCESS;
    }
    let tenants = tenants().into_iter().map(|tenant| format!("tenant/{}", tenant.name));
    let events = events().into_iter().map(|case| format!("event/{}", case.tenant.name));
    let builds = build_cases::all().into_iter().map(|case| format!("build/{}", case.tenant.name));
    let sets = table(&neighbours::COLUMNS, tenants, &options);
    let events = table(&long_event::COLUMNS, events, &options);
    let builds = table(&building::COLUMNS, builds, &options);
    println!();
    if events.all > 0 {
        println!("{events} events within {} ms", long_event::MOST_MILLISECONDS);
    }
    if builds.all > 0 {
        println!("{builds} builds within {} s and {} B/byte", building::MOST_SECONDS, building::MOST_BYTES);
    }
    println!("{sets} sets within {}x and {} s", neighbours::MOST_RATIO, neighbours::MOST_SECONDS);
    let is_within = [sets, events, builds].iter().all(|count| count.within == count.all);
    if options.check && !is_within { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

fn tenants() -> Vec<Tenant> {
    [ordinary::all(), lists::all(), wildcards::all(), values::all(), alternatives::all(), paths::all()]
        .into_iter()
        .flatten()
        .collect()
}

fn events() -> Vec<EventCase> {
    event_cases::all().into_iter().chain(array_cases::all()).collect()
}

/// Runs one measurement in this process.
fn measure(name: &str, options: &Options) {
    match name.split_once('/') {
        Some(("tenant", name)) => {
            let tenants = tenants();
            let tenant = tenants.iter().find(|tenant| tenant.name == name).expect("there is such a tenant");
            neighbours::measure(tenant, options);
        }
        Some(("event", name)) => {
            let cases = events();
            let case = cases.iter().find(|case| case.tenant.name == name).expect("there is such an event");
            long_event::measure(case);
        }
        Some(("build", name)) => {
            let cases = build_cases::all();
            let case = cases.iter().find(|case| case.tenant.name == name).expect("there is such a case");
            building::measure(case, options);
        }
        _ => panic!("there is nothing of the name {name}"),
    }
}

/// The number of rows of a table, and of those within their bounds.
struct Count {
    within: usize,
    all: usize,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.within, self.all)
    }
}

/// Runs measurements and prints each row when it is complete.
fn table(columns: &[(&str, isize)], names: impl Iterator<Item = String>, options: &Options) -> Count {
    let mut count = Count { within: 0, all: 0 };
    for name in names.filter(|name| options.includes(name)) {
        if count.all == 0 {
            println!();
            print_row(columns, columns.iter().map(|column| column.0));
        }
        let end = child::run(options, &name, |is_within, cells| {
            count.all += 1;
            count.within += usize::from(is_within);
            print_row(columns, cells.iter().map(String::as_str).chain((!is_within).then_some("OUT")));
        });
        if let End::Failed { step, reason } = end {
            count.all += 1;
            let name = name.split_once('/').map_or(&*name, |(_, name)| name);
            print_row(columns, [name, &format!("{step}: {reason}"), "OUT"].into_iter());
        }
    }
    count
}

/// Prints the cells of a row in their columns. Cells without a column follow as notes.
fn print_row<'c>(columns: &[(&str, isize)], cells: impl Iterator<Item = &'c str>) {
    let mut widths = columns.iter().map(|column| column.1);
    let cells = cells.map(|cell| match widths.next() {
        Some(width) if width < 0 => format!("{cell:<0$}", width.unsigned_abs()),
        Some(width) => format!("{cell:>0$}", width.unsigned_abs()),
        None => cell.to_owned(),
    });
    println!("{}", cells.collect::<Vec<_>>().join(" ").trim_end());
}
