"""Compares the answers of an engine with the answers of the oracle, and finds the smallest example of each kind of fault."""

import json
import time

from engines import GaveUp, Process


def read(path):
    """The refused rules, and the matching rules of each event."""
    refused, *answers = path.read_text().splitlines()
    ids = lambda line: {int(number) for number in line.split(",") if number}
    return ids(refused), [ids(line) for line in answers]


class Difference:
    """The differences between an engine and the oracle, without the rules that the engine refused."""

    def __init__(self, refused, answers, expected):
        self.false = [(event, rule) for event, ids in enumerate(answers) for rule in ids - expected[event]]
        self.missed = [
            (event, rule) for event, ids in enumerate(answers) for rule in expected[event] - ids - refused
        ]

    def __str__(self):
        if not self.false and not self.missed:
            return "none"
        rules = len({rule for _, rule in self.false + self.missed})
        return f"{len(self.false)} false, {len(self.missed)} missed ({rules} rules)"

    def examples(self, count):
        """One event for each of a few rules: equal numbers of false matches and missed matches, if there are enough."""
        by_rule = [{rule: event for event, rule in reversed(pairs)} for pairs in (self.false, self.missed)]
        return [(event, rule) for rules in by_rule for rule, event in list(rules.items())[:count]]


class Shrinker:
    """Makes an example smaller while the engine stays wrong about it."""

    def __init__(self, engine, oracle, rules, events, seconds):
        self.engine = Process(engine, rules, events)
        self.oracle = Process(oracle, rules, events)
        self.until = time.monotonic() + seconds

    def wrong(self, event, rule, before=(), after=()):
        """The wrong answer for the rule, with other rules added before and after it; None if the answer is right."""
        if time.monotonic() > self.until:
            return None
        try:
            answer = self.engine.ask("try", event, *before, rule, *after, timeout=30)
            valid, right = self.oracle.ask("try", event, rule)
        except GaveUp:
            self.until = 0
            return None
        said = str(len(before)) in answer[1].split(",")
        if "false" in (answer[0], valid) or said == bool(right):
            return None
        return "matched" if said else "missed"

    def shrink(self, event, rule, before, after):
        """A sentence with the smallest rule, event and other rules found. All of them are texts."""
        if self.wrong(event, rule):
            before, after = [], []
        else:
            after = fewer(after, lambda some: self.wrong(event, rule, before, some))
            before = fewer(before, lambda some: self.wrong(event, rule, some, after))
        rule = smaller(rule, lambda one: self.wrong(event, one, before, after))
        for others in (before, after):
            for at, other in enumerate(others[:5]):
                others[at] = smaller(other, lambda one: self.wrong(event, rule, *replaced(before, after, other, one)))
        event = smaller(event, lambda one: self.wrong(one, rule, before, after))
        said = self.wrong(event, rule, before, after)
        if not said or len(before) + len(after) > 5:
            return f"wrong about `{rule}`, but only beside other rules, and they could not be made few in the time given"
        beside = "".join(f", `{other}`" for other in before + after)
        return f"{said} `{rule}` on `{event}`" + (f" beside {beside[2:]}" if beside else "")

    def stop(self):
        self.engine.stop()
        self.oracle.stop()


def replaced(before, after, old, new):
    return [[new if rule == old else rule for rule in rules] for rules in (before, after)]


def fewer(parts, keeps):
    """A short list that still has the property of the long one (delta debugging: Zeller and Hildebrandt, 2002)."""
    if not parts or keeps([]):
        return []
    pieces = 2
    while len(parts) > 1:
        size = -(-len(parts) // pieces)
        cuts = range(0, len(parts), size)
        some = [parts[at : at + size] for at in cuts] + [parts[:at] + parts[at + size :] for at in cuts]
        found = next((some for some in some if len(some) < len(parts) and keeps(some)), None)
        if found is not None:
            parts, pieces = found, 2
        elif size == 1:
            break
        else:
            pieces = min(len(parts), pieces * 2)
    return parts


def smaller(text, keeps):
    """A JSON text without the parts that the property does not need."""
    while True:
        texts = (json.dumps(less, ensure_ascii=False) for less in without_a_part(json.loads(text)))
        found = next((less for less in texts if keeps(less)), None)
        if found is None:
            return text
        text = found


def without_a_part(value):
    """The variants of a value without one of its parts: large parts first, no object or list becomes empty."""
    if isinstance(value, dict):
        for name in value if len(value) > 1 else ():
            yield {other: part for other, part in value.items() if other != name}
        for name, part in value.items():
            for less in without_a_part(part):
                yield {**value, name: less}
    if isinstance(value, list):
        for at in range(len(value)) if len(value) > 1 else ():
            yield value[:at] + value[at + 1 :]
        for at, part in enumerate(value):
            for less in without_a_part(part):
                yield [*value[:at], less, *value[at + 1 :]]
