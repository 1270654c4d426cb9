//! Compares the imports of the library with the table of modules in `src/lib.rs`, and finds cycles
//! of imports between files.
//!
//! Tests are not examined: items under `#[cfg(test)]` and the files that they declare are left out.

mod layers {
    pub(crate) mod cycles;
    pub(crate) mod imports;
    pub(crate) mod modules;
    pub(crate) mod table;
    pub(crate) mod tokens;
}

use std::collections::BTreeSet;

use layers::cycles::{cycle, is_on_cycle};
use layers::imports::{Edge, Kind, edges};
use layers::modules::Modules;
use layers::table::{Table, Uses};

/// Imports between modules that point up the table, each with its reason.
const UPWARD: [(&str, &str, &str); 0] = [];

/// Imports between files that close a cycle, each with its reason.
const CYCLIC: [(&str, &str, &str); 0] = [];

fn library() -> Modules {
    Modules::read(concat!(env!("CARGO_MANIFEST_DIR"), "/src/lib.rs").as_ref())
}

fn table() -> Table {
    Table::read(include_str!("../src/lib.rs"))
}

/// An import from one module of the table to another.
fn between_modules<'m>(modules: &'m Modules, edges: &'m [Edge]) -> BTreeSet<(&'m str, &'m str)> {
    let names = edges.iter().filter_map(|edge| Some((modules.top(edge.from)?, modules.top(edge.to)?)));
    names.filter(|(from, to)| from != to).collect()
}

#[test]
fn table_lists_every_module() {
    let (modules, table) = (library(), table());
    let declared: BTreeSet<&str> = modules.tops().collect();
    let listed: BTreeSet<&str> = table.names().collect();
    assert_eq!(listed, declared, "modules of the table (left) and of src/lib.rs (right)");
}

#[test]
fn table_points_down() {
    let table = table();
    for (from, uses) in table.rows() {
        let Uses::Modules(uses) = uses else { continue };
        for to in uses {
            assert!(
                table.position(to) > table.position(from),
                "`{from}` uses `{to}`, which is not below it in the table of src/lib.rs"
            );
        }
    }
}

#[test]
fn imports_equal_the_table() {
    let (modules, table) = (library(), table());
    let edges = edges(&modules);
    let mut faults = Vec::new();
    for edge in &edges {
        let (Some(from), Some(to)) = (modules.top(edge.from), modules.top(edge.to)) else { continue };
        let is_allowed = match table.uses(from) {
            _ if from == to => true,
            Uses::Public => modules.is_public(&edge.written),
            Uses::Modules(uses) => uses.contains(to) || UPWARD.iter().any(|up| (up.0, up.1) == (from, to)),
        };
        if !is_allowed {
            faults.push(format!("{}: {}", modules.file(edge.from), edge.written.join("::")));
        }
    }
    assert!(faults.is_empty(), "the table of src/lib.rs does not list:\n{}", faults.join("\n"));

    let found = between_modules(&modules, &edges);
    for (from, uses) in table.rows() {
        let Uses::Modules(uses) = uses else { continue };
        for to in uses {
            assert!(found.contains(&(from, to)), "`{from}` does not use `{to}`, and the table says so");
        }
    }
    for (from, to, reason) in UPWARD {
        assert!(found.contains(&(from, to)), "`{from}` does not use `{to}` any more: {reason}");
        assert!(table.position(to) < table.position(from), "`{from}` to `{to}` points down: {reason}");
    }
}

#[test]
fn files_have_no_import_cycle() {
    let modules = library();
    let all: BTreeSet<(&str, &str)> = edges(&modules)
        .iter()
        .filter(|edge| edge.kind == Kind::Item)
        .map(|edge| (modules.file(edge.from), modules.file(edge.to)))
        .filter(|(from, to)| from != to)
        .collect();
    let mut acyclic = all.clone();
    for (from, to, reason) in CYCLIC {
        assert!(acyclic.remove(&(from, to)), "{from} does not import from {to} any more: {reason}");
    }
    if let Some(cycle) = cycle(&acyclic) {
        panic!("files import from each other:\n{}", cycle.join("\n"));
    }
    for (from, to, reason) in CYCLIC {
        acyclic.insert((from, to));
        assert!(is_on_cycle(&acyclic, from, to), "{from} to {to} closes no cycle any more: {reason}");
        acyclic.remove(&(from, to));
    }
}
