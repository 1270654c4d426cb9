//! Processes of tests. Each ends within a time limit, or is killed and reported as a failure.

use std::io::{self, Read, Write};
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// The time limit of a test program, generous for a slow machine under load.
pub const LIMIT: Duration = Duration::from_secs(300);

/// The maximum wait for the output of a process that has ended. A child of the process may hold the
/// pipes open.
const AFTERWARDS: Duration = Duration::from_secs(30);

/// A process with pipes, which is killed at its time limit.
///
/// Reads from its pipes and writes to them return at the latest then.
pub struct Process {
    child: Arc<Mutex<Watched>>,
    /// Dropped with the process, which ends the watch.
    _watch: Sender<()>,
    limit: Duration,
    name: String,
}

struct Watched {
    child: Child,
    is_killed: bool,
}

fn lock(child: &Mutex<Watched>) -> MutexGuard<'_, Watched> {
    child.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Process {
    /// Starts a process.
    pub fn start(command: &mut Command, limit: Duration) -> Result<Process, String> {
        let child = command.spawn().map_err(|error| {
            let name = command.get_program().to_string_lossy();
            format!("`{name}` could not be started, and there is no test without it: {error}")
        })?;
        let child = Arc::new(Mutex::new(Watched { child, is_killed: false }));
        let (watch, over) = channel();
        let watched = Arc::clone(&child);
        thread::spawn(move || {
            if over.recv_timeout(limit) == Err(RecvTimeoutError::Timeout) {
                let mut watched = lock(&watched);
                // A process that has ended must not be killed, because its id may be reused.
                if matches!(watched.child.try_wait(), Ok(None)) {
                    watched.is_killed = watched.child.kill().is_ok();
                }
            }
        });
        Ok(Process { child, _watch: watch, limit, name: format!("{command:?}") })
    }

    pub fn id(&self) -> u32 {
        lock(&self.child).child.id()
    }

    pub fn stdin(&self) -> Option<ChildStdin> {
        lock(&self.child).child.stdin.take()
    }

    pub fn stdout(&self) -> Option<ChildStdout> {
        lock(&self.child).child.stdout.take()
    }

    pub fn stderr(&self) -> Option<ChildStderr> {
        lock(&self.child).child.stderr.take()
    }

    /// Returns the exit status if the process has ended.
    pub fn ended(&self) -> Result<Option<ExitStatus>, String> {
        let mut watched = lock(&self.child);
        let status = watched.child.try_wait().map_err(|error| error.to_string())?;
        if status.is_some() && watched.is_killed {
            return Err(format!("{} had not ended after {:?}, and was killed", self.name, self.limit));
        }
        Ok(status)
    }

    /// Waits for the end.
    pub fn wait(&self) -> Result<ExitStatus, String> {
        let mut pause = Duration::from_micros(200);
        loop {
            if let Some(status) = self.ended()? {
                return Ok(status);
            }
            thread::sleep(pause);
            pause = (pause * 2).min(Duration::from_millis(20));
        }
    }
}

impl Drop for Process {
    /// A failed test leaves no process running.
    fn drop(&mut self) {
        let mut watched = lock(&self.child);
        if matches!(watched.child.try_wait(), Ok(None)) {
            drop(watched.child.kill());
            drop(watched.child.wait());
        }
    }
}

/// Runs a command with the input. Returns the exit status and the output.
pub fn output(command: &mut Command, input: &[u8], limit: Duration) -> Result<Output, String> {
    let pipes = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let process = Process::start(pipes, limit)?;
    let (mut stdin, input) = (process.stdin(), input.to_vec());
    // The threads are not joined, because a child of the process may hold a pipe open.
    thread::spawn(move || {
        // The program may end without reading all of the input.
        if let Some(mut stdin) = stdin.take() {
            drop(stdin.write_all(&input));
        }
    });
    let (stdout, stderr) = (read(process.stdout()), read(process.stderr()));
    let status = process.wait();
    let end = Instant::now() + AFTERWARDS;
    let rest = |of: Receiver<io::Result<Vec<u8>>>| {
        let left = end.saturating_duration_since(Instant::now());
        of.recv_timeout(left).map_err(|_| format!("{} has left its output open", process.name))
    };
    let (stdout, stderr) = (rest(stdout), rest(stderr));
    let status = status.map_err(|killed| {
        let shown = |text: &Result<io::Result<Vec<u8>>, String>| match text {
            Ok(Ok(text)) => String::from_utf8_lossy(text).chars().take(2_000).collect(),
            _ => String::new(),
        };
        format!("{killed}\n{}{}", shown(&stdout), shown(&stderr))
    })?;
    let (stdout, stderr) = (stdout?.map_err(|e| e.to_string())?, stderr?.map_err(|e| e.to_string())?);
    Ok(Output { status, stdout, stderr })
}

/// Reads to the end in a separate thread.
fn read(stream: Option<impl Read + Send + 'static>) -> Receiver<io::Result<Vec<u8>>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut text = Vec::new();
        let result = stream.map_or(Ok(0), |mut stream| stream.read_to_end(&mut text));
        // The send fails if the receiver is dropped.
        drop(sender.send(result.map(|_| text)));
    });
    receiver
}

#[cfg(all(test, unix))]
mod tests {
    use std::process::Command;
    use std::time::{Duration, Instant};

    use super::output;

    #[test]
    fn process_past_its_limit_is_a_failure() {
        let start = Instant::now();
        let mut shell = Command::new("sh");
        let failure =
            output(shell.args(["-c", "echo begun; exec sleep 600"]), b"", Duration::from_millis(300));
        let message = failure.expect_err("the time is over");
        assert!(message.contains("had not ended after 300ms") && message.ends_with("\nbegun\n"), "{message}");
        assert!(start.elapsed() < Duration::from_secs(60));
    }

    #[test]
    fn process_within_its_limit_returns_its_output() {
        let mut shell = Command::new("sh");
        let echo = shell.args(["-c", "cat; echo wrong >&2; exit 3"]);
        let output = output(echo, b"right", Duration::from_secs(60)).expect("it ends");
        assert_eq!(
            (output.status.code(), &*output.stdout, &*output.stderr),
            (Some(3), &b"right"[..], &b"wrong\n"[..])
        );
    }
}
