"""Text to IR to text to IR: the second text and the second IR are those of the first.

MLIR's own --verify-roundtrip prints the generic form, so it says nothing about the syntax. Flags behind the file (passes)
are given to the first run. Prints the text.
"""
import difflib
import subprocess
import sys


def run(flags, text):
    done = subprocess.run(["millrace-opt", *flags], input=text, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"millrace-opt {' '.join(flags)} failed:\n{done.stderr}\non\n{text}")
    return done.stdout


def expect_same(what, first, second):
    if first != second:
        lines = difflib.unified_diff(first.splitlines(), second.splitlines(), "first", "second", lineterm="", n=1)
        sys.exit(f"the second {what} is another than the first:\n" + "\n".join(lines))


def main():
    path, *flags = sys.argv[1:]
    with open(path) as file:
        source = file.read()
    generic = "--mlir-print-op-generic"
    text = run(flags, source)
    expect_same("text", text, run([], text))
    expect_same("IR", run([*flags, generic], source), run([generic], text))
    print(text)


main()
