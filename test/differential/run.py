"""Runs a case by the reference and by the program, and says where they differ."""
import json
import os
import random
import re
import shutil
import subprocess
from dataclasses import dataclass

STAGE_MODES = ["auto", "fused", "unfused", "staged", "branch-free"]
BATCHES = [1, 7, 64, 4096]
DECODES = ["general", "learned", "generated"]
SECONDS = 30  # after which a run hangs


def simds():
    with open("/proc/cpuinfo") as f:
        flags = next((line for line in f if line.startswith("flags")), "").split()
    wide = {"avx512f", "avx512bw", "avx512vl", "avx512_vbmi2"} <= set(flags)
    return ["portable"] + (["avx2"] if "avx2" in flags else []) + (["avx512"] if wide else [])


@dataclass(frozen=True)
class Configuration:
    binary: bool
    stage: str
    batch: int
    decode: str
    simd: str
    as_written: bool = False  # without the passes that remove fields and move filters

    def __str__(self):
        return "%s --stage-mode %s --batch %d --decode %s --simd %s%s" % (
            "binary" if self.binary else "jit", self.stage, self.batch, self.decode, self.simd,
            " --as-written" if self.as_written else "")


def configurations(seed, count, every=False):
    """Some of all combinations; other ones for each seed, so that a run of some hundred seeds has all pairs."""
    wide = simds()
    everything = [Configuration(b, s, n, d, v, w) for b in (False, True) for s in STAGE_MODES for n in BATCHES
                  for d in DECODES for v in wide for w in (False, True)]
    return everything if every else random.Random(seed * 7919 + 1).sample(everything, count)


@dataclass
class Result:
    code: int
    out: bytes
    err: bytes


class Runner:
    def __init__(self, reference, millrace, perturb=None):
        self.reference, self.millrace, self.perturb = reference, millrace, perturb

    def write(self, case, folder):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(os.path.join(folder, "in"))
        with open(os.path.join(folder, "case.mlir"), "w") as f:
            f.write(case.render())
        for source in case.sources:
            for path, data in source.files.items():
                with open(os.path.join(folder, path), "wb") as f:
                    f.write(data)

    def execute(self, case, folder, name, command):
        """Runs `command` in the folder `name` beside the input; a run that hangs has code -1."""
        where = os.path.join(folder, name)
        shutil.rmtree(where, ignore_errors=True)
        os.makedirs(where)
        standard_input = os.path.join(folder, "stdin")
        with open(standard_input if os.path.exists(standard_input) else os.devnull, "rb") as stdin:
            try:
                done = subprocess.run(command, cwd=where, stdin=stdin, capture_output=True, timeout=SECONDS)
            except subprocess.TimeoutExpired as late:
                return Result(-1, late.stdout or b"", b"hangs")
        return Result(done.returncode, done.stdout, done.stderr)

    def common(self, case):
        options = ["--clock", case.clock] if case.clock else []
        for setting in case.settings():
            options += ["--set", setting]
        return options

    def expected(self, case, folder):
        """What the reference gives, as its document; or an error text."""
        result = self.execute(case, folder, "reference", [self.reference, "../case.mlir", "--json", *self.common(case)])
        try:
            return json.loads(result.out.decode()), ""
        except ValueError:
            return None, "the reference does not take it (%d): %s" % (result.code, result.err.decode(errors="replace")[:2000])

    def actual(self, case, folder, configuration):
        options = ["--batch", str(configuration.batch), "--decode", configuration.decode, "--simd", configuration.simd,
                   "--json", *self.common(case)]
        result, name = self.attempt(case, folder, configuration, options)
        if configuration.decode == "generated" and b"no decoder was generated" in result.err:
            options[options.index("generated")] = "auto"  # the sample has no shape: an empty file, a glob, standard input
            result, name = self.attempt(case, folder, configuration, options)
        return result, name

    def attempt(self, case, folder, configuration, options):
        stage = ["--stage-mode", configuration.stage] + (["--as-written"] if configuration.as_written else [])
        samples = ["../" + path for source in case.sources for path in source.files if path != "stdin"]
        if samples and configuration.binary:
            stage += ["--sample", samples[0]]
        name = "run"
        if not configuration.binary:
            return self.execute(case, folder, name, [self.millrace, "run", "../case.mlir", *stage, *options]), name
        built = self.execute(case, folder, "build", [self.millrace, "build", "../case.mlir", "-o", "case", *stage])
        if built.code != 0:
            return built, "build"
        return self.execute(case, folder, name, ["../build/case", *options]), name

    def difference(self, case, folder, expected, configuration):
        """Empty if the program agrees with the reference, else the first thing that differs."""
        result, name = self.actual(case, folder, configuration)
        err = result.err.decode(errors="replace")
        if result.code != expected["exit"]:
            return "exit %d instead of %d (%s): %s" % (result.code, expected["exit"], expected["message"], err[-1500:])
        behind_state = expected["exit"] != 0 and expected["stopped"] != "record"
        for sink, want in expected["sinks"].items():
            if want["connector"] == "stdout":
                data = result.out
            else:
                path = os.path.join(folder, name, want["path"])
                data = open(path, "rb").read() if os.path.exists(path) else b""
            lines = data.decode(errors="replace").split("\n")
            if self.perturb:
                lines = self.perturb(lines)
            if lines[-1]:
                return "sink %s: the last line has no end: %s" % (sink, lines[-1])
            if not behind_state:
                if text := compare_rows(want, lines[:-1]):
                    return "sink %s: %s" % (sink, text)
        # What stops behind state stops the interpreter within the turn of a record, a program after a batch.
        return "" if behind_state else compare_counters(expected, err)


def compare_counters(expected, err):
    try:
        counts = json.loads([line for line in err.split("\n") if line.startswith("{")][-1])
    except (IndexError, ValueError):
        return "no statistics: " + err[-300:]
    want = {"records": sum(expected["records"].values()), "bad": sum(expected["bad"].values()),
            "late": sum(expected["late"].values()), "blank": sum(expected["blank"].values()),
            "rows": sum(len(s["rows"]) for s in expected["sinks"].values())}
    if expected["exit"]:
        del want["blank"]  # blank lines are counted as they are read, which is a batch ahead of the record that stops
        del want["late"]  # nor does it say whether the record that stops had been late elsewhere before
    for name, number in want.items():
        if counts.get(name) != number:
            return "counter %s is %s instead of %d" % (name, counts.get(name), number)
    return ""


KINDS = "overflow|division by zero|cannot convert|index out of range|missing|wrong type|out of range|not a time"
FLAW = re.compile(r'"reason":"(?!(?:%s)[:"])(?:[^"\\]|\\.)+"' % KINDS)


def compare_rows(want, lines):
    """Rows as texts; in their whole order where that is promised, else in the order for each key. Why a record is not
    well-formed is the decoder's to say: the reference has no text for it."""
    lines = [FLAW.sub('"reason":""', line) for line in lines]
    expected = want["rows"]
    if want["total_order"]:
        for i, (a, b) in enumerate(zip(expected, lines)):
            if a != b:
                return "row %d is\n      %s\n    instead of\n      %s" % (i, b, a)
        if len(expected) != len(lines):
            extra = (expected if len(expected) > len(lines) else lines)[min(len(expected), len(lines))]
            return "%d rows instead of %d; the first of the others: %s" % (len(lines), len(expected), extra)
        return ""
    a, b = by_key(expected, want["keys"]), by_key(lines, want["keys"])
    for key in list(a) + [k for k in b if k not in a]:
        if a.get(key, []) != b.get(key, []):
            return "of key %s\n      %s\n    instead of\n      %s" % (key, b.get(key), a.get(key))
    return ""


def by_key(rows, keys):
    if not keys:
        return {"": sorted(rows)}
    groups = {}
    for row in rows:
        try:
            record = json.loads(row)
            key = json.dumps([record[k] for k in keys])
        except (ValueError, KeyError):
            key = "not a row"
        groups.setdefault(key, []).append(row)
    return groups
