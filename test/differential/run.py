"""Runs a case by the reference and by the program, and says where they differ."""
import json
import os
import random
import re
import shutil
import subprocess
from dataclasses import dataclass, replace

from forked import Forked
from formats import Broken, reference_rows, rows_of

STAGE_MODES = ["auto", "fused", "unfused", "staged", "branch-free"]
ALGORITHMS = ["auto", "recompute", "subtract", "two-stacks", "prefix"]  # of windows; what one cannot have is auto's
SHARINGS = ["auto", "off", "always"]  # of slices, by windows over the same records
LAYOUTS = ["auto", "dense", "packed", "inline", "by-id"]  # one that a table cannot have is auto's
BATCHES = [1, 7, 64, 4096]
PIECES = [1, 7, 16384]  # positions of state that a firing goes through between two batches
DECODES = ["general", "learned", "generated"]
SECONDS = 30  # after which a run hangs
# What the compiler says it cannot do: rule 10 would need rows of one step held back.
NO_TIME = re.compile("gives over no records has none")  # refused by the verifier, so by both sides
REFUSED = re.compile("would come in another order than its operands'|reach a union before and behind others")


def told(err):
    """What a run says, without the frames of a crash that are of no help."""
    if "Stack dump" in err or "PrintStackTrace" in err:
        return "crash\n" + "\n".join([line for line in err.split("\n") if "millrace" in line][:4])
    return err[-1500:]


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
    layout: str = "auto"
    algorithm: str = "auto"
    as_written: bool = False  # without the passes that remove fields, move filters and share slices
    sharing: str = "auto"
    piece: int = 16384
    members: str = "auto"  # may aggregates of one window share what they keep?
    quick: bool = False  # machine code that is not optimised, which takes half the time

    def __str__(self):
        return "%s --stage-mode %s --batch %d --decode %s --simd %s --layout %s --window-algorithm %s --share-slices %s --share-members %s --piece %d%s%s" % (
            "binary" if self.binary else "jit", self.stage, self.batch, self.decode, self.simd, self.layout,
            self.algorithm, self.sharing, self.members, self.piece, " --as-written" if self.as_written else "",
            " --machine-code quick" if self.quick else "")


def configurations(seed, count, every=False):
    """Some of all combinations; other ones for each seed, so that a run of some hundred seeds has all pairs. What takes time
    and is apart from the rest comes seldom: LLVM's optimisations for one in five, linking for one in four."""
    wide = simds()
    if every:
        return [Configuration(b, s, n, d, v, y, a, w, h) for b in (False, True) for s in STAGE_MODES for n in BATCHES
                for d in DECODES for v in wide for y in LAYOUTS for a in ALGORITHMS
                for w, h in [(True, "off")] + [(False, sharing) for sharing in SHARINGS]] + [
                    Configuration(False, "auto", n, "general", wide[-1], "auto", a, False, h, p)
                    for n in BATCHES for a in ALGORITHMS for h in SHARINGS for p in PIECES[:-1]]
    rng = random.Random(seed * 7919 + 1)
    return [Configuration(rng.random() < 0.25, rng.choice(STAGE_MODES), rng.choice(BATCHES), rng.choice(DECODES),
                          rng.choice(wide), rng.choice(["auto"] + LAYOUTS), rng.choice(["auto"] + ALGORITHMS),
                          rng.random() < 0.5, rng.choice(SHARINGS), rng.choice(PIECES),
                          rng.choice(["auto", "auto", "off"]), rng.random() < 0.8) for _ in range(count)]


@dataclass
class Result:
    code: int
    out: bytes
    err: bytes


class Runner:
    def __init__(self, reference, millrace, perturb=None):
        self.reference, self.millrace, self.perturb = reference, millrace, perturb
        library = os.path.join(os.path.dirname(millrace), "../lib/libforker.so")
        self.forked = Forked(os.path.abspath(library)) if os.path.exists(library) else None
        self.refused = 0  # pipelines that the compiler says it cannot do

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
        if not os.path.exists(standard_input):
            standard_input = os.devnull
        if self.forked and command[0] in (self.reference, self.millrace):
            files = [os.path.join(folder, name + end) for end in (".out", ".err")]
            code = self.forked.run(command, where, standard_input, *files, SECONDS)
            out, err = (open(file, "rb").read() for file in files)
            return Result(-1, out, b"hangs") if code is None else Result(code, out, err)
        with open(standard_input, "rb") as stdin:
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
                   "--piece", str(configuration.piece), "--json", *self.common(case)]
        result, name = self.attempt(case, folder, configuration, options)
        if b"which is forced" in result.err:
            configuration = replace(configuration, algorithm="auto")
            result, name = self.attempt(case, folder, configuration, options)
        if configuration.decode == "generated" and b"no decoder was generated" in result.err:
            options[options.index("generated")] = "auto"  # the sample has no shape: an empty file, a glob, standard input
            result, name = self.attempt(case, folder, configuration, options)
        return result, name

    def attempt(self, case, folder, configuration, options):
        stage = ["--stage-mode", configuration.stage, "--layout", configuration.layout,
                 "--window-algorithm", configuration.algorithm, "--share-slices", configuration.sharing, "--share-members", configuration.members]
        stage += ["--as-written"] if configuration.as_written else []
        stage += ["--machine-code", "quick"] if configuration.quick else []
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
        if REFUSED.search(err) and result.code == 1:
            self.refused += 1
            return ""
        if result.code != expected["exit"]:
            return "exit %d instead of %d (%s): %s" % (result.code, expected["exit"], expected["message"], told(err))
        if expected["stopped"] == "turn":
            return ""  # the interpreter stops within the turn of a record, a program after a batch
        for sink, want in expected["sinks"].items():
            if want["connector"] == "stdout":
                data = result.out
            else:
                path = os.path.join(folder, name, want["path"])
                data = open(path, "rb").read() if os.path.exists(path) else b""
            try:
                rows = rows_of(data, want)
            except Broken as problem:
                return "sink %s: %s" % (sink, problem)
            if self.perturb:
                rows = self.perturb(rows)
            if text := compare_rows(want, rows, expected["stopped"] == "state"):
                return "sink %s: %s" % (sink, text)
        return compare_counters(expected, err)


def compare_counters(expected, err):
    try:
        counts = json.loads([line for line in err.split("\n") if line.startswith("{")][-1])
    except (IndexError, ValueError):
        return "no statistics: " + err[-300:]
    want = {"records": sum(expected["records"].values()), "bad": sum(expected["bad"].values()),
            "late": sum(expected["late"].values()), "partly_late": sum(expected["partly_late"].values()),
            "in_no_window": sum(expected["in_no_window"].values()), "future": sum(expected["future"].values()), "blank": sum(expected["blank"].values()),
            "rows": sum(len(s["rows"]) for s in expected["sinks"].values())}
    if expected["stopped"] == "state":
        del want["rows"]  # deletes on expiry may not have come yet
        del want["bad"]  # nor is it said whether the record that stops is bad elsewhere
    if expected["exit"]:
        del want["blank"]  # blank lines are counted as they are read, which is a batch ahead of the record that stops
        for name in ("late", "partly_late", "in_no_window"):  # nor whether the record that stops had been late elsewhere before
            del want[name]
    for name, number in want.items():
        if counts.get(name) != number:
            return "counter %s is %s instead of %d" % (name, counts.get(name), number)
    return ""


KINDS = "late|after_idle|overflow|division by zero|cannot convert|index out of range|missing|wrong type|out of range|not a time"
FLAW = re.compile(r'"reason":"(?!(?:%s)[:"])(?:[^"\\]|\\.)+"' % KINDS)


def compare_rows(want, found, deletes_may_lack=False):
    """Rows as texts; in their whole order where that is promised, else in the order for each key. Why a record is not
    well-formed is the decoder's to say: the reference has no text for it."""
    expected = reference_rows(want)
    if want["format"] != "csv":
        found = [(FLAW.sub('"reason":""', text), key) for text, key in found]
    if want["total_order"]:
        for i, ((a, _), (b, _)) in enumerate(zip(expected, found)):
            if a != b:
                return "row %d is\n      %s\n    instead of\n      %s" % (i, b, a)
        if len(expected) != len(found):
            extra = (expected if len(expected) > len(found) else found)[min(len(expected), len(found))]
            return "%d rows instead of %d; the first of the others: %s" % (len(found), len(expected), extra[0])
        return ""
    a, b = by_key(expected, want["keys"]), by_key(found, want["keys"])
    for key in list(a) + [k for k in b if k not in a]:
        of_a, of_b = a.get(key, []), b.get(key, [])
        if deletes_may_lack:
            of_a, of_b = without_last_delete(of_a, want), without_last_delete(of_b, want)
        if of_a != of_b:
            at = next((i for i, (x, y) in enumerate(zip(of_a, of_b)) if x != y), min(len(of_a), len(of_b)))
            return "of key %s row %d is\n      %s\n    instead of\n      %s" % (
                key, at, *(rows[at] if at < len(rows) else "no row" for rows in (of_b, of_a)))
    return ""


def without_last_delete(rows, want):
    start = {"json": '{"op":"delete"', "csv": "delete" + want["delimiter"], "binary": "[1,"}[want["format"]]
    return rows[:-1] if rows and want["columns"][0] == "op" and rows[-1].startswith(start) else rows


def by_key(rows, keys):
    if not keys:
        return {"": sorted(text for text, _ in rows)}
    groups = {}
    for text, key in rows:
        groups.setdefault(key, []).append(text)
    return groups
