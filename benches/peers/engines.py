"""The engines under test: how to obtain and build each, and the protocol of a running engine.

A running engine reads commands from standard input, their words separated by tabs, and answers each with one line:

    add                     add all rules            -> seconds, number of rules refused
    run THREADS SECONDS     match all events         -> events matched, rules they fit, seconds
    answers FILE COUNT      match the first events   -> a file: the refused rules, then the rules of each event
    try EVENT RULE...       match one event against a set of its own -> whether a rule was taken, the rules that fit
"""

import dataclasses
import pathlib
import re
import select
import subprocess
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent


class GaveUp(Exception):
    """An engine that did not answer in time, or died."""


@dataclasses.dataclass(frozen=True)
class Engine:
    """A program in one of its modes."""

    name: str
    version: str
    mode: str
    command: tuple

    @property
    def ours(self):
        return self.name == "galop"

    def __str__(self):
        return f"{self.name} {self.mode}"


class Process:
    """An engine that has read rules and events."""

    def __init__(self, engine, rules, events):
        self.engine = engine
        self.child = subprocess.Popen(
            [*engine.command, engine.mode, rules, events], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        self.pending = b""
        self.line(120)
        self.before = self.memory("VmRSS")

    def ask(self, *words, timeout=120):
        try:
            self.child.stdin.write(("\t".join(map(str, words)) + "\n").encode())
        except BrokenPipeError as error:
            raise GaveUp("it died") from error
        return self.line(timeout).split("\t")

    def line(self, timeout):
        until = time.monotonic() + timeout
        while b"\n" not in self.pending:
            ready, _, _ = select.select([self.child.stdout], [], [], max(0, until - time.monotonic()))
            more = self.child.stdout.read(65536) if ready else b""
            if not more:
                self.stop()
                raise GaveUp("it died" if ready else f"not done in {timeout:.0f} s")
            self.pending += more
        line, self.pending = self.pending.split(b"\n", 1)
        return line.decode()

    def memory(self, field):
        """Megabytes that the system counts for the process; None if the system does not report them."""
        try:
            status = pathlib.Path(f"/proc/{self.child.pid}/status").read_text()
        except FileNotFoundError:
            return None
        return int(re.search(rf"{field}:\s+(\d+) kB", status)[1]) / 1024

    def grown(self):
        """The peak of memory since the texts were read."""
        peak = self.memory("VmHWM")
        return peak - self.before if peak else None

    def stop(self):
        self.child.kill()
        self.child.wait()


def obtain(names):
    """Builds the oracle and the wanted engines. Returns the oracle, the engines, and a line for each missing one."""
    oracle, *engines = rust()
    missing = []
    for name, build in (("event-ruler", java), ("quamina (Go)", go)):
        if name not in names:
            continue
        try:
            engines += build()
        except (OSError, subprocess.CalledProcessError) as error:
            reason = (getattr(error, "output", "") or str(error)).strip().splitlines()[-1].rsplit(": ", 1)[-1]
            missing.append(f"{name} is missing, as it could not be obtained: {reason}")
    return oracle, [engine for engine in engines if engine.name in names], missing


def build(folder, *commands):
    for command in commands:
        subprocess.run(command, cwd=folder, check=True, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def rust():
    folder = HERE / "rust"
    build(folder, ["cargo", "build", "--release", "--quiet", "--target-dir", "target"])
    version = re.search(r'name = "quamina"\nversion = "(.*)"', (folder / "Cargo.lock").read_text())[1]

    def engine(program, name, version, mode):
        return Engine(name, version, mode, (folder / "target/release" / program,))

    return [
        engine("oracle", "oracle", "", ""),
        *(engine("galop", "galop", commit(), mode) for mode in ("validating", "trusted")),
        *(engine("quamina", "quamina (Rust)", version, mode) for mode in ("comfort", "speed")),
    ]


def java():
    folder = HERE / "java"
    build(
        folder,
        ["mvn", "--batch-mode", "--quiet", "-DoutputDirectory=target/lib", "dependency:copy-dependencies"],
        ["javac", "-cp", "target/lib/*", "-d", "target", "RulerPeer.java"],
    )
    version = next(folder.glob("target/lib/event-ruler-*.jar")).stem.removeprefix("event-ruler-")
    paths = f"{folder}/target:{folder}/target/lib/*"
    command = ("java", "-Xms1g", "-Xmx8g", "-XX:+UseParallelGC", "-cp", paths, "RulerPeer")
    return [Engine("event-ruler", version, mode, command) for mode in ("default", "state-reuse")]


def go():
    folder = HERE / "go"
    build(folder, ["go", "get", "quamina.net/go/quamina/v2"], ["go", "build", "-o", "peer", "."])
    module = ["go", "list", "-m", "-f", "{{.Version}}", "quamina.net/go/quamina/v2"]
    version = subprocess.check_output(module, cwd=folder, text=True).strip()
    return [Engine("quamina (Go)", version, "default", (folder / "peer",))]


def commit():
    head = subprocess.check_output(["git", "rev-parse", "--short=10", "HEAD"], cwd=ROOT, text=True).strip()
    changed = subprocess.check_output(["git", "status", "--porcelain", "--", "src"], cwd=ROOT, text=True)
    return f"{head} with changes" if changed else head
