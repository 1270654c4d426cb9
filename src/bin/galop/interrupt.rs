//! Interruption by the user: the command stops and prints the counts so far.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::SIGINT;
use signal_hook::flag;

/// The exit code of a program that Ctrl-C has ended.
pub(crate) const EXIT_CODE: u8 = 130;

/// Becomes true when the user presses Ctrl-C. A second Ctrl-C ends the process.
#[derive(Clone, Debug, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Begins to listen. If that fails, Ctrl-C ends the process as usual.
    pub(crate) fn listen() -> Interrupt {
        let interrupt = Interrupt::default();
        // The first action runs before the second sets the flag, so the second Ctrl-C ends the process.
        let _ = flag::register_conditional_shutdown(SIGINT, i32::from(EXIT_CODE), Arc::clone(&interrupt.0))
            .and_then(|_| flag::register(SIGINT, Arc::clone(&interrupt.0)));
        interrupt
    }

    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
