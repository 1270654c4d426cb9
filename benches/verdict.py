#!/usr/bin/env python3
"""Measures how often the verdict of `galop bench` is right.

    benches/verdict.py                          20 comparisons of each kind, in about ten minutes
    benches/verdict.py --runs 5 --seconds 0.5   a quick look
    benches/verdict.py --rules R --events E     over other rules and events than the samples of the corpus

A result is saved, and unchanged rules are compared with it: at most one comparison in twenty may find a difference.
Then rules are added until an event takes 10 % more time, and at least nineteen comparisons in twenty must find
that. --compare and --against are examined in turn.

The number of added rules is found with --against and long rounds: the two sets are measured in turn, so the median
ratio of many rounds is exact to a hundredth. The added rules match every event, which takes each of them as long, so
their number sets the slowdown finely.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent

SLOWDOWN = 1.10
# The slowdown that is made may be this much greater, and not smaller.
TOLERANCE = 0.01


def main():
    args = arguments()
    galop = args.galop or build()
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(galop, args, pathlib.Path(folder))
        print(f"{bench.commit()}; {processor()}; load {os.getloadavg()[0]:.1f} at the start", flush=True)
        added, ratio = bench.slowdown()
        print(f"{added} added rules take x{ratio:.3f} of the time (--against, long rounds)", flush=True)
        trouble = []
        for kind in ("--compare", "--against"):
            for name, rules, wanted in (("unchanged", [], "none"), ("slower", [bench.extra], "slower")):
                verdicts, ratios = bench.verdicts(kind, rules, args.runs)
                right = verdicts.count(wanted)
                shown = " ".join(f"{value:.3f}" for value in sorted(ratios))
                print(f"{kind}, {name} rules: {right} of {args.runs} verdicts are right; ratios {shown}", flush=True)
                if args.runs - right > max(1, args.runs // 20):
                    trouble.append(f"{kind}, {name}")
    if trouble:
        sys.exit(f"too many wrong verdicts: {'; '.join(trouble)}")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rules", default=ROOT / "corpus/rulesets", help="rules to measure")
    parser.add_argument("--events", default=ROOT / "corpus/events", help="events to match")
    parser.add_argument("--runs", type=int, default=20, help="comparisons of each kind")
    parser.add_argument("--seconds", type=float, default=2.0, help="--seconds of each run")
    parser.add_argument("--galop", help="program; by default it is built with the profile `dist`")
    return parser.parse_args()


def build():
    command = ["cargo", "build", "--quiet", "--locked", "--profile", "dist", "--features", "cli", "--bin", "galop"]
    subprocess.run(command, cwd=ROOT, check=True)
    return pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "dist/galop"


def processor():
    try:
        names = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]
        return f"{len(names)} processors, {names[0].split(':')[1].strip()}"
    except (OSError, IndexError):
        return "unknown processor"


class Bench:
    def __init__(self, galop, args, folder):
        self.galop, self.args, self.folder = galop, args, folder
        self.extra = folder / "extra.jsonl"

    def run(self, rules, *options, seconds=None):
        """Returns the result of a run. The exit status 1 is the verdict "slower"."""
        command = [self.galop, "bench", "--jobs", "1", "--format", "json"]
        for path in [self.args.rules, *rules]:
            command += ["--rules", path]
        command += ["--seconds", str(seconds or self.args.seconds), *options, self.args.events]
        run = subprocess.run(command, stdout=subprocess.PIPE, text=True)
        if run.returncode not in (0, 1):
            sys.exit(f"{command}: exit status {run.returncode}")
        return json.loads(run.stdout)

    def commit(self):
        git = subprocess.run(["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True)
        return f"commit {git.stdout.strip() or 'unknown'}"

    def add(self, count):
        """Writes rules that every event matches."""
        with open(self.extra, "w") as file:
            for i in range(count):
                pattern = {f"absent-{i}": [{"exists": False}]}
                file.write(json.dumps({"id": f"extra-{i}", "pattern": pattern}) + "\n")

    def slowdown(self):
        """Adds as many rules as take 10 % more time. Returns their number and the ratio."""
        few, many = 0, 16
        while (ratio := self.ratio(many)) < SLOWDOWN:
            few, many = many, many * 2
            if many > 100_000:
                sys.exit("added rules do not take 10 % more time")
        # Nearer than this, the noise decides.
        while ratio > SLOWDOWN + TOLERANCE and many - few > 1:
            middle = (few + many) // 2
            middle_ratio = self.ratio(middle)
            if middle_ratio < SLOWDOWN:
                few = middle
            else:
                many, ratio = middle, middle_ratio
        self.add(many)
        return many, ratio

    def ratio(self, count):
        self.add(count)
        against = ["--against", self.args.rules, "--rounds", "40"]
        return self.run([self.extra], *against, seconds=6)["comparison"]["time"]["ratio"]

    def verdicts(self, kind, rules, runs):
        options = ["--against", self.args.rules]
        if kind == "--compare":
            saved = self.folder / "saved.json"
            self.run([], "--save", saved)
            options = ["--compare", saved]
        times = [self.run(rules, *options)["comparison"]["time"] for _ in range(runs)]
        return [time["verdict"] for time in times], [time["ratio"] for time in times]


main()
