#!/usr/bin/env python3
"""A run that is cut in the middle and goes on under another layout writes what one that is not cut writes.

The descriptions of state are the compiler's own: one pipeline with every operator that keeps state, built once for each
layout. usage: seam.py MILLRACE SEAM CASE | seam.py --list
"""
import json
import os
import random
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
]

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


def pipeline(fields):
    lines = ["stream.pipeline @p {", '  %in = param "in"']
    lines += [f'  %out{i} = param "out"' for i in range(len(OPERATORS))]
    declared = ", ".join(f"{name}: {kind}" for name, kind in fields.items())
    lines += [f"  %rows = source file(%in) as json {{ {declared}, v: i64, f: f64?, name: string, t: timestamp in ms }} "
              "watermark t bounded 1 s", f"  %keyed = key_by %rows on {', '.join(fields)}"]
    for i, operator in enumerate(OPERATORS):
        lines += [f"  %state{i} = {operator}", f"  sink %state{i} to file(%out{i}) as json"]
    return "\n".join(lines) + "\n}\n"


def records(make, rng):
    """Disordered within the bound; keys that stay away for long; texts of all lengths, some of which have pages of their own."""
    for i in range(4000):
        name = "n" * rng.choice([0, 5, 12, 13, 40, 200]) + str(i % 97) if i % 500 else "long" * 9000 + str(i)
        yield json.dumps({**make((i // 250 * 7 + rng.randrange(9)) % 41), "v": rng.randrange(-100, 100), "f": rng.choice([None, 0.5, 2.25, -1e10]),
                          "name": name, "t": i * 30 + rng.randrange(-2500, 1)}) + "\n"


def by_key(folders, keys):
    """Rows of each sink and key in their order."""
    found = []
    for i in range(len(OPERATORS)):
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


def try_keys(millrace, seam, folder, fields, make, layouts):
    path = lambda name: os.path.join(folder, name)
    with open(path("p.mlir"), "w") as f:
        f.write(pipeline(fields))
    lines = list(records(make, random.Random(4)))
    for name, part in ("whole", lines), ("first", lines[:2300]), ("rest", lines[2300:]):
        os.mkdir(path("of_" + name))
        with open(path(name), "w") as f:
            f.writelines(part)
    for layout in layouts:
        run(millrace, "build", path("p.mlir"), "--shared", f"--layout={layout}", "-o", path(layout + ".so"))
    outs = lambda name: [f"--set=out{i}={path('of_' + name)}/out{i}" for i in range(len(OPERATORS))]
    run(millrace, "run", path("p.mlir"), f"--set=in={path('whole')}", "--quiet", *outs("whole"))
    expected = by_key([path("of_whole")], fields)
    for before in layouts:
        for after in layouts:
            run(seam, path(before + ".so"), path("first"), path("of_first"), path(after + ".so"), path("rest"), path("of_rest"))
            found = by_key([path("of_first"), path("of_rest")], fields)
            for operator, rows, wanted in zip(OPERATORS, found, expected):
                for key in {**wanted, **rows}:
                    if rows.get(key) != wanted.get(key):
                        sys.exit(f"{before} to {after}: `{operator}`, key {key}:\n  cut   {rows.get(key)}\n  whole {wanted.get(key)}"[:4000])


if sys.argv[1:] == ["--list"]:
    print("\n".join(KEYS))
else:
    with tempfile.TemporaryDirectory() as folder:
        try_keys(*map(os.path.abspath, sys.argv[1:3]), folder, *KEYS[sys.argv[3]])
