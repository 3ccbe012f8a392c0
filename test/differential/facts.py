#!/usr/bin/env python3
"""What `millrace check --facts` says of random aggregates: nothing of those that keep what they claim, and what is wrong of
those that do not.

  facts.py --millrace BIN [--count N] [--seed S]      N pipelines of some aggregates each, right ones and wrong ones
"""
import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict

from own import composed, false_one

RIGHT, WRONG = 2, 5  # of a pipeline

# What is said against an aggregate that was made wrong in this way.
FAULTS = {
    "order": "it is not `order_free`",
    "idempotent": "it is not `idempotent`",
    "inverse": "`inverse` does not give back",
    "inverse of a maximum": "`inverse` does not give back",
    "associative": "`combine` is not associative",
    "identity": "combining with `identity` changes a result",
}


def main():
    build = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../build/dev/bin")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--millrace", default=os.path.join(build, "millrace"))
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    caught, drawn, failed = Counter(), Counter(), 0
    for seed in range(options.seed, options.seed + options.count):
        rng = random.Random(seed)
        right = [composed(rng, "right%d" % i) for i in range(RIGHT)]
        wrong = [false_one(rng, "wrong%d" % i) for i in range(WRONG)]
        lines = ["  %%%s = aggregate %s" % (own.name, own.text) for own in right + [own for own, _ in wrong]]
        text = "\n".join(["stream.pipeline @facts {", *lines, "  %in = source sequence(count = 1)", "  sink %in to null", "}", ""])
        with tempfile.NamedTemporaryFile("w", suffix=".mlir") as file:
            file.write(text)
            file.flush()
            done = subprocess.run([options.millrace, "check", "--facts", file.name], capture_output=True, text=True)
        accused = defaultdict(list)
        for name, fault in re.findall("error: `%(\\w+)`: (.*)", done.stderr):
            accused[name].append(fault)
        named = set(re.findall("%(\\w+): nothing found", done.stdout)) | set(accused)
        for own in right:
            if own.name in accused or own.name not in named:
                failed += 1
                print("seed %d: `%s` is right, but:\n%s\n%s" % (seed, own.name, done.stderr[:1500], own.text))
        for own, kind in wrong:
            drawn[kind] += 1
            found = any(fault.startswith(FAULTS[kind]) for fault in accused[own.name])
            caught[kind] += found
            if not found:
                failed += 1
                said = "\n".join(accused[own.name]) or done.stderr[:500]
                print("seed %d: `%s` is wrong (%s), but what is said is:\n%s\n%s" % (seed, own.name, kind, said, own.text))
    print("%d right; wrong ones found: %s" % (RIGHT * options.count, ", ".join("%s %d of %d" % (k, caught[k], drawn[k]) for k in sorted(drawn))))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
