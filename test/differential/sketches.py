#!/usr/bin/env python3
"""Rule 29: what sketches promise. Not bits, so no comparison with the interpreter: a bound, against all values.

  sketches.py [--count N] [--seed S] [--millrace PATH]

Random values in random windows, with every choice of how a window is computed; for each result the values of its window, counted
here. Of few values sketches are exact. Of many, one result in a hundred may be beyond the bound that docs/reference/aggregates.md
names, and none far beyond.
"""
import argparse
import bisect
import json
import math
import os
import random
import subprocess
import sys
import tempfile

from relations import EPOCH
from run import ALGORITHMS, BATCHES

import datetime

CLAUSES = ["global", "tumbling 10 s", "tumbling 1 min", "tumbling 10 min", "sliding 1 min every 10 s", "sliding 50 s every 20 s",
           "cumulate 5 min every 30 s", "session gap 4 s"]
FRACTIONS = [0, 0.01, 0.25, 0.5, 0.9, 0.99, 1]
QUANTILE = 0.01, 400      # the bound as a part of the number of values; up to how many it is exact
DISTINCT = 0.048, 256     # three standard errors
FAR = 2                   # bounds that no result may be beyond


def make_values(rng, count):
    kind = rng.choice(["uniform", "few", "rising", "falling", "skewed", "equal"])
    for i in range(count):
        yield {"uniform": rng.randrange(1 << 40), "few": rng.randrange(30), "rising": i, "falling": -i,
               "skewed": int(rng.paretovariate(0.7) * 100) % (1 << 50), "equal": 7}[kind]


def micros(text):
    form = "%Y-%m-%dT%H:%M:%S.%f" if "." in text else "%Y-%m-%dT%H:%M:%S"
    return (datetime.datetime.strptime(text[:-1], form) - EPOCH) // datetime.timedelta(microseconds=1)


def errors_of(row, fractions, values):
    """Of each result of a row: its error in parts of the bound."""
    values = sorted(values)
    for i, fraction in enumerate(fractions):
        place, found = max(1, math.ceil(fraction * len(values))), row["q%d" % i]
        low, high = bisect.bisect_left(values, found) + 1, bisect.bisect_right(values, found)
        if high < low:
            yield math.inf  # no value that occurred
            continue
        off = max(low - place, place - high, 0)
        yield off and (math.inf if len(values) <= QUANTILE[1] else off / len(values) / QUANTILE[0])
    many = len(set(values))
    off = abs(row["d"] - many)
    yield off and (math.inf if many <= DISTINCT[1] else off / many / DISTINCT[0])


def case(rng, options, folder):
    """The errors of all results of a random pipeline, and the pipeline."""
    fractions, clause, keyed = rng.sample(FRACTIONS, 2), rng.choice(CLAUSES), rng.random() < 0.5
    time, records = 1_600_000_000_000_000, []
    for value in make_values(rng, rng.choice([300, 401, 3000, 20000, 20000])):
        time += rng.choice([0, 1000, 5000, 20_000]) if rng.random() < 0.9998 else 5_000_000
        records.append((time, "k%d" % (rng.random() < 0.1), value))
    pipeline = """stream.pipeline @p {
  %%s = source file("in") as json { t: timestamp in us, k: string, v: i64 } watermark t ascending
  %%k = key_by %%s on k
  %%w = window %%%s %s { %s, d = approx_count_distinct(v) }
  sink %%w to stdout as json
}
""" % ("k" if keyed else "s", clause, ", ".join("q%d = approx_quantile(v, %s)" % f for f in enumerate(fractions)))
    with open(os.path.join(folder, "pipeline.mlir"), "w") as f:
        f.write(pipeline)
    with open(os.path.join(folder, "in"), "w") as f:
        f.writelines('{"t":%d,"k":"%s","v":%d}\n' % record for record in records)
    command = [options.millrace, "run", "pipeline.mlir", "--batch", str(rng.choice(BATCHES[1:]))]
    forced = command + ["--window-algorithm", rng.choice(ALGORITHMS)]
    done = subprocess.run(forced, cwd=folder, capture_output=True, text=True)
    if "which is forced" in done.stderr:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    times, errors = [record[0] for record in records], []
    for line in done.stdout.splitlines():
        row = json.loads(line)
        begin, end = 0, len(records)
        if clause != "global":
            begin, end = (bisect.bisect_left(times, micros(row[name])) for name in ("window_start", "window_end"))
        errors += errors_of(row, fractions, [v for _, k, v in records[begin:end] if not keyed or k == row["k"]])
    return errors, pipeline


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20, help="how many pipelines")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--millrace", default=os.path.join(here, "../../build/dev/bin/millrace"))
    options = parser.parse_args()
    options.millrace = os.path.abspath(options.millrace)
    every, beyond, failed = 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.count):
            errors, pipeline = case(random.Random(seed), options, folder)
            every, beyond = every + len(errors), beyond + sum(e > 1 for e in errors)
            if not errors or max(errors) > FAR:
                failed += 1
                print("seed %d: %s times the bound\n%s" % (seed, max(errors, default="no results: nan"), pipeline))
    print("%d results, %d beyond the bound, in %d of %d cases far beyond" % (every, beyond, failed, options.count))
    return 1 if failed or beyond > every / 100 else 0


if __name__ == "__main__":
    sys.exit(main())
