#!/usr/bin/env python3
"""Runs one end-to-end case (README.md) one way and compares everything it gives with what is expected.

    run_case.py --millrace BIN --way jit|binary [--update] CASE

The case runs in a directory of its own, where its files are reached by links and `out/` is empty. With --update the
expectations are rewritten from what came out: look at the difference before committing it.
"""
import argparse
import difflib
import os
import pathlib
import subprocess
import sys
import tempfile

TIMEOUT = 120  # seconds, for compiling and for running

# Options of the compiler; all others belong to the running pipeline.
COMPILER_OPTIONS = ("--cpu", "--stage-mode", "--sample", "--no-shapes")


def is_compiler_option(argument):
    return any(argument == name or argument.startswith(name + "=") for name in COMPILER_OPTIONS)


def prepare(case, work):
    for entry in case.iterdir():
        if not entry.name.startswith("expected"):
            (work / entry.name).symlink_to(entry)
    (work / "out").mkdir()


def call(command, work, stdin):
    with open(stdin, "rb") if stdin else open(os.devnull, "rb") as source:
        done = subprocess.run(command, cwd=work, stdin=source, capture_output=True, timeout=TIMEOUT)
    return done.returncode, done.stdout, done.stderr


def run(millrace, way, case, work):
    arguments = (case / "args").read_text().split("\n") if (case / "args").exists() else []
    arguments = [argument for argument in arguments if argument]
    stdin = case / "stdin" if (case / "stdin").exists() else None
    if way == "jit":
        return call([millrace, "run", "pipeline.mlir", *arguments], work, stdin)
    compiler = [argument for argument in arguments if is_compiler_option(argument)]
    status, stdout, stderr = call([millrace, "build", "pipeline.mlir", "-o", "program", *compiler], work, None)
    if status != 0:
        return status, stdout, stderr
    rest = [argument for argument in arguments if not is_compiler_option(argument)]
    return call([str(work / "program"), *rest], work, stdin)


def difference(name, expected, actual):
    def lines(data):
        return data.decode("utf-8", "backslashreplace").splitlines(keepends=False)

    text = difflib.unified_diff(lines(expected), lines(actual), f"expected {name}", f"actual {name}", lineterm="")
    shown = list(text)[:60]
    return "\n".join(shown) if shown else f"{name}: differs only in line ends"


def compare(case, work, status, stdout, stderr):
    problems = []
    wanted = int((case / "status").read_text()) if (case / "status").exists() else 0
    if status != wanted:
        problems.append(f"exit status {status}, expected {wanted}")
    files = {"standard output": (case / "expected", stdout)}
    for written in (work / "out").iterdir():
        files[f"out/{written.name}"] = (case / f"expected-{written.name}", written.read_bytes())
    for wanted_file in case.glob("expected-*"):
        files.setdefault(f"out/{wanted_file.name[len('expected-'):]}", (wanted_file, None))
    for name, (expectation, actual) in sorted(files.items()):
        expected = expectation.read_bytes() if expectation.exists() else b""
        if actual is None:
            problems.append(f"{name} was not written")
        elif actual != expected:
            problems.append(difference(name, expected, actual))
    said = stderr.decode("utf-8", "backslashreplace")
    messages = (case / "messages").read_text().splitlines() if (case / "messages").exists() else []
    for message in messages:
        if message and message not in said:
            problems.append(f"standard error does not say: {message}")
    return problems


def update(case, work, status, stdout):
    outputs = {"expected": stdout}
    for written in (work / "out").iterdir():
        outputs[f"expected-{written.name}"] = written.read_bytes()
    if status != 0:
        outputs["status"] = f"{status}\n".encode()
    for name, data in outputs.items():
        (case / name).write_bytes(data)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--millrace", required=True)
    parser.add_argument("--way", choices=("jit", "binary"), required=True)
    parser.add_argument("--update", action="store_true")
    parser.add_argument("case", type=pathlib.Path)
    options = parser.parse_args()
    case = options.case.resolve()
    with tempfile.TemporaryDirectory(prefix="millrace-e2e-") as directory:
        work = pathlib.Path(directory)
        prepare(case, work)
        status, stdout, stderr = run(str(pathlib.Path(options.millrace).resolve()), options.way, case, work)
        if options.update:
            update(case, work, status, stdout)
            return 0
        problems = compare(case, work, status, stdout, stderr)
    if not problems:
        return 0
    print(f"{case.name} ({options.way}):")
    for problem in problems:
        print(problem)
    print("--- standard error:")
    print(stderr.decode("utf-8", "backslashreplace"))
    return 1


if __name__ == "__main__":
    sys.exit(main())
