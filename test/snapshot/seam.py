#!/usr/bin/env python3
"""A run that is cut in the middle and goes on under another layout writes what one that is not cut writes.

The descriptions of state are the compiler's own: one pipeline with every operator that keeps state, built once for each
layout, and once more for windows of slices, with each algorithm, alone and sharing their slices.
usage: seam.py MILLRACE SEAM CASE | seam.py --list
"""
import json
import os
import random
import re
import subprocess
import sys
import tempfile

OPERATORS = [
    "running %keyed ttl 20 s delete on expiry { n = count(), sum = sum(v), most = max(f), mean = avg(f), one = first(name), "
    "other = last(name) }",
    "running %keyed { n = count(), sum = sum(v) where v > 50, names = max(name), low = min(name) }",
    "running %keyed { middle = median(v), exact = sum(exact f), once = sum(distinct v), near = approx_quantile(f, 0.9), "
    "texts = string_join(distinct name) where v > 97 }",
    "deduplicate %keyed keep first within 15 s",
    "deduplicate %keyed keep last within 15 s",
    "window %keyed tumbling 10 s { n = count(), sum = sum(v), one = first(name), most = max(name), mean = avg(f) }",
    "window %keyed global { n = count(), sum = sum(v), end = last(name), low = min(f) }",
    "window %rows tumbling 30 s { n = count(), sum = sum(v), end = last(name), low = min(f) }",
    "window %keyed tumbling 10 s lateness 30 s refire every 4 s { n = count(), sum = sum(v), one = first(name) }",
    "window %keyed sliding 12 s every 5 s lateness 3 s emit every 3 s { n = count(), most = max(name) }",
    "window %keyed tumbling 10 s emit every 10000 h in processing_time { n = count(), sum = sum(v) }",  # no row before the end
    "window %keyed cumulate 20 s every 5 s emit every 3 records discarding { n = count(), sum = sum(v), all = string_join(name) where v > 97 }",
    "window %keyed tumbling 10 s lateness 20 s final fill { n = count(), sum = sum(v), names = max(name) }",
    "window %keyed tumbling 10 s lateness 20 s emit every 4 s fill { n = count(), sum = sum(v) }",
    "window %keyed session gap 1500 ms { n = count(), sum = sum(v), one = first(name), texts = string_join(name) where v > 97 }",
    "window %keyed session gap 800 ms longest 3 s lateness 10 s emit every 1 s { n = count(), most = max(name) }",
    "window %keyed session gap 2 s lateness 10 s refire every 3 s { n = count(), sum = sum(v) }",
    "window %keyed session gap 2 s lateness 4 s emit every 3 records discarding { n = count(), names = max(name) }",
    "window %rows session gap 20 ms lateness 2 s final { n = count(), sum = sum(v) }",
    "window %rows global emit every 20 s discarding { n = count(), sum = sum(v), end = last(name) }",
    "window %keyed tumbling 10 s fill { n = count(), sum = sum(v), names = max(name) }",
    # Counts whose results share records keep them in parts, beside the slot or (texts) in it: running results, results
    # that are made of the parts each time, flags among them.
    "window %keyed count 10 every 5 { n = count(), sum = sum(v), mean = avg(v) }",
    "window %keyed count 30 every 4 { n = count(), sum = sum(v), most = max(v), low = min(f), part = count(v) where v > 50 }",
    "window %keyed count 9 every 6 { n = count(), names = max(name), low = min(name), other = last(name) where v > 20, least = min(f) }",
]


# Windows of slices: where the plan allows it they read the same ones. The first takes records that are late for others.
SLICED = [
    "window %keyed sliding 21 s every 3 s { n = count(), sum = sum(v), spread = var_samp(v) }",
    "window %keyed sliding 12 s every 3 s { n = count(), one = first(name), other = last(name) where v > 50 }",
    "window %keyed sliding 24 s every 3 s { most = max(name), mean = avg(f), once = count(distinct v) }",
    "window %keyed cumulate 30 s every 6 s { n = count(), sum = sum(v), all = string_join(name) where v > 97 }",
    "window %keyed tumbling 9 s { n = count(), sum = sum(v), middle = median(v) }",
    "window %rows sliding 9 s every 3 s { n = count(), exact = sum(exact f), low = min(name) }",
    "window %keyed sliding 4 s every 6 s { n = count(), sum = sum(v) }",  # with gaps
    "window %keyed sliding 12 s every 3 s fill { n = count(), most = max(v) }",
    "window %keyed calendar day in \"Europe/Berlin\" { n = count(), sum = sum(v) }",
]
SUMS = [
    SLICED[0],
    "window %keyed sliding 12 s every 3 s { n = count(), mean = avg(v), exact = sum(exact f) where v > 20 }",
    "window %keyed tumbling 9 s { n = count(), sum = sum(v), middle = median(v) }",
]
STEPS = [
    SLICED[3],
    "window %keyed cumulate 24 s every 6 s { n = count(), most = max(name), mean = avg(f) }",
]
# What can be forced of all of these.
ALGORITHMS = {"recompute": SLICED[:3] + SLICED[4:6], "subtract": SUMS, "two-stacks": SLICED[:3] + SLICED[4:6], "prefix": STEPS}

# The fields of the key, how they are made of a number, and the layouts that they can have.
INTEGERS, TEXTS = ("packed", "inline"), ("inline", "by-id")
long = lambda i: "x" * (i % 40) + str(i)
KEYS = {
    "of_a_range": ({"k": "i64? between 0 and 40"}, lambda i: {"k": None if i == 7 else i}, ("dense", *INTEGERS)),
    "of_integers": ({"k": "i64?"}, lambda i: {"k": None if i == 7 else i * 0x123456789ABCDEF % (1 << 64) - (1 << 63)}, INTEGERS),
    "of_pairs": ({"k": "i32", "c": "i8?"}, lambda i: {"k": i // 5 * 70_000, "c": None if i % 5 == 0 else -i % 5}, INTEGERS),
    "of_texts": ({"k": "string?"}, lambda i: {"k": None if i == 7 else long(i)}, TEXTS),
    "of_texts_and_floats": ({"k": "string", "c": "f64"}, lambda i: {"k": long(i // 3), "c": [0.0, -1.5, 1e300][i % 3]}, TEXTS),
}


def pipeline(fields, operators):
    lines = ["stream.pipeline @p {", '  %in = param "in"']
    lines += [f'  %out{i} = param "out"' for i in range(len(operators))]
    declared = ", ".join(f"{name}: {kind}" for name, kind in fields.items())
    lines += [f"  %rows = source file(%in) as json {{ {declared}, v: i64, f: f64?, name: string, t: timestamp in ms }} "
              "watermark t bounded 1 s", f"  %keyed = key_by %rows on {', '.join(fields)}"]
    for i, operator in enumerate(operators):
        lines += [f"  %state{i} = {operator}", f"  sink %state{i} to file(%out{i}) as json"]
    return "\n".join(lines) + "\n}\n"


def records(make, rng):
    """Disordered within the bound; keys that stay away for long; texts of all lengths, some of which have pages of their own."""
    for i in range(4000):
        name = "n" * rng.choice([0, 5, 12, 13, 40, 200]) + str(i % 97) if i % 500 else "long" * 9000 + str(i)
        yield json.dumps({**make((i // 250 * 7 + rng.randrange(9)) % 41), "v": rng.randrange(-100, 100), "f": rng.choice([None, 0.5, 2.25, -1e10]),
                          "name": name, "t": i * 30 + rng.randrange(-2500, 1)}) + "\n"


def by_key(folders, keys, sinks):
    """Rows of each sink and key in their order."""
    found = []
    for i in range(sinks):
        rows = {}
        for folder in folders:
            with open(os.path.join(folder, f"out{i}")) as f:
                for line in f:
                    row = json.loads(line)
                    rows.setdefault(tuple(row.get(k) for k in keys), []).append(line)
        found.append(rows)
    return found


def run(*arguments):
    done = subprocess.run(arguments, capture_output=True, text=True, timeout=100)
    if done.returncode:
        sys.exit(f"{' '.join(arguments)}: exit code {done.returncode}\n{done.stdout}{done.stderr}")
    return done


def counted(statistics):
    """Records that came late, as the seam says it."""
    return "{late} late, {partly_late} partly late, {in_no_window} in no window\n".format(**statistics)


def try_pipeline(millrace, seam, folder, fields, make, operators, builds, ways):
    """`builds`: names, and the options of each; `ways`: pairs of them, before and after the cut."""
    path = lambda name: os.path.join(folder, name)
    with open(path("p.mlir"), "w") as f:
        f.write(pipeline(fields, operators))
    lines = list(records(make, random.Random(4)))
    for name, part in ("whole", lines), ("first", lines[:2300]), ("rest", lines[2300:]):
        os.mkdir(path("of_" + name))
        with open(path(name), "w") as f:
            f.writelines(part)
    for name, options in builds.items():
        run(millrace, "build", path("p.mlir"), "--shared", *options, "-o", path(name + ".so"))
    outs = lambda name: [f"--set=out{i}={path('of_' + name)}/out{i}" for i in range(len(operators))]
    whole = run(millrace, "run", path("p.mlir"), f"--set=in={path('whole')}", "--quiet", "--json", *outs("whole"))
    late = counted(json.loads(whole.stderr.splitlines()[-1]))
    expected = by_key([path("of_whole")], fields, len(operators))
    for before, after in ways:
        cut = run(seam, path(before + ".so"), path("first"), path("of_first"), path(after + ".so"), path("rest"), path("of_rest"))
        found = by_key([path("of_first"), path("of_rest")], fields, len(operators))
        for operator, rows, wanted in zip(operators, found, expected):
            for key in {**wanted, **rows}:
                if rows.get(key) != wanted.get(key):
                    sys.exit(f"{before} to {after}: `{operator}`, key {key}:\n  cut   {rows.get(key)}\n  whole {wanted.get(key)}"[:4000])
        if cut.stdout != late:
            sys.exit(f"{before} to {after}:\n  cut   {cut.stdout}  whole {late}")


def try_keys(millrace, seam, folder, fields, make, layouts):
    builds = {layout: [f"--layout={layout}"] for layout in layouts}
    try_pipeline(millrace, seam, folder, fields, make, OPERATORS, builds, [(a, b) for a in layouts for b in layouts])


def try_slices(millrace, seam, folder, fields, make, layouts):
    """Under another layout the plan is the same. What another algorithm has made of slices is refused."""
    def attempt(name, operators, options, layouts):
        os.mkdir(os.path.join(folder, name))
        builds = {f"{name}-{layout}": [f"--layout={layout}", *options] for layout in layouts}
        try_pipeline(millrace, seam, os.path.join(folder, name), fields, make, operators, builds, [(a, b) for a in builds for b in builds])

    first, last = layouts[0], layouts[-1]
    attempt("shared", SLICED, ["--share-slices=always"], layouts)
    attempt("alone", SLICED, ["--share-slices=off"], [first, last])
    for algorithm, operators in ALGORITHMS.items():
        attempt(algorithm, operators, ["--share-slices=always", f"--window-algorithm={algorithm}"], [first, last])
    path = lambda name: os.path.join(folder, name)
    for before, after in ("two-stacks", "recompute"), ("shared", "alone"):
        refused = subprocess.run([seam, path(f"{before}/{before}-{first}.so"), path(f"{before}/first"), path(f"{before}/of_first"),
                                  path(f"{after}/{after}-{first}.so"), path(f"{after}/rest"), path(f"{after}/of_rest")],
                                 capture_output=True, text=True, timeout=100)
        if refused.returncode != 1 or not re.search("seam: the saved state of `.*` (is of slices that other windows read, or that are "
                                                    "put together in another way|holds `.*`, which the pipeline does not keep)", refused.stderr):
            sys.exit(f"{before} to {after}: exit code {refused.returncode}\n{refused.stderr}")


CASES = {**{keys: (try_keys, keys) for keys in KEYS}, **{"slices_" + keys: (try_slices, keys) for keys in KEYS}}
if sys.argv[1:] == ["--list"]:
    print("\n".join(CASES))
else:
    with tempfile.TemporaryDirectory() as folder:
        attempt, keys = CASES[sys.argv[3]]
        attempt(*map(os.path.abspath, sys.argv[1:3]), folder, *KEYS[keys])
