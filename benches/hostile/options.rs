//! The arguments.

use std::time::Duration;

use crate::workload::trial;

/// What is measured, and how long.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Only what has one of these texts in its name.
    only: Vec<String>,
    /// Whether a figure out of its bound makes the program fail.
    pub(crate) check: bool,
    quick: bool,
    /// The one thing that this process measures for another one.
    pub(crate) child: Option<String>,
}

impl Options {
    pub(crate) fn read() -> Options {
        let mut options = Options { only: Vec::new(), check: false, quick: false, child: None };
        let mut arguments = std::env::args().skip(1);
        while let Some(argument) = arguments.next() {
            match &*argument {
                "--check" => options.check = true,
                "--quick" => options.quick = true,
                "--only" => options.only.extend(arguments.next()),
                "--child" => options.child = arguments.next(),
                // What harnesses know and this program does not is no fault of the caller.
                other if other.starts_with('-') => {}
                name => options.only.push(name.to_owned()),
            }
        }
        options
    }

    /// The arguments for a process that measures one thing.
    pub(crate) fn of_child(&self, name: &str) -> Vec<String> {
        let mut arguments = vec!["--child".to_owned(), name.to_owned()];
        arguments.push(if trial() { "--test" } else { "--bench" }.to_owned());
        arguments.extend(self.quick.then(|| "--quick".to_owned()));
        arguments
    }

    pub(crate) fn includes(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| name.contains(text))
    }

    /// How long one step of a measurement may take before it is given up.
    pub(crate) fn deadline(&self) -> Duration {
        Duration::from_secs(if trial() {
            120
        } else if self.quick {
            4
        } else {
            8
        })
    }

    /// How long the rounds of one set may take together.
    pub(crate) fn budget(&self) -> Duration {
        Duration::from_millis(if self.quick { 500 } else { 1_200 })
    }

    /// How many ordinary events are matched.
    pub(crate) fn events(&self) -> usize {
        if trial() { 20 } else { 4_000 }
    }

    /// How many rules the other tenants have.
    pub(crate) fn ordinary_rules(&self) -> usize {
        if trial() { 200 } else { 10_000 }
    }
}
