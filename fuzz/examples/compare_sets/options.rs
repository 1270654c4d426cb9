//! The arguments of the program.

use std::thread;
use std::time::Duration;

pub(crate) const USAGE: &str = "\
usage: compare_sets [--seconds N] [--seed S] [--jobs J] [--round R] [--world NAME=RULES[,EVENTS]]... | --kernels

  --seconds N   how long to draw new rounds; 60 unless given
  --seed S      what the rounds depend on; 1 unless given
  --jobs J      how many rounds run side by side; one for each processor unless given
  --round R     this round alone, as a report names it
  --world ...   recorded rules and events, JSON lines that may be compressed with gzip: a rule is the member `pattern`
                of its line, or the line; an event is a line, or the member `event` beside a pattern
  --kernels     prints the kernels that this machine can run, the default one first";

/// The options of a run.
pub(crate) struct Options {
    pub(crate) time: Duration,
    pub(crate) seed: u64,
    pub(crate) jobs: usize,
    pub(crate) round: Option<u64>,
    pub(crate) worlds: Vec<String>,
    pub(crate) kernels: bool,
}

impl Options {
    /// Reads the arguments. The error is a text for people.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = String>) -> Result<Options, String> {
        let jobs = thread::available_parallelism().map_or(1, usize::from);
        let mut options = Options {
            time: Duration::from_secs(60),
            seed: 1,
            jobs,
            round: None,
            worlds: Vec::new(),
            kernels: false,
        };
        while let Some(name) = arguments.next() {
            if name == "--kernels" {
                options.kernels = true;
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            let number = || value.parse::<u64>().map_err(|_| format!("{name} {value} is no number"));
            match &*name {
                "--seconds" => options.time = Duration::from_secs(number()?),
                "--seed" => options.seed = number()?,
                "--jobs" => options.jobs = number()?.clamp(1, 1_000) as usize,
                "--round" => options.round = Some(number()?),
                "--world" => options.worlds.push(value),
                _ => return Err(format!("there is no option {name}")),
            }
        }
        Ok(options)
    }
}
