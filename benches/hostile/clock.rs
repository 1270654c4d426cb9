//! Processor time, so that other processes have little effect on the figures.
//!
//! On Linux, the processor time of a thread or a process is read from `/proc`. Other systems use
//! the time of the wall clock.

use std::fs;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// The processor time of this thread since a start.
pub(crate) struct Stopwatch(Duration);

impl Stopwatch {
    pub(crate) fn start() -> Stopwatch {
        Stopwatch(thread_time())
    }

    /// Returns the time since the start, without the time of the stopwatch itself.
    pub(crate) fn elapsed(&self) -> Duration {
        static OWN: OnceLock<Duration> = OnceLock::new();
        let since = |start: &Stopwatch| thread_time().saturating_sub(start.0);
        let elapsed = since(self);
        let own = OWN.get_or_init(|| (0..50).map(|_| since(&Stopwatch::start())).min().unwrap_or_default());
        elapsed.saturating_sub(*own).max(Duration::from_nanos(1))
    }

    pub(crate) fn seconds(&self) -> f64 {
        self.elapsed().as_secs_f64()
    }
}

fn thread_time() -> Duration {
    // The system updates the figure when the thread yields.
    thread::yield_now();
    let nanoseconds = fs::read_to_string("/proc/thread-self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse().ok());
    nanoseconds.map_or_else(wall_time, Duration::from_nanos)
}

/// The time since the first call.
fn wall_time() -> Duration {
    static START: OnceLock<Instant> = OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}

/// The processor time of all threads of a process, in steps of hundredths of a second.
pub(crate) fn process_time(process: u32) -> Duration {
    fs::read_to_string(format!("/proc/{process}/stat"))
        .ok()
        .and_then(|text| ticks(&text))
        .map_or_else(wall_time, |ticks| Duration::from_millis(ticks * 10))
}

/// The sum of the user and the system time: fields 14 and 15. The second field is a name in parentheses.
fn ticks(stat: &str) -> Option<u64> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: u64 = fields.next()?.parse().ok()?;
    let system: u64 = fields.next()?.parse().ok()?;
    Some(user + system)
}
