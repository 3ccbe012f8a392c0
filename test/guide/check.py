#!/usr/bin/env python3
"""Runs what a document shows: every snippet of README.md and docs/guide.md is real.

usage: check.py BIN_DIR DOCUMENT [--update]

In the document, `<!-- same: PATH -->` before a fenced block says that the block is that file of the project;
`<!-- file: NAME -->` before a fenced block writes the block to NAME; a block marked `console` is run: each line
that starts with `$ ` is a command (a shell's, with BIN_DIR first in PATH), what follows is its output, of both streams. A
line `...` stands for any lines; `<...>` inside a line for any text (times, rates). `--update` writes what came out into the document,
keeping lines that fit.
"""
import os
import re
import subprocess
import sys
import tempfile

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "../.."))


def blocks(text):
    """(kind, argument, first line, last line) of each block that counts; lines from 0, without the fences."""
    lines, name, i = text.split("\n"), None, 0
    while i < len(lines):
        m = re.match(r"<!-- (file|same): (\S+) -->", lines[i])
        if m:
            kind, name = m.groups()
        fence = re.match(r"```(\w*)", lines[i])
        if fence:
            end = next(k for k in range(i + 1, len(lines)) if lines[k].startswith("```"))
            if name:
                yield kind, name, i + 1, end
            elif fence.group(1) == "console":
                yield "console", None, i + 1, end
            name, i = None, end
        i += 1


def fits(pattern, line):
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.rstrip().split("<...>")), line.rstrip()) is not None


def matches(expected, got):
    """Does the output fit the pattern? `...` stands for any lines."""
    if not expected:
        return not got
    if expected[0].strip() == "...":
        return any(matches(expected[1:], got[k:]) for k in range(len(got) + 1))
    return bool(got) and fits(expected[0], got[0]) and matches(expected[1:], got[1:])


def main():
    bin_dir, document = os.path.abspath(sys.argv[1]), sys.argv[2]
    with open(document, encoding="utf-8") as f:
        lines = f.read().split("\n")
    failed, replaced, ran = [], [], 0
    with tempfile.TemporaryDirectory() as work:
        os.symlink(os.path.join(ROOT, "examples"), os.path.join(work, "examples"))
        environment = dict(os.environ, PATH=bin_dir + ":" + os.environ["PATH"], TERM="dumb")
        for kind, name, first, last in blocks("\n".join(lines)):
            body = lines[first:last]
            if kind == "same":
                with open(os.path.join(ROOT, name), encoding="utf-8") as f:
                    if f.read().rstrip("\n") != "\n".join(body):
                        failed.append(f"{document}:{first}: not what {name} is")
                continue
            if kind == "file":
                with open(os.path.join(work, name), "w", encoding="utf-8") as f:
                    f.write("\n".join(body) + "\n")
                continue
            at = 0
            while at < len(body):
                end = next((k for k in range(at + 1, len(body)) if body[k].startswith("$ ")), len(body))
                command, expected = body[at][2:], body[at + 1:end]
                while expected and not expected[-1]:
                    expected.pop()
                done = subprocess.run(["bash", "-c", command], cwd=work, env=environment, stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
                got = done.stdout.rstrip("\n").split("\n") if done.stdout.strip() else []
                ran += 1
                if not matches(expected, got):
                    failed.append(f"{document}:{first + at + 1}: $ {command}\n  expected:\n    " + "\n    ".join(expected) +
                                  "\n  got:\n    " + "\n    ".join(got))
                    replaced.append((first + at + 1, first + end, got))
                at = end
    if "--update" in sys.argv:
        for start, end, got in reversed(replaced):
            lines[start:end] = got
        with open(document, "w", encoding="utf-8") as f:
            f.write("\n".join(lines))
    elif failed:
        sys.exit("\n".join(failed))
    if ran == 0:
        sys.exit(f"{document}: no command was run")
    print(f"{document}: {ran} commands gave what it says")


main()
