//! Shows the progress of a long run on a terminal.

use std::cell::OnceCell;
use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::source::Source;

/// The minimum duration of a run that shows progress.
const DELAY: Duration = Duration::from_millis(500);

/// A line on standard error, if standard error is a terminal.
pub(crate) struct Progress {
    bar: OnceCell<ProgressBar>,
    /// `None` if progress is hidden.
    start: Option<Instant>,
    /// The total length of the input, if known.
    length: Option<u64>,
    consumed: Arc<AtomicU64>,
}

impl Progress {
    /// Returns a new progress line. `consumed` counts the bytes read from the sources, before
    /// decompression.
    pub(crate) fn start(sources: &[Source], consumed: &Arc<AtomicU64>, wanted: bool) -> Progress {
        let wanted = wanted && io::stderr().is_terminal();
        Progress {
            bar: OnceCell::new(),
            start: wanted.then(Instant::now),
            length: sources.iter().map(Source::length).sum(),
            consumed: Arc::clone(consumed),
        }
    }

    pub(crate) fn update(&self, events: u64) {
        let Some(elapsed) = self.start.map(|start| start.elapsed()).filter(|elapsed| *elapsed >= DELAY)
        else {
            return;
        };
        let bar = self.bar.get_or_init(|| bar(self.length).with_elapsed(elapsed));
        bar.set_message(format!("{events} events"));
        bar.set_position(self.consumed.load(Ordering::Relaxed));
    }

    /// Runs `action` with the progress line hidden.
    pub(crate) fn suspend(&self, action: impl FnOnce()) {
        match self.bar.get() {
            Some(bar) => bar.suspend(action),
            None => action(),
        }
    }

    pub(crate) fn finish(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

fn bar(length: Option<u64>) -> ProgressBar {
    let (bar, template) = match length {
        Some(length) => (ProgressBar::new(length), "{bar:30} {bytes}/{total_bytes}, {msg}, {eta} left"),
        None => (ProgressBar::no_length(), "{spinner} {bytes}, {msg}, {elapsed}"),
    };
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
