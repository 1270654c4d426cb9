"""Matches events with patterns from two files of one per line: crossing.py PATTERNS EVENTS SECONDS

Prints the number of matches, a checksum of the ids, and the nanoseconds per event, one by one and in a batch.
See examples/run.
"""

import ctypes
import itertools
import sys
import time

import galop


def main(pattern_file, event_file, seconds):
    rules = galop.Rules()
    with open(pattern_file, "rb") as file:
        for pattern in file:
            rules.add(pattern)
    matcher, scratch = galop.Matcher(rules), galop.Scratch()

    with open(event_file, "rb") as file:
        events = file.readlines()
    joined = b"".join(events)
    offsets = (ctypes.c_size_t * (len(events) + 1))(0, *itertools.accumulate(map(len, events)))

    best = best_batch = float("inf")
    end = time.monotonic() + float(seconds)
    while time.monotonic() < end or best_batch == float("inf"):
        matches = checksum = 0
        start = time.perf_counter_ns()
        for event in events:
            if ids := matcher.match(scratch, event):
                matches += len(ids)
                checksum += sum(ids) + len(ids)
        middle = time.perf_counter_ns()
        ids, starts = matcher.match_batch(scratch, joined, offsets)
        batch = (len(ids), sum(ids) + len(ids))
        stop = time.perf_counter_ns()
        best, best_batch = min(best, middle - start), min(best_batch, stop - middle)
        assert batch == (matches, checksum) and starts[-1] == matches, "the batch has other matches"
    print(f"{matches} {checksum} {best / len(events):.1f} {best_batch / len(events):.1f}")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: crossing.py PATTERNS EVENTS SECONDS")
    try:
        main(*sys.argv[1:])
    except galop.Error as error:
        sys.exit(str(error))
