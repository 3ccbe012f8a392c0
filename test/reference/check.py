#!/usr/bin/env python3
"""Runs one hand-written case of the reference interpreter; its answer was worked out by hand.

usage: check.py REFERENCE CASE

A case is one text: `--- NAME` starts a file of that name; `--- pipeline`, `--- expected` (standard output), `--- args` and
`--- status` are what they say. Files that are no input have their name in `--- expected NAME`.
"""
import os
import subprocess
import sys
import tempfile


def main():
    reference, case = map(os.path.abspath, sys.argv[1:3])
    parts, name = {}, None
    with open(case, encoding="utf-8") as f:
        for line in f:
            if line.startswith("--- "):
                name = line[4:].strip()
                parts[name] = ""
            elif name:
                parts[name] += line
    status, args = int(parts.pop("status", "0")), parts.pop("args", "").split()
    with tempfile.TemporaryDirectory() as folder:
        for name, text in parts.items():
            if not name.startswith("expected"):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                    f.write(text)
        done = subprocess.run([reference, "pipeline", *args], cwd=folder, capture_output=True, text=True)
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
            if found != want:
                good = False
                print("%s\n--- found\n%s--- expected\n%s" % (path or "standard output", found, want))
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
