#!/usr/bin/env python3
"""Runs one hand-written case, by the reference interpreter or compiled; its answer was worked out by hand.

usage: check.py CASE COMMAND...     COMMAND is what a pipeline's name is put behind: `millrace-reference`, `millrace run`

A case is one text: `--- NAME` starts a file of that name; `--- pipeline`, `--- expected` (standard output), `--- args` and
`--- status` are what they say. Files that are no input have their name in `--- expected NAME`. `--- order` with `by key` says
that only each key's rows have an order: the interpreter gives them in the order of keys, a program in any.

The reason of a letter whose record is not well-formed is expected empty: it is the decoder's to say, and must not be empty in
a program's letters.
"""
import os
import re
import subprocess
import sys
import tempfile


FLAW = re.compile(r'"reason":"(?:[^"\\]|\\.)+"')


def comparable(found, want, by_key):
    """Lines of both as they must be equal for a program."""
    found, want = found.splitlines(), want.splitlines()
    for i, line in enumerate(want):
        if '"reason":""' in line and i < len(found):
            found[i] = FLAW.sub('"reason":""', found[i]) if '"reason":""' not in found[i] else "no reason: " + found[i]
    return (sorted(found), sorted(want)) if by_key else (found, want)


def main():
    case, command = os.path.abspath(sys.argv[1]), [os.path.abspath(sys.argv[2]), *sys.argv[3:]]
    is_program = len(command) > 1
    parts, name = {}, None
    with open(case, encoding="utf-8") as f:
        for line in f:
            if line.startswith("--- "):
                name = line[4:].strip()
                parts[name] = ""
            elif name:
                parts[name] += line
    status, args = int(parts.pop("status", "0")), parts.pop("args", "").split()
    by_key = parts.pop("order", "").strip() == "by key"
    with tempfile.TemporaryDirectory() as folder:
        for name, text in parts.items():
            if not name.startswith("expected"):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                    f.write(text)
        done = subprocess.run([*command, "pipeline", *args], cwd=folder, capture_output=True, text=True)
        good = done.returncode == status
        if not good:
            print("exit %d instead of %d: %s" % (done.returncode, status, done.stderr))
        for name, want in parts.items():
            if not name.startswith("expected"):
                continue
            path = name[8:].strip()
            found = done.stdout
            if path:
                with open(os.path.join(folder, path), encoding="utf-8") as f:
                    found = f.read()
            a, b = comparable(found, want, by_key) if is_program else (found, want)
            if a != b:
                good = False
                print("%s\n--- found\n%s--- expected\n%s" % (path or "standard output", found, want))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
