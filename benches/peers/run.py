#!/usr/bin/env python3
"""Compares galop with published engines for the same task: same rules, same events, one run.

    benches/peers/run.py --quick             the workloads of the README, in about ten minutes
    benches/peers/run.py                     all workloads, in about forty minutes
    benches/peers/run.py --only W2/rules=100 --only W1/exact

Needs Python 3.9, cargo, and for the engines in other languages mvn with a JDK, and go. An unavailable engine is left
out and named. The rules and events are written by galop's own benches (`--bench profile`) from a fixed seed.

All engines of a workload run at once, and only one at a time works. They are measured in turns, first in
one order and then in the other, and the figure of each is the median of its turns. Every engine runs the same
loop: match the next 64 events, read the clock. All modes of a rival are measured, except those that are
much slower than another after warming up, and the fastest counts. No rules are rewritten: refused rules are counted, and
only reduce the work of the engine. The answers to the first events are compared with the oracle of galop's tests,
rule by rule.
"""

import argparse
import csv
import itertools
import os
import platform
import statistics
import subprocess
import sys

from answers import Difference, Shrinker, read
from engines import HERE, ROOT, GaveUp, Process, obtain

ENGINES = ["galop", "event-ruler", "quamina (Rust)", "quamina (Go)"]

W1 = """exact wildcard prefix prefix-equals-ignore-case suffix suffix-equals-ignore-case equals-ignore-case numeric
    anything-but anything-but-ignore-case anything-but-prefix anything-but-suffix anything-but-wildcard complex-arrays
    combo""".split()

QUICK = [*(f"W1/{kind}" for kind in W1), "W2/rules=1", "W2/rules=100", "W2/rules=1000", "W3/middle"]

FULL = [
    *(f"W1/{kind}" for kind in W1),
    *(f"W2/rules={rules}" for rules in (1, 10, 100, 1000, 10000, 100000)),
    *(f"W2/{mix}/rules={rules}" for mix in ("exact-only", "hot") for rules in (100, 1000, 10000)),
    "W2/many-matches/rules=1000",
    "W2/many-matches/rules=10000",
    "W2/negative-only/rules=1000",
    "W2/wildcard-heavy/rules=1000",
    *(f"W3/{place}" for place in ("start", "middle", "end")),
]


class Result:
    """The results of one engine in one mode for one workload."""

    def __init__(self, engine):
        self.engine = engine
        self.rates = {1: [], 2: []}
        self.add = self.refused = self.memory = self.difference = self.failure = None

    def rate(self, threads):
        return statistics.median(self.rates[threads]) if self.rates[threads] else 0


def main():
    options = arguments()
    names = options.only or (QUICK if options.quick else FULL)
    oracle, engines, missing = obtain(options.engine or ENGINES)
    write(names, options.events)

    results, examples = {}, []
    for name in names:
        print(f"# {name}", file=sys.stderr, flush=True)
        results[name] = measure(name, engines, oracle, options, examples)

    print(f"{machine()}\n")
    for engine in dict.fromkeys((engine.name, engine.version) for engine in engines):
        print(f"- {engine[0]} {engine[1]}")
    for line in missing:
        print(f"- {line}")
    if options.csv:
        record(results, options.csv)
    print(f"\n{table(results)}\n\n{details(results)}")
    if examples:
        print("\nThe smallest examples of wrong answers:\n\n" + "\n".join(f"- {line}" for line in examples))


def arguments():
    parser = argparse.ArgumentParser(description="Measures galop beside other engines.")
    parser.add_argument("--quick", action="store_true", help="fewer workloads, events, rounds and seconds")
    parser.add_argument("--only", action="append", metavar="NAME", help="this workload; may be repeated")
    parser.add_argument("--engine", action="append", choices=ENGINES, help="this engine; may be repeated")
    parser.add_argument("--events", type=int, help="events of each workload (20,000; quick 5,000)")
    parser.add_argument("--rounds", type=int, help="turns of each engine (5; quick 3)")
    parser.add_argument("--seconds", type=float, help="length of a turn (1; quick 0.5)")
    parser.add_argument("--warm-up", type=float, help="length of the turns that do not count: until there is no gain, at most 10 (1; quick 0.5)")
    parser.add_argument("--patience", type=float, help="seconds for adding all rules, and for an example (180; quick 30)")
    parser.add_argument("--sample", type=int, help="events whose answers are compared (1,000; quick 300)")
    parser.add_argument("--csv", metavar="FILE", help="writes the figures of one thread to a file, for benches/table.py")
    parser.add_argument("--examples", type=int, default=1, help="examples of each kind of wrong answer (1)")
    options = parser.parse_args()
    defaults = dict(events=20_000, rounds=5, seconds=1.0, warm_up=1.0, patience=180.0, sample=1_000)
    quick = dict(events=5_000, rounds=3, seconds=0.5, warm_up=0.5, patience=30.0, sample=300)
    for option, value in (quick if options.quick else defaults).items():
        if getattr(options, option) is None:
            setattr(options, option, value)
    return options


def files(name):
    stem = name.replace("/", "-")
    return HERE / "data" / f"{stem}.rules.jsonl", HERE / "data" / f"{stem}.events.ndjson"


def write(names, events):
    """Writes the workloads to files. The bench is built in the target folder of the package."""
    command = ["cargo", "bench", "--quiet", "--bench", "profile", "--", *names]
    command += ["--events", str(max(events, 1_000)), "--write", str(HERE / "data")]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def measure(name, engines, oracle, options, examples):
    rules, events = files(name)
    results = [Result(engine) for engine in engines]
    running = []
    for result in results:
        process = None
        try:
            process = Process(result.engine, rules, events)
            seconds, refused = process.ask("add", timeout=options.patience)
            result.add, result.refused = float(seconds), int(refused)
            running.append((warm_up(process, options.warm_up), result, process))
        except GaveUp as error:
            result.failure = f"gave up: {error}"
    running = without_slow_modes(running)
    for turn, threads in itertools.product(range(options.rounds), (1, 2)):
        for result, process in running[:: -1 if turn % 2 else 1]:
            done, _, seconds = process.ask("run", threads, options.seconds)
            result.rates[threads].append(int(done) / float(seconds))
    for result, process in running:
        result.memory = process.grown()

    _, expected = answers(Process(oracle, rules, events), options.sample, added=False)
    for result, process in running:
        refused, given = answers(process, options.sample, added=True)
        result.difference = Difference(refused, given, expected)
        if result.difference.false or result.difference.missed:
            examples += shrunken(result, oracle, name, options)
    return results


def warm_up(process, seconds):
    """Runs until the engine gets no faster, so that a just-in-time compiler finishes. Returns events per second."""
    best = 0
    for turn in range(10):
        done, _, taken = process.ask("run", 1, seconds)
        rate = int(done) / float(taken)
        if turn > 3 and rate < best * 1.05:
            break
        best = max(best, rate)
    return best


def without_slow_modes(running):
    """Stops every mode of a rival that is much slower than another. The best of the remaining modes counts."""
    chosen = []
    for rate, result, process in running:
        best = max(other for other, rival, _ in running if rival.engine.name == result.engine.name)
        if result.engine.ours or rate > best * 0.6:
            chosen.append((result, process))
        else:
            process.stop()
            result.failure = f"slower than its other mode: {short(rate)}"
    return chosen


def answers(process, sample, added):
    """The answers of the engine for the first events. The engine is stopped afterwards."""
    path = HERE / "data" / "answers"
    try:
        if not added:
            process.ask("add", timeout=600)
        process.ask("answers", path, sample, timeout=1200)
        return read(path)
    finally:
        process.stop()


def shrunken(result, oracle, name, options):
    rules, events = files(name)
    rule_lines, event_lines = (path.read_text().splitlines() for path in (rules, events))
    for event, rule in result.difference.examples(options.examples):
        shrinker = Shrinker(result.engine, oracle, rules, events, options.patience)
        others = rule_lines[:rule], rule_lines[rule + 1 :]
        yield f"{result.engine}, {name}: {shrinker.shrink(event_lines[event], rule_lines[rule], *others)}"
        shrinker.stop()


def table(results):
    """One line for each workload: events per second on one thread, every engine in its best mode."""
    ours = list(dict.fromkeys(str(result.engine) for result in next(iter(results.values())) if result.engine.ours))
    rivals = list(
        dict.fromkeys(result.engine.name for result in next(iter(results.values())) if not result.engine.ours)
    )
    lines = [["events/s, one thread", *rivals, *itertools.chain(*((mode, "to the best rival") for mode in ours))]]
    for name, row in results.items():
        rates = {str(result.engine): result.rate(1) for result in row}
        # An engine that refuses every rule has no work, so it is left out of the comparison.
        rules = len(files(name)[0].read_text().splitlines())
        idle = {result.engine.name for result in row if result.refused and result.refused >= rules}
        best = {rival: max(result.rate(1) for result in row if result.engine.name == rival) for rival in rivals}
        top = max((rate for rival, rate in best.items() if rival not in idle), default=0)
        line = [name, *("refuses all" if rival in idle else short(best[rival]) for rival in rivals)]
        for mode in ours:
            line += [short(rates[mode]), f"{rates[mode] / top:,.1f}x" if top else "–"]
        lines.append(line)
    return markdown(lines)


def record(results, path):
    """Writes one line for each workload and mode. An engine that was not measured has no rate, but the reason."""
    with open(path, "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["workload", "engine", "mode", "events_per_second", "refused", "wrong"])
        for name, row in results.items():
            rules = len(files(name)[0].read_text().splitlines())
            for result in row:
                if result.failure:
                    rate, refused, wrong = "", result.failure, ""
                else:
                    rate = f"{result.rate(1):.0f}"
                    refused = "all" if result.refused >= rules else result.refused
                    wrong = "" if str(result.difference) == "none" else str(result.difference)
                writer.writerow([name, result.engine.name, result.engine.mode, rate, refused, wrong])


def details(results):
    """One line for each workload and engine, with all measurements."""
    lines = [["workload", "engine", "events/s, 1 thread", "2 threads", "added in", "memory", "refused", "wrong answers"]]
    for name, row in results.items():
        for result in row:
            if result.failure:
                lines.append([name, str(result.engine), result.failure, *["–"] * 5])
                continue
            memory = f"{result.memory:,.0f} MB" if result.memory is not None else "–"
            lines.append([
                name,
                str(result.engine),
                short(result.rate(1)),
                f"{short(result.rate(2))} ({result.rate(2) / result.rate(1):.2f}x)",
                f"{result.add:,.3f} s",
                memory,
                f"{result.refused:,}" if result.refused else "–",
                str(result.difference),
            ])
    return markdown(lines)


def short(rate):
    if not rate:
        return "–"
    for limit, divisor, unit in ((1e6, 1e6, "M"), (1e3, 1e3, "k")):
        if rate >= limit:
            digits = 2 if rate < 10 * limit else 1 if rate < 100 * limit else 0
            return f"{rate / divisor:.{digits}f}{unit}"
    return f"{rate:.0f}"


def markdown(lines):
    head, *body = lines
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "\n".join("| " + " | ".join(line) + " |" for line in (head, rule, *body))


def machine():
    try:
        model = next(line for line in open("/proc/cpuinfo") if line.startswith("model name")).split(":")[1].strip()
    except (OSError, StopIteration):
        model = platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"


if __name__ == "__main__":
    main()
