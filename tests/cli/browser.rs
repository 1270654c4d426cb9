//! A headless Chromium, which takes commands of the DevTools protocol over a pipe.
//!
//! The environment variable `GALOP_CHROMIUM` is the path of Chromium, which must exist then. Without the variable,
//! a Chromium in `PATH` is used, and tests without one are skipped with a message.

use std::collections::VecDeque;
use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use galop_harness::process::Process;
use serde_json::{Value, json};

/// The time limit of a browser, and of each of its answers.
const LIMIT: Duration = Duration::from_secs(180);
const ANSWER: Duration = Duration::from_secs(60);

/// Chromium with one page.
pub(super) struct Browser {
    _process: Process,
    stdin: ChildStdin,
    messages: Receiver<Value>,
    /// Messages that are no answer to a command.
    events: VecDeque<Value>,
    commands: u64,
    session: Option<String>,
}

/// The reader of a page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    pub(super) width: u32,
    pub(super) is_dark: bool,
}

impl Browser {
    /// Starts Chromium with an empty profile in a directory. Returns `None` with a message if there is none.
    pub(super) fn start(dir: &Path) -> Option<Browser> {
        let Some(program) = chromium() else {
            eprintln!("skipped: there is no chromium");
            return None;
        };
        // The protocol uses the file descriptors 3 and 4. The shell makes them from its input and output.
        let mut command = Command::new("sh");
        command.arg("-c").arg("exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >chromium.log 2>&1").arg(&program);
        command.args([
            "--remote-debugging-pipe",
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
        ]);
        command.args(["--no-first-run", "--disable-background-networking", "--disable-component-update"]);
        command.args(["--disable-sync", "--disable-dev-shm-usage", "--hide-scrollbars"]);
        command.arg(format!("--user-data-dir={}", dir.join("profile").display())).current_dir(dir);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let process = Process::start(&mut command, LIMIT).unwrap();
        let (stdin, stdout) = (process.stdin().unwrap(), process.stdout().unwrap());
        let (sender, messages) = channel();
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut message = Vec::new();
            while stdout.read_until(0, &mut message).is_ok_and(|length| length > 0) {
                let text = message.strip_suffix(&[0]).unwrap_or(&message);
                if sender.send(serde_json::from_slice(text).unwrap_or(Value::Null)).is_err() {
                    break;
                }
                message.clear();
            }
        });
        let mut browser = Browser {
            _process: process,
            stdin,
            messages,
            events: VecDeque::new(),
            commands: 0,
            session: None,
        };
        let target = browser.ask("Target.createTarget", json!({"url": "about:blank"}));
        let target = json!({"targetId": target["targetId"], "flatten": true});
        let session = browser.ask("Target.attachToTarget", target);
        browser.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        for domain in ["Page", "Runtime", "Log", "Network"] {
            browser.ask(&format!("{domain}.enable"), json!({}));
        }
        Some(browser)
    }

    /// Opens a file, and waits until it is drawn.
    pub(super) fn open(&mut self, page: &Path, screen: Screen) {
        let size = json!({"width": screen.width, "height": 900, "deviceScaleFactor": 1, "mobile": false});
        self.ask("Emulation.setDeviceMetricsOverride", size);
        let scheme = if screen.is_dark { "dark" } else { "light" };
        let media = json!({"media": "", "features": [{"name": "prefers-color-scheme", "value": scheme}]});
        self.ask("Emulation.setEmulatedMedia", media);
        self.events.clear();
        self.ask("Page.navigate", json!({"url": url(page)}));
        let end = Instant::now() + ANSWER;
        while !self.events.iter().any(|event| event["method"] == "Page.loadEventFired") {
            let message = self.receive(end);
            self.events.push_back(message);
        }
    }

    /// Shows the page as it is printed.
    pub(super) fn print(&mut self) {
        let media =
            json!({"media": "print", "features": [{"name": "prefers-color-scheme", "value": "dark"}]});
        self.ask("Emulation.setEmulatedMedia", media);
    }

    /// Returns the value of an expression of JavaScript in the page.
    pub(super) fn evaluate(&mut self, expression: &str) -> Value {
        let question = json!({"expression": expression, "returnByValue": true, "awaitPromise": true});
        let answer = self.ask("Runtime.evaluate", question);
        assert!(answer["exceptionDetails"].is_null(), "{answer}");
        answer["result"]["value"].clone()
    }

    /// Returns the addresses that the page has requested since it was opened.
    pub(super) fn requests(&self) -> Vec<&str> {
        let requests = self.events.iter().filter(|event| event["method"] == "Network.requestWillBeSent");
        requests.map(|event| event["params"]["request"]["url"].as_str().unwrap()).collect()
    }

    /// Returns the errors and messages of the page since it was opened.
    pub(super) fn complaints(&self) -> Vec<&Value> {
        let is_complaint = |event: &&Value| {
            let methods = ["Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"];
            methods.iter().any(|method| event["method"] == *method)
        };
        self.events.iter().filter(is_complaint).collect()
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.commands += 1;
        let id = self.commands;
        let mut command = json!({"id": id, "method": method, "params": params});
        if let Some(session) = &self.session {
            command["sessionId"] = session.clone().into();
        }
        let mut text = command.to_string().into_bytes();
        text.push(0);
        self.stdin.write_all(&text).and_then(|()| self.stdin.flush()).expect("chromium has ended");
        let end = Instant::now() + ANSWER;
        loop {
            let message = self.receive(end);
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
            self.events.push_back(message);
        }
    }

    fn receive(&self, end: Instant) -> Value {
        let left = end.saturating_duration_since(Instant::now());
        self.messages.recv_timeout(left).expect("chromium has not answered; chromium.log has its messages")
    }
}

/// Returns the path of Chromium. Panics if the environment names a program that does not exist.
fn chromium() -> Option<PathBuf> {
    if let Some(path) = env::var_os("GALOP_CHROMIUM") {
        let path = PathBuf::from(path);
        assert!(path.is_file(), "GALOP_CHROMIUM is {}, which does not exist", path.display());
        return Some(path);
    }
    let path = env::var_os("PATH")?;
    let names = ["chromium", "chromium-browser", "google-chrome"];
    env::split_paths(&path).flat_map(|dir| names.map(|name| dir.join(name))).find(|file| file.is_file())
}

fn url(page: &Path) -> String {
    let path = page.to_str().expect("the path of a test is text");
    format!("file://{}", path.replace('%', "%25").replace(' ', "%20").replace('#', "%23"))
}
