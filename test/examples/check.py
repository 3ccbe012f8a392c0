#!/usr/bin/env python3
"""Runs one example as a reader would and compares it with the committed answer, and that with one computed by other means.

usage: check.py MILLRACE SOURCE_DIR NAME [--build] [--update]
"""
import csv
import io
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from answers import ANSWERS  # noqa: E402


def parse(name, text):
    """Columns and rows of JSON lines, CSV, or a table for people, all values as text."""
    if name.endswith(".jsonl") or text.startswith("{"):
        rows = [json.loads(line) for line in text.splitlines()]
        return list(rows[0]), [list(r.values()) for r in rows]
    if name.endswith(".csv") or "," in text.split("\n", 1)[0]:
        rows = list(csv.reader(io.StringIO(text)))
        return rows[0], rows[1:]
    lines = [line for line in text.splitlines() if line.strip() and not set(line.strip()) <= set("-─━+|┼│═ ")]
    cells = [[c for c in line.replace("│", " ").replace("|", " ").split("  ") if c.strip()] for line in lines]
    cells = [[c.strip() for c in row] for row in cells]
    return cells[0], cells[1:]


def same(mine, theirs):
    if isinstance(mine, float):
        return float(theirs) == mine
    if isinstance(mine, list) and isinstance(theirs, list):
        return len(mine) == len(theirs) and all(map(same, mine, theirs))
    if isinstance(mine, dict) and isinstance(theirs, dict):
        return list(mine) == list(theirs) and all(map(same, mine.values(), theirs.values()))
    if isinstance(mine, int):
        return str(theirs).replace(",", "") == str(mine)
    return str(theirs) == str(mine)


def explain(name, want, got):
    columns, rows = want
    got_columns, got_rows = got
    if columns != got_columns:
        return f"{name}: columns {got_columns}, expected {columns}"
    if len(rows) != len(got_rows):
        return f"{name}: {len(got_rows)} rows, expected {len(rows)}"
    rest = sorted(got_rows, key=lambda r: [str(c) for c in r])
    order = sorted(rows, key=lambda r: [text(c) for c in r])
    for a, b in zip(order, rest):
        for column, x, y in zip(columns, a, b):
            if column == "reason":  # its words are Millrace's; it must name the field
                if x not in y:
                    return f"{name}: reason {y!r} does not name {x!r}"
            elif not same(x, y):
                return f"{name}: row {b}, expected {a} (column {column})"
    return None


def text(value):
    """As the sinks write it, so that both sides sort alike."""
    if isinstance(value, float):
        return repr(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)
    return str(value)


def main():
    millrace, source, name = sys.argv[1:4]
    update = "--update" in sys.argv
    pipeline = os.path.join(source, "examples", name + ".mlir")
    with tempfile.TemporaryDirectory() as work:
        os.symlink(os.path.join(source, "examples"), os.path.join(work, "examples"))
        command = [millrace, "run", pipeline]
        if "--build" in sys.argv:
            subprocess.run([millrace, "build", pipeline, "-o", os.path.join(work, "program")], check=True)
            command = [os.path.join(work, "program")]
        done = subprocess.run(command, cwd=work, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            sys.exit(f"{name}: exit {done.returncode}\n{done.stderr}")
        failed = []
        for output, want in ANSWERS[name](os.path.join(source, "examples/data/quakes.jsonl")).items():
            got = done.stdout if output == "stdout" else open(os.path.join(work, output), encoding="utf-8").read()
            committed = os.path.join(source, "test/examples/expected", name + "." + output)
            if update:
                os.makedirs(os.path.dirname(committed), exist_ok=True)
                with open(committed, "w", encoding="utf-8") as f:
                    f.write(got)
            expected = open(committed, encoding="utf-8").read()
            if sorted(got.splitlines()) != sorted(expected.splitlines()):  # between keys there is no order (rule 10)
                failed.append(f"{name}: {output} differs from {committed}:\n{got[:2000]}")
            problem = explain(output, want, parse(output, got))
            if problem:
                failed.append(problem)
        if failed:
            sys.exit("\n".join(failed))
        print(f"{name}: as computed by other means")


main()
