#!/usr/bin/env python3
"""Writes the speed tables of README.md from the runs in benches/record.

    benches/table.py            writes the tables
    benches/table.py --check    fails if a table differs from its record

A table is between the comments `<!-- table: NAME -->` and `<!-- end of table -->`; NAME is a file in benches/record,
without `.csv`. `benches/peers/run.py --csv FILE` writes such a file. A rival counts with the fastest of its modes.
"""

import csv
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
README = HERE.parent / "README.md"
MARKED = re.compile(r"(<!-- table: (\S+) -->\n).*?(<!-- end of table -->)", re.DOTALL)

RIVALS = {"quamina (Rust)": "quamina", "event-ruler": "event-ruler"}

TITLES = {
    "W2/rules=1": "1.1 KB events, 1 rule",
    "W2/rules=100": "100 mixed rules",
    "W2/rules=1000": "1,000 mixed rules",
    "W2/rules=10000": "10,000 mixed rules",
    "W1/exact": "0.9 KB features, 5 exact rules",
    "W1/prefix": "`prefix`",
    "W1/prefix-equals-ignore-case": "`prefix`, ignoring case",
    "W1/suffix": "`suffix`",
    "W1/suffix-equals-ignore-case": "`suffix`, ignoring case",
    "W1/equals-ignore-case": "`equals-ignore-case`",
    "W1/wildcard": "`wildcard`",
    "W1/numeric": "`numeric`",
    "W1/anything-but": "`anything-but`",
    "W1/anything-but-ignore-case": "`anything-but`, ignoring case",
    "W1/anything-but-prefix": "`anything-but` `prefix`",
    "W1/anything-but-suffix": "`anything-but` `suffix`",
    "W1/anything-but-wildcard": "`anything-but` `wildcard`",
    "W1/complex-arrays": "arrays of coordinates",
    "W1/combo": "rules of all these kinds",
    "W3/middle": "14 KB document, middle field",
    "recorded/patterns": "795 recorded patterns",
    "recorded/sigma": "3,310 Sigma rules",
}


def main():
    text = README.read_text()
    written = MARKED.sub(lambda found: found[1] + table(found[2]) + found[3], text)
    if not MARKED.search(text):
        sys.exit("README.md has no tables")
    if "--check" not in sys.argv[1:]:
        README.write_text(written)
    elif written != text:
        sys.exit("the tables of README.md differ from benches/record: run benches/table.py")


def table(name):
    with open(HERE / "record" / f"{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    head = ["events per second", *RIVALS.values(), "galop", "", "trusted", ""]
    lines, notes = [head, ["---", *["---:"] * (len(head) - 1)]], []
    for workload in dict.fromkeys(row["workload"] for row in rows):
        mine = [row for row in rows if row["workload"] == workload]
        best = {rival: fastest([row for row in mine if row["engine"] == rival]) for rival in RIVALS}
        top = max((float(row["events_per_second"]) for row in best.values() if takes_part(row)), default=0)
        line = [TITLES[workload], *(cell(row) for row in best.values())]
        for mode in ("validating", "trusted"):
            rates = [float(row["events_per_second"]) for row in mine if row["engine"] == "galop" and row["mode"] == mode]
            line += [f"{rates[0]:,.0f}", times(rates[0] / top) if top else "–"] if rates else ["–", "–"]
        lines.append(line)
        notes += [f"{RIVALS[rival]}, {TITLES[workload]}: {difference(row)}." for rival, row in best.items() if difference(row)]
    body = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return body + "\n" + "".join(f"\n- \\* {note}" for note in notes) + ("\n" if notes else "")


def fastest(rows):
    """The row of the fastest mode; of modes without a figure, any."""
    return max(rows, key=lambda row: float(row["events_per_second"] or 0), default=None)


def takes_part(row):
    """Whether a rival did the work. An engine that refuses every rule has nothing to do."""
    return row is not None and row["events_per_second"] and row["refused"] != "all"


def cell(row):
    if row is None:
        return "–"
    if not takes_part(row):
        return "refuses all" if row["refused"] == "all" else row["refused"]
    return f"{float(row['events_per_second']):,.0f}" + (" \\*" if difference(row) else "")


def difference(row):
    """The rules that an engine refused, or was wrong about, in words."""
    if not takes_part(row):
        return ""
    refused = [] if row["refused"] == "0" else [f"{row['refused']} rules refused"]
    return ", ".join(refused + ([f"wrong answers: {row['wrong']}"] if row["wrong"] else []))


def times(ratio):
    return f"{ratio:.0f}x" if ratio >= 9.95 else f"{ratio:.1f}x"


if __name__ == "__main__":
    main()
