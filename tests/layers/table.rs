//! The table of modules in the comments of `src/lib.rs`.

use std::collections::BTreeSet;

pub(crate) enum Uses {
    Modules(BTreeSet<String>),
    /// Only the exported names of the crate.
    Public,
}

/// The rows from top to bottom.
pub(crate) struct Table(Vec<(String, Uses)>);

impl Table {
    /// Reads the table below `# Modules`: a module, what it knows, and what it uses.
    pub(crate) fn read(source: &str) -> Table {
        let lines = source.lines().map(|line| line.strip_prefix("//").unwrap_or("").trim());
        let below = lines.skip_while(|line| *line != "# Modules");
        let rows = below.skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
        // The first two are the head and the rule below it.
        let table = Table(rows.skip(2).map(row).collect());
        assert!(!table.0.is_empty(), "there is no table below `# Modules`");
        let distinct: BTreeSet<&str> = table.names().collect();
        assert_eq!(distinct.len(), table.0.len(), "a module is in the table twice");
        table
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (&str, &Uses)> {
        self.0.iter().map(|(name, uses)| (&**name, uses))
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.rows().map(|(name, _)| name)
    }

    pub(crate) fn position(&self, name: &str) -> usize {
        self.names().position(|row| row == name).unwrap_or_else(|| panic!("the table has no module `{name}`"))
    }

    pub(crate) fn uses(&self, name: &str) -> &Uses {
        &self.0[self.position(name)].1
    }
}

fn row(line: &str) -> (String, Uses) {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [name, _, uses] = cells[..] else { panic!("a row of the table has other cells: {line}") };
    let names = quoted(name);
    let [name] = &names[..] else { panic!("a row of the table has one module: {line}") };
    let uses = match (uses, quoted(uses)) {
        ("what is public", _) => Uses::Public,
        ("nothing", _) => Uses::Modules(BTreeSet::new()),
        (_, names) if !names.is_empty() => Uses::Modules(names.into_iter().map(str::to_owned).collect()),
        (other, _) => panic!("`{name}` uses {other:?}, which names no module"),
    };
    ((*name).to_owned(), uses)
}

/// The texts between pairs of backquotes.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

#[test]
fn rows_are_read() {
    let table = Table::read(
        "// # Modules\n//\n// Text.\n//\n// | a | b | c |\n// |---|---|---|\n// | `x` | y | `z`, `u` |\n// | `z` | y | nothing |\n// | `u` | `y` | what is public |\n\nmod x;",
    );
    assert_eq!(table.names().collect::<Vec<_>>(), ["x", "z", "u"]);
    assert!(matches!(table.uses("x"), Uses::Modules(uses) if uses.iter().eq(["u", "z"])));
    assert!(matches!(table.uses("z"), Uses::Modules(uses) if uses.is_empty()));
    assert!(matches!(table.uses("u"), Uses::Public));
}
