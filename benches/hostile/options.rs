//! The command line of the bench.

use std::time::Duration;

use crate::workload::trial;

/// The selection of the measurements and their duration.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Measurements whose names contain none of the texts are left out. No text selects all.
    only: Vec<String>,
    /// True if the program fails when a figure is out of its bound.
    pub(crate) check: bool,
    quick: bool,
    /// The name of the measurement, in a child process.
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
                // Options of other harnesses, like `--bench`, are ignored.
                other if other.starts_with('-') => {}
                name => options.only.push(name.to_owned()),
            }
        }
        options
    }

    /// The arguments of a child process.
    pub(crate) fn of_child(&self, name: &str) -> Vec<String> {
        let mut arguments = vec!["--child".to_owned(), name.to_owned()];
        arguments.push(if trial() { "--test" } else { "--bench" }.to_owned());
        arguments.extend(self.quick.then(|| "--quick".to_owned()));
        arguments
    }

    pub(crate) fn includes(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|text| name.contains(text))
    }

    /// Returns the time after which a step of a measurement is stopped.
    pub(crate) fn deadline(&self) -> Duration {
        Duration::from_secs(if trial() {
            120
        } else if self.quick {
            4
        } else {
            8
        })
    }

    /// The time for all rounds of one set.
    pub(crate) fn budget(&self) -> Duration {
        Duration::from_millis(if self.quick { 500 } else { 1_200 })
    }

    /// The number of ordinary events.
    pub(crate) fn events(&self) -> usize {
        if trial() { 20 } else { 4_000 }
    }

    /// The number of ordinary rules.
    pub(crate) fn ordinary_rules(&self) -> usize {
        if trial() { 200 } else { 10_000 }
    }
}
