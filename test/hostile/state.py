#!/usr/bin/env python3
"""Keys that want to break state: results stay right, time and memory bounded, under each layout that can be forced.

usage: state.py MILLRACE PROBE CASE | state.py --list
"""
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time

import hash_model as model
from case import main

MEGA = 1 << 20
INTEGERS, TEXTS = ("packed", "inline"), ("inline", "by-id")


def cpu():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def run(c, layout, *arguments, code=0, seconds=30, words=()):
    """Runs p.mlir with this layout forced, which must be possible, within so many seconds of the processor."""
    c.run(c.millrace, "inspect", "p.mlir", "--state", "--json", f"--layout={layout}").expect(0)
    for operator in json.loads(c.out):
        if operator["layout"]["kind"] != layout.replace("-", "_"):
            sys.exit(f"`{operator['name']}` is {operator['layout']}, not {layout}")
    before = cpu()
    c.run(c.millrace, "run", "p.mlir", f"--layout={layout}", "--json", *arguments).expect(code, *words)
    if cpu() - before > seconds:
        sys.exit(f"{layout}: took {cpu() - before:.1f} s of the processor, more than {seconds}")
    return json.loads(c.err.splitlines()[-1])


def same(layout, found, expected):
    if found != expected:
        at = next((i for i, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]), min(len(found), len(expected)))
        sys.exit(f"{layout}: {len(found)} rows, expected {len(expected)}; row {at}: {str(found[at:at + 1])[:300]}, "
                 f"expected {str(expected[at:at + 1])[:300]}")


def counts(c, layouts, key, keys, seconds=30, **options):
    """A global window over these keys, one record each, against a dictionary."""
    c.write("p.mlir", f"""stream.pipeline @p {{
  %in = source file("in.jsonl") as json {{ key: {key}, v: i64 }}
  %keyed = key_by %in on key
  %totals = window %keyed global {{ n = count(), sum = sum(v) }}
  sink %totals to stdout as json
}}
""")
    expected = {}
    with open(os.path.join(c.folder, "in.jsonl"), "w") as f:
        for i, k in enumerate(keys):
            f.write('{"key":%s,"v":%d}\n' % (json.dumps(k, ensure_ascii=False), i))
            n, total = expected.get(k, (0, 0))
            expected[k] = n + 1, total + i
    for layout in layouts:
        summary = run(c, layout, seconds=seconds, **options)
        found = {}
        for line in c.out.splitlines():
            row = json.loads(line)
            found[row["key"]] = row["n"], row["sum"]
        if len(found) != c.out.count("\n"):
            sys.exit(f"{layout}: a key came twice")
        same(layout, sorted(found.items()), sorted(expected.items()))
    return summary


def the_model_of_hashes(c):
    numbers = [0, 1, -1, 2**63 - 1, -2**63, 12345678901234567] + [random.Random(1).getrandbits(64) - 2**63 for _ in range(200)]
    texts = ["x" * n for n in range(1, 70)] + [f"a key of some length, number {i}" for i in range(100)] + ["", "Größe", "é" * 6, "é" * 7]
    lines, expected = [], []
    for n in numbers:
        lines += [f"packed {n}", f"inline {n}"]
        expected += [model.packed_hash(n), model.inline_hash(n)]
    for t in texts:
        lines.append(f"text {t}")
        expected.append(model.text_hash(t.encode()))
    c.run(c.programs[0], "hash", stdin=("\n".join(lines) + "\n").encode()).expect(0)
    same("the model", [*zip(lines, map(int, c.out.split()))], [*zip(lines, expected)])
    keys = model.integers_alike(1000)
    if len(set(keys)) != 1000 or len({(model.packed_hash(k), model.inline_hash(k)) for k in keys}) != 1:
        sys.exit("keys do not collide")


def integers_that_collide(c):
    """Among others, so many that tables grow by and by."""
    alike = model.integers_alike(1500)
    rng = random.Random(2)
    keys = [rng.choice(alike) if i % 2 else i for i in range(400_000)]
    counts(c, INTEGERS, "i64", keys, seconds=20)


def texts_that_collide(c):
    alike = (model.texts_alike(250, 10, lambda i: f"k{i}") + model.texts_alike(250, 10, lambda i: f"a long key, number {i}"))
    rng = random.Random(3)
    counts(c, TEXTS, "string", [rng.choice(alike) for i in range(200_000)], seconds=20)


def comes_and_goes(c, layouts, key, phases, tick, each=3, seconds=30):
    """Keys of one phase are gone in the next: `tick`, a key of none, moves the watermark. Returns the most state of each
    layout."""
    c.write("p.mlir", f"""stream.pipeline @p {{
  %in = source file("in.jsonl") as json(max_string = 1040000) {{ key: {key}, t: timestamp in s }} watermark t ascending
  %keyed = key_by %in on key
  %totals = running %keyed ttl 10 s {{ n = count() }}
  sink %totals to file("out.jsonl") as json
}}
""")
    expected = []
    with open(os.path.join(c.folder, "in.jsonl"), "w") as f:
        for phase, keys in enumerate(phases):
            for n, k, t in [(1, tick, 50)] + [(n, k, 100) for n in range(1, each + 1) for k in keys]:
                f.write('{"key":%s,"t":%d}\n' % (json.dumps(k, ensure_ascii=False), phase * 100 + t))
                expected.append((k, n))
    most = {}
    for layout in layouts:
        most[layout] = run(c, layout, seconds=seconds)["state_bytes_most"]
        with open(os.path.join(c.folder, "out.jsonl")) as f:
            same(layout, [(row["key"], row["n"]) for row in map(json.loads, f)], expected)
    return most


def bounded(few, many, slack=1.3):
    for layout in many:
        if many[layout] > few[layout] * slack:
            sys.exit(f"{layout}: state took {many[layout]} bytes for many keys one after the other, {few[layout]} for few")


def integers_that_collide_come_and_go(c):
    alike = model.integers_alike(1000)
    phases = [random.Random(i).sample(alike, 700) for i in range(60)]
    bounded(comes_and_goes(c, INTEGERS, "i64", phases[:6], 0), comes_and_goes(c, INTEGERS, "i64", phases, 0))


def one_stays_while_alike_ones_go(c):
    """Keys of one hash have timers that find each other: neither are they lost, nor do they add up (rule 35)."""
    c.write("p.mlir", """stream.pipeline @p {
  %in = source file("in.jsonl") as json { key: i64, t: timestamp in s } watermark t ascending
  %keyed = key_by %in on key
  %totals = running %keyed ttl 10 s delete on expiry { n = count() }
  sink %totals to stdout as json
}
""")
    stays, *go = model.integers_alike(1000)
    most = []
    for records in 2_000, 40_000:
        with open(os.path.join(c.folder, "in.jsonl"), "w") as f:
            for i in range(records):
                f.write('{"key":%d,"t":%d}\n{"key":%d,"t":%d}\n' % (go[i % len(go)], i, stays, i))
        most.append({})
        for layout in INTEGERS:
            most[-1][layout] = run(c, layout)["state_bytes_most"]
            rows = [json.loads(line) for line in c.out.splitlines()]
            same(layout, [(r["op"], r["n"]) for r in rows if r["key"] == stays], [("upsert", n + 1) for n in range(records)])
            same(layout, [(r["key"], r["n"]) for r in rows if r["key"] != stays and r["op"] == "upsert"],
                 [(go[i % len(go)], 1) for i in range(records)])
            # With the last record W is that of the one before, or its own: ten or eleven keys are there at the end.
            deleted = [r["key"] for r in rows if r["op"] == "delete"]
            if not records - 12 <= len(deleted) <= records - 9:
                sys.exit(f"{layout}: {len(deleted)} keys expired of {records}")
            same(layout, sorted(deleted), sorted(go[i % len(go)] for i in range(len(deleted))))
    bounded(*most)


def dense_keys_come_and_go(c):
    phases = [random.Random(i).sample(range(1, 1000), 300) for i in range(60)]
    bounded(comes_and_goes(c, ("dense",), "i64 between 0 and 999", phases[:6], 0),
            comes_and_goes(c, ("dense",), "i64 between 0 and 999", phases, 0))


def texts_of_all_lengths_come_and_go(c):
    def phase(i):
        rng = random.Random(i)
        lengths = [0, 1, 11, 12, 13, 14] + [rng.randrange(200) for _ in range(300)] + [40_000 + i]
        # Short ones come again in each phase, long ones never do.
        return sorted({(f"{i}." * n)[:n] for n in lengths} | {"", "a" * 12, "a" * 13})
    phases = [phase(i) for i in range(150)]
    bounded(comes_and_goes(c, TEXTS, "string", phases[:15], "tick", 2), comes_and_goes(c, TEXTS, "string", phases, "tick", 2))


def keys_of_a_megabyte(c):
    """As long as a record may be; two of each phase differ in the last byte only."""
    stem = "x" * 1_000_000
    phases = [[f"{i}{stem}a", f"{i}{stem}b"] for i in range(20)]
    most = comes_and_goes(c, TEXTS, "string", phases, "tick", 2)
    if max(most.values()) > 8 * MEGA:
        sys.exit(f"state took {most} bytes for two keys at a time")


def all_keys_equal(c):
    counts(c, ("dense", "packed", "inline"), "i64 between 0 and 9", [7] * 1_000_000)
    counts(c, TEXTS, "string", ["always the same key"] * 1_000_000)


def floats_that_are_one_key(c):
    """Rules 26: NaN is one key whatever its bits, and so are the zeros."""
    for kind in ("f64", "f32"):
        c.run("sh", "-c", f"'{c.programs[0]}' floats {kind} 1000000 > in.bin").expect(0)
        c.write("p.mlir", f"""stream.pipeline @p {{
  %in = source file("in.bin") as binary {{ key: {kind}, v: i64 }}
  %keyed = key_by %in on key
  %totals = window %keyed global {{ n = count(), sum = sum(v) }}
  sink %totals to stdout as csv
  %once = deduplicate %keyed keep first
  sink %once to file("once.csv") as csv
}}
""")
        for layout in INTEGERS:
            run(c, layout)
            same(f"{kind}, {layout}", c.out.splitlines(), ["key,n,sum", "0,1000,1000", "NaN,999000,999000"])
            with open(os.path.join(c.folder, "once.csv")) as f:
                if len(rows := f.read().splitlines()) != 3:
                    sys.exit(f"{kind}, {layout}: {rows[:5]}")


def windows_of_ever_new_texts(c):
    """Ids, their keys and tables of panes that went are used again."""
    c.write("p.mlir", """stream.pipeline @p {
  %in = source file("in.jsonl") as json { key: string, t: timestamp in s } watermark t bounded 5 s
  %keyed = key_by %in on key
  %totals = window %keyed tumbling 10 s { n = count() }
  sink %totals to file("out.jsonl") as json
}
""")
    most = []
    for windows in (6, 100):
        with open(os.path.join(c.folder, "in.jsonl"), "w") as f:
            for i in range(windows * 2000):
                f.write('{"key":"a key of the window %d, number %d","t":%d}\n' % (i // 2000, i % 2000 % 1900, i // 200))
        most.append({})
        for layout in TEXTS:
            most[-1][layout] = run(c, layout)["state_bytes_most"]
            with open(os.path.join(c.folder, "out.jsonl")) as f:
                found = sorted((row["key"], row["n"]) for row in map(json.loads, f))
            same(layout, found, sorted((f"a key of the window {w}, number {k}", 2 if k < 100 else 1)
                                       for w in range(windows) for k in range(1900)))
    bounded(*most)


def sequence(key):
    return f"""stream.pipeline @p {{
  %in = source sequence(count = 100000000)
  %out = map %in {{ key = {key}, n }}
  %keyed = key_by %out on key
  %totals = window %keyed global {{ most = max(n) }}
  sink %totals to stdout as json
}}
"""


def start(c, *arguments):
    return subprocess.Popen([c.millrace, "run", "p.mlir", *arguments], cwd=c.folder, stdout=subprocess.DEVNULL,
                            stderr=subprocess.PIPE)


def finish(c, running):
    """Waits; what it took at most, in bytes of memory."""
    c.out, c.err = "", running.stderr.read().decode()
    _, status, used = os.wait4(running.pid, 0)
    running.returncode = c.code = os.waitstatus_to_exitcode(status)
    return used.ru_maxrss * 1024


REFUSED = "error: state needs more memory than --memory allows"


def refused(c, what, layout, budget):
    """Runs p.mlir with so many bytes for `what`, which needs more: it says so, in time, and has kept within them."""
    before = cpu()
    most = finish(c, start(c, f"--layout={layout}", "--memory", str(budget), "--json"))
    c.expect(3, REFUSED, f"`{what}` holds", " and needs ")
    held = json.loads(c.err.splitlines()[-1])["state_bytes_most"]
    if held > budget or most > budget + 200 * MEGA or cpu() - before > 20:
        with open(os.path.join(c.folder, "p.mlir")) as f:
            sys.exit(f"{f.read()}{layout}, {budget}: {held} bytes of state, {most} of the process, {cpu() - before:.1f} s\n{c.err}")


def a_hundred_million_keys(c):
    c.write("p.mlir", sequence("n"))
    most = finish(c, start(c, "--memory", "2g", "--json"))
    c.expect(3, REFUSED + " (2.00 GiB): `totals` holds", " keys and needs ")
    if json.loads(c.err.splitlines()[-1])["state_bytes_most"] > 2 << 30:
        sys.exit("the accounts are above the budget\n" + c.err)
    if most > (2 << 30) + 200 * MEGA:
        sys.exit(f"it took {most / MEGA:.0f} MiB, the budget is 2048 MiB")


def too_many_keys_for_each_layout(c):
    # Two texts, or none, of which the shorter lies in the slot.
    for key, layouts in (("n", INTEGERS), ("cast(n as string)", TEXTS), ('"a key that is longer, " || cast(n as string)', TEXTS)):
        c.write("p.mlir", sequence(key))
        for layout in layouts:
            for budget in 64 << 10, 64 * MEGA:
                refused(c, "totals", layout, budget)


def too_many_keys_for_each_operator(c):
    """Also where rows depend on state, and with time-to-live, whose timers count."""
    for operator in ("running %keyed { n = count() }", "running %keyed ttl 20 h { n = count() }",
                     "running %keyed ttl 20 h delete on expiry { n = count() }",
                     "deduplicate %keyed keep first", "deduplicate %keyed keep first within 20 h",
                     "deduplicate %keyed keep last", "deduplicate %keyed keep last within 20 h",
                     "window %keyed tumbling 20 h { n = count() }"):
        for key, layouts in (("n", INTEGERS), ("cast(n as string)", TEXTS)):
            c.write("p.mlir", f"""stream.pipeline @p {{
  %in = source sequence(count = 60000000)
  %out = map %in {{ key = {key}, n }}
  %keyed = key_by %out on key
  %state = {operator}
  sink %state to file("/dev/null") as csv
}}
""")
            for layout in layouts:
                for budget in 64 << 10, 16 * MEGA:
                    refused(c, "state", layout, budget)


def texts_of_rows_for_any_budget(c):
    """Windows of each record keep texts, of which any may be the one that no memory is left for; by rows and by time."""
    with open(os.path.join(c.folder, "in.jsonl"), "w") as f:
        for i in range(12_000):
            f.write('{"t":%d,"k":"k%d","x":"%s%d"}\n' % (i // 3, i % 40, "y" * (500 + i % 7 * 200), i))
    for window in "last 200 rows", "last 5 s":
        c.write("p.mlir", f"""stream.pipeline @p {{
  %in = source file("in.jsonl") as json {{ t: timestamp in ms, k: string, x: string }} watermark t bounded 0 ms
  %b = key_by %in on k
  %rows = over %b {window} {{ k, m = max(x), c = min(x), l = lag(x) }}
  sink %rows to null
}}
""")
        for budget in range(64 << 10, 16 * MEGA, 777_777):
            c.run(c.millrace, "run", "p.mlir", "--memory", str(budget)).expect(3, REFUSED)
        c.run(c.millrace, "run", "p.mlir", "--memory", "1g").expect(0)


def the_one_refused_and_the_largest(c):
    """First `large` takes more of the budget than `small` will have, then `small` asks for more than is left."""
    c.write("p.mlir", """stream.pipeline @p {
  %in = source sequence(count = 100000000)
  %first = filter %in where n < 260000
  %then = filter %in where n >= 260000
  %a = key_by %first on n
  %b = key_by %then on n
  %large = window %a global { most = max(time), least = min(time), sum = sum(n), all = count() }
  %small = window %b global { most = max(time) }
  sink %large to stdout as json
  sink %small to stdout as json
}
""")
    for layout in INTEGERS:
        finish(c, start(c, f"--layout={layout}", "--memory", "50m"))
        c.expect(3, REFUSED, ": `small` holds ", "; most is held elsewhere: `large` holds ", " for 260000 keys")


def sessions_are_called_sessions(c):
    c.write("p.mlir", """stream.pipeline @p {
  %in = source sequence(count = 100000000)
  %keyed = key_by %in on n
  %s = window %keyed session gap 1000 d { most = max(time) }
  sink %s to stdout as json
}
""")
    finish(c, start(c, "--memory", "8m"))
    c.expect(3, REFUSED, ": `s` holds ", " sessions")


def shared(c, records, rate, keys, key):
    """Three windows of the same slices, each put together in another way."""
    c.write("p.mlir", f"""stream.pipeline @p {{
  %in = source sequence(count = {records}, rate = {rate})
  %of = map %in {{ n, k = n mod {keys} }}
  %out = map %of {{ key = {key}, n }}
  %keyed = key_by %out on key
  %short = window %keyed tumbling 10 s {{ n = count(), most = max(n) }}
  %long = window %keyed sliding 60 s every 10 s {{ n = count(), sum = sum(n) }}
  %least = window %keyed sliding 50 s every 10 s {{ low = min(n) }}
  sink %short to null
  sink %long to null
  sink %least to null
}}
""")
    c.run(c.millrace, "explain", "p.mlir", "--share-slices=always").expect(0)
    if "slices are shared by `short`, `long`, `least`" not in c.out:
        sys.exit("no slices are shared:\n" + c.out)


def shared_slices_for_any_budget(c):
    """Wherever memory ends, in a slice or in what one of the windows has made of them, it is said who needs it."""
    for key, layouts in (("k", INTEGERS), ("cast(k as string)", TEXTS)):
        shared(c, 200_000, 2_000, 5_000, key)
        for layout in layouts:
            common = ("--share-slices=always", f"--layout={layout}", "--json")
            most = finish(c, start(c, *common))
            c.expect(0, '"exit_code":0')
            needs = json.loads(c.err.splitlines()[-1])["state_bytes_most"]
            who = set()
            for part in range(1, 20, 3):
                finish(c, start(c, *common, "--memory", str(needs * part // 20)))
                c.expect(3, REFUSED, " holds ", " and needs ")
                if json.loads(c.err.splitlines()[-1])["state_bytes_most"] > needs * part // 20:
                    sys.exit(f"{layout}, {needs * part // 20}: the accounts are above the budget\n{c.err}")
                who.add(c.err.split("holds ")[0].split("`")[-2])
            if len(who) < 2:
                sys.exit(f"{layout}: only {who} was ever refused memory")
            finish(c, start(c, *common, "--memory", str(needs + (1 << 20))))
            c.expect(0, '"exit_code":0')


def signals_while_shared_slices_fire(c):
    for key, layout in (("k", "packed"), ("cast(k as string)", "by-id")):
        shared(c, 1_000_000_000, 20_000, 200_000, key)
        for number in signal.SIGINT, signal.SIGTERM:
            running = start(c, "--share-slices=always", f"--layout={layout}", "--memory", "4g")
            time.sleep(2)
            begin = time.monotonic()
            running.send_signal(number)
            finish(c, running)
            if c.code != 130 or time.monotonic() - begin > 10:
                sys.exit(f"{layout}, {number}: exit code {c.code} after {time.monotonic() - begin:.1f} s\n{c.err}")


def signals_while_state_grows(c):
    for key, layout in (("n", "packed"), ("n", "inline"), ("cast(n as string)", "by-id"), ("cast(n as string)", "inline")):
        c.write("p.mlir", sequence(key))
        for number in signal.SIGINT, signal.SIGTERM:
            running = start(c, f"--layout={layout}", "--memory", "4g")
            time.sleep(1.5)
            begin = time.monotonic()
            running.send_signal(number)
            finish(c, running)
            if c.code != 130 or time.monotonic() - begin > 10:
                sys.exit(f"{layout}, {number}: exit code {c.code} after {time.monotonic() - begin:.1f} s\n{c.err}")


HELPERS = ("run", "counts", "comes_and_goes", "start", "finish", "refused", "shared")
main({k: v for k, v in list(globals().items()) if callable(v) and k not in HELPERS and v.__module__ == __name__
      and v.__code__.co_varnames[:1] == ("c",)})
