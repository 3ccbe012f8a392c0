#!/usr/bin/env python3
"""Rule 6 against a model of it: inputs that fall silent, come back and end, in virtual time.

  idleness.py [--count N] [--seed S] [--millrace PATH] [--keep DIR]

The reference interpreter reads files, which are never idle. So here are pipelines of two or three inputs, a union and a window,
what is given to them and when, and what the model below says must come out after each step: rows, and late records with their
reason. `millrace test` judges it.
"""
import argparse
import datetime
import os
import random
import subprocess
import sys
import tempfile

EPOCH = datetime.datetime(1970, 1, 1)
BEGIN = 1_704_110_400_000_000  # 2024-01-01T12:00:00Z, in microseconds
SECOND = 1_000_000
NEVER, FOREVER = -(1 << 62), 1 << 62
TESTS = 6                      # of each pipeline


def text(time):
    digits = "seconds" if time % SECOND == 0 else "milliseconds" if time % 1000 == 0 else "microseconds"
    return (EPOCH + datetime.timedelta(microseconds=time)).isoformat(timespec=digits) + "Z"


class Lane:
    def __init__(self, rng, name):
        self.name = name
        self.bound = rng.choice([0, 0, 5, 30]) * SECOND
        self.idle = rng.choice([0, 2, 5, 10, 60]) * SECOND
        self.follows = bool(self.idle) and rng.random() < 0.4

    def begin(self):
        self.w, self.quiet, self.ended, self.is_idle, self.gone_on = NEVER, BEGIN, False, False, NEVER

    def render(self):
        idle = " idle %d s%s" % (self.idle // SECOND, " clock" if self.follows else "") if self.idle else ""
        return '  %%%s = source file("%s.jsonl") as json { k: string, t: timestamp } watermark t bounded %d s%s' % (
            self.name, self.name, self.bound // SECOND, idle)


class Model:
    """The window's W, what it holds and what has come out of it since it was asked."""

    def __init__(self, lanes, size):
        self.lanes, self.size, self.now, self.w = lanes, size, BEGIN, NEVER
        self.windows, self.rows, self.late = {}, [], []
        for lane in lanes:
            lane.begin()

    def advance(self):
        active = [l for l in self.lanes if not l.ended and not l.is_idle]
        asleep = [l for l in self.lanes if not l.ended and l.is_idle]
        if active:
            w = min(l.w for l in active)
        elif not asleep:
            w = FOREVER
        else:
            w = max(l.w for l in self.lanes)
            if w != NEVER and all(l.follows for l in asleep):
                moments = [l.quiet + l.idle for l in asleep] + [l.quiet for l in self.lanes if l.ended]
                w += self.now - max(moments)
        self.w = max(self.w, w)
        for key in sorted(self.windows, key=lambda at: (at[1], at[0])):
            if self.w >= key[1] + self.size - 1:
                self.rows.append('{"k": "%s", "window_start": "%s", "window_end": "%s", "n": %d}' % (
                    key[0], text(key[1]), text(key[1] + self.size), self.windows.pop(key)))

    def clock(self, duration):
        self.now += duration
        for lane in self.lanes:
            if lane.idle and not lane.ended and self.now - lane.quiet > lane.idle:
                lane.is_idle = True
        self.advance()

    def give(self, lane, key, time):
        if lane.is_idle:
            lane.is_idle, lane.gone_on = False, self.w
        lane.quiet = self.now
        start = time - time % self.size
        if self.w >= start + self.size - 1:
            reason = "after_idle" if lane.w < lane.gone_on else "late"
            self.late.append('{"k": "%s", "t": "%s", "reason": "%s"}' % (key, text(time), reason))
        else:
            self.windows[key, start] = self.windows.get((key, start), 0) + 1
        lane.w = max(lane.w, time - lane.bound - 1)
        self.advance()

    def end(self, lane):
        lane.ended, lane.quiet = True, self.now
        self.advance()


def scenario(rng, lanes, size):
    """The statements of one test."""
    model, lines, time = Model(lanes, size), ["clock " + text(BEGIN)], BEGIN
    for _ in range(rng.randint(4, 25)):
        lane, roll = rng.choice(lanes), rng.random()
        if roll < 0.5 and not lane.ended:
            lines.append("give " + lane.name)
            for _ in range(rng.choice([1, 1, 2, 3])):
                time += rng.choice([0, 1, SECOND, 20 * SECOND, 61 * SECOND])
                at = time - rng.choice([0, 0, 0, 1, 10, 40, 90]) * SECOND
                at = at - at % size + rng.choice([-1, 0, 1]) if rng.random() < 0.2 else at
                key = rng.choice("xy")
                lines.append('  {"k": "%s", "t": "%s"}' % (key, text(at)))
                model.give(lane, key, at)
        elif roll < 0.95:
            step = rng.choice([1, SECOND, 2 * SECOND, 5 * SECOND, 5 * SECOND + 1, 11 * SECOND, 61 * SECOND])
            lines.append("clock +%d us" % step)
            model.clock(step)
        elif not lane.ended and sum(not other.ended for other in lanes) > 1:
            lines.append("end " + lane.name)
            model.end(lane)
        if rng.random() < 0.7:
            ask(model, lines)
    for lane in lanes:
        model.end(lane)
    lines.append("end")
    ask(model, lines)
    return lines


def ask(model, lines):
    for sink, rows in (("out", model.rows), ("late", model.late)):
        lines += ["expect %s%s" % (sink, "" if rows else " nothing"), *("  " + row for row in rows)]
        rows.clear()


def script(seed):
    rng = random.Random(seed)
    lanes, size = [Lane(rng, name) for name in "abc"[:rng.randint(2, 3)]], rng.choice([10, 60]) * SECOND
    lines = ["stream.pipeline @idle {", *(lane.render() for lane in lanes),
             "  %all = union " + ", ".join("%" + lane.name for lane in lanes), "  %keyed = key_by %all on k",
             "  %%out, %%late = window %%keyed tumbling %d s { n = count() }" % (size // SECOND),
             "  sink %out to null", "  sink %late to null", "}"]
    for i in range(TESTS):
        lines += ["", 'test "rule 6: %d.%d"' % (seed, i), *scenario(rng, lanes, size)]
    return "\n".join(lines) + "\n"


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=20, help="how many pipelines")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", metavar="DIR", help="where the scripts stay (default: nowhere)")
    parser.add_argument("--millrace", default=os.path.join(here, "../../build/dev/bin/millrace"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or temporary
        os.makedirs(folder, exist_ok=True)
        for seed in range(options.seed, options.seed + options.count):
            with open(os.path.join(folder, "seed-%d.mtest" % seed), "w") as f:
                f.write(script(seed))
        codes = [subprocess.run([os.path.abspath(options.millrace), "test", "--batch", batch, folder]).returncode
                 for batch in ("1", "4096")]
        return max(codes)


if __name__ == "__main__":
    sys.exit(main())
