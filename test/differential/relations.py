#!/usr/bin/env python3
"""Windows against themselves: what must stay the same when the input is changed in a way that does not matter. No oracle is needed.

  relations.py [--count N] [--seed S] [--millrace PATH] [--keep DIR]

shift      all times and the windows are later (or earlier) by a multiple of the windows' period: so are the results, nothing else
shuffle    records come in another order, none later than the watermark allows: aggregates that ignore order give the same
stranger   records of another key come between: those of the others are as they were
null       records come between whose value is null, of a key and a time that have one already: aggregates pass over them
filtered   records come between that a filter takes out, of any key, at that time or before it: nothing changes
"""
import argparse
import datetime
import json
import math
import os
import random
import re
import subprocess
import sys
import tempfile

from own import OWN
from run import ALGORITHMS, BATCHES
from windows import CLAUSES, KINDS, kind_of

EPOCH = datetime.datetime(1970, 1, 1)
UNITS = {"us": 1, "ms": 1000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000, "d": 86_400_000_000}
CALENDAR = 146_097 * UNITS["d"]  # 400 years: weeks and leap years come again
BOUND = 5_000_000                # of disorder
DEFINITIONS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../dialect/expr/Aggregates.def")
ARGUMENT = {"b": "v > 0", "t": "cast(v as string)"}  # of a parameter's letter; else an integer


def order_free():
    """How the aggregates are written that ignore the order of their integers, as Aggregates.def has it."""
    row = re.compile(r'^EXPR_AGGREGATE\("(\w+)", "([^"]*)", "([^"]*)", \'.\', (\w+),', re.M)
    with open(DEFINITIONS, encoding="utf-8") as f:
        rows = row.findall(f.read())
    written = {}
    for name, parameters, options, free in rows:
        if free == "Never":
            continue
        arguments = [ARGUMENT.get(letter, "v") for letter in parameters.replace("*?", "").replace("?", "")]
        arguments += ["0.3"] if "F" in options else []
        written["a_" + name] = "%s(%s)" % (name, ", ".join(arguments))
        if "d" in options:
            written["d_" + name] = "%s(distinct %s)" % (name, ", ".join(arguments))
    written["some"] = "count() where v > 50"
    written["own"] = "%ring(v)"
    return written


AGGREGATES = order_free()
RING = next(own.text for own in OWN if own.name == "ring")


def durations(clause):
    words = clause.split()
    return [int(a) * UNITS[b] for a, b in zip(words, words[1:]) if b in UNITS and a.isdigit()]


def period(clause):
    """What the windows may be moved by, in microseconds, so that they lie as before."""
    kind = kind_of(clause)
    if kind == "calendar":
        return CALENDAR
    if kind in ("session", "count"):
        return 1
    found = durations(clause.split(" offset ")[0])
    return math.lcm(*found) if kind == "cumulate" else found[-1]


def make_records(rng):
    """In the order of time: (time, key, value)."""
    time, records = 1_600_000_000_000_000 + rng.randrange(10**9), []
    for _ in range(rng.choice([20, 100, 400])):
        time += rng.choice([0, 1, 1000, 200_000, 900_000, 1_000_000, 3_000_000, 20_000_000])
        if rng.random() < 0.1:
            time = time // 1_000_000 * 1_000_000
        records.append((time, rng.choice("abc"), rng.randint(-100, 100)))
    return records


def shuffled(rng, records):
    """No record comes more than the bound behind one that is later."""
    order = sorted(((record[0] + rng.randint(0, BOUND), i) for i, record in enumerate(records)))
    return [records[i] for _, i in order]


class Windows:
    def __init__(self, rng, options, folder):
        self.rng, self.options, self.folder = rng, options, folder
        kind = rng.choice([k for k in KINDS if k != "count"])
        self.clause = "%s %s" % (kind, rng.choice([c for c in CLAUSES[kind] if "longest" not in c]))  # that goes by arrival
        self.keyed = rng.random() < 0.7
        names = rng.sample(list(AGGREGATES), rng.randint(1, 4))
        own = "  %%ring = aggregate %s\n" % RING if "own" in names else ""
        self.nullable = "a_count" not in names and rng.random() < 0.5  # that counts records
        self.filtered = rng.random() < 0.5
        last = "f" if self.filtered else "s"
        self.pipeline = "stream.pipeline @p {\n" + own + """  %%s = source file("in") as json { t: timestamp in us, k: string, v: i64%s, good: bool } watermark t bounded 5 s
%s%s  %%w = window %%%s %s { %s }
  sink %%w to stdout as json
}
""" % ("?" if self.nullable else "", "  %f = filter %s where good\n" if self.filtered else "",
            "  %%k = key_by %%%s on k\n" % last if self.keyed else "", "k" if self.keyed else last, self.clause,
            ", ".join("%s = %s" % (name, AGGREGATES[name]) for name in names))

    def rows(self, records):
        """Of each key, in their order."""
        with open(os.path.join(self.folder, "pipeline.mlir"), "w") as f:
            f.write(self.pipeline)
        with open(os.path.join(self.folder, "in"), "w") as f:
            for time, key, value, *bad in records:
                f.write(json.dumps({"t": time, "k": key, "v": value, "good": not bad}) + "\n")
        command = [self.options.millrace, "run", "pipeline.mlir", "--batch", str(self.rng.choice(BATCHES))]
        algorithm = self.rng.choice(ALGORITHMS)
        done = subprocess.run(command + ["--window-algorithm", algorithm], cwd=self.folder, capture_output=True, text=True)
        if "which is forced" in done.stderr:
            done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        keys = {}
        for line in done.stdout.splitlines():
            row = json.loads(line)
            keys.setdefault(row.get("k", ""), []).append(row)
        return keys

    def check(self):
        """What does not hold, or nothing."""
        rng, records = self.rng, make_records(self.rng)
        before = self.rows(records)
        step = period(self.clause)
        distance = rng.choice([-1, 1]) * (CALENDAR if step == CALENDAR else rng.randint(1, 40 * 365 * UNITS["d"] // step) * step)
        if kind_of(self.clause) == "calendar":
            distance = CALENDAR  # zones had other clocks in the past
        after = self.rows([(t + distance, k, v) for t, k, v in records])
        if moved(before, distance) != after:
            return "shift", distance
        if self.rows(shuffled(rng, records)) != before:
            return "shuffle", ""
        if self.keyed:
            strangers = [r for record in records for r in ([record, (record[0], "z", 7)] if rng.random() < 0.3 else [record])]
            after = self.rows(strangers)
            after.pop("z", None)
            if after != before:
                return "stranger", ""
        if self.nullable and self.rows(among(rng, records, lambda t, k: (t, k, None))) != before:
            return "null", ""
        if self.filtered:
            value = (lambda: rng.choice([None, 7])) if self.nullable else (lambda: 7)
            taken_out = lambda t, k: (t - rng.choice([0, 0, 1, 10**9]), rng.choice([k, "z"]), value(), "bad")
            if self.rows(among(rng, records, taken_out)) != before:
                return "filtered", ""
        return None


def among(rng, records, make):
    """The records, and behind or before some of them what is made of their time and key."""
    after = []
    for record in records:
        more = [make(*record[:2])] if rng.random() < 0.3 else []
        after += [record, *more] if rng.random() < 0.5 else [*more, record]
    return after


def moved(keys, distance):
    def later(text):
        form = "%Y-%m-%dT%H:%M:%S.%f" if "." in text else "%Y-%m-%dT%H:%M:%S"
        time = datetime.datetime.strptime(text[:-1], form) + datetime.timedelta(microseconds=distance)
        fraction = "%06d" % time.microsecond
        fraction = "" if fraction == "000000" else "." + (fraction[:3] if fraction.endswith("000") else fraction)
        return time.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"
    return {key: [{name: later(value) if name in ("window_start", "window_end") else value for name, value in row.items()}
                  for row in rows] for key, rows in keys.items()}


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="DIR", help="where the last case stays (default: nowhere)")
    parser.add_argument("--millrace", default=os.path.join(here, "../../build/dev/bin/millrace"))
    options = parser.parse_args()
    options.millrace = os.path.abspath(options.millrace)
    failed = 0
    for seed in range(options.seed, options.seed + options.count):
        with tempfile.TemporaryDirectory() as temporary:
            folder = options.keep or temporary
            os.makedirs(folder, exist_ok=True)
            windows = Windows(random.Random(seed), options, folder)
            problem = windows.check()
            if problem:
                failed += 1
                print("seed %d: %s does not hold %s\n%s" % (seed, *problem, windows.pipeline))
    print("%d cases, %d fail" % (options.count, failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
