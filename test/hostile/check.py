#!/usr/bin/env python3
"""Bad input of every kind: a message that helps and an exit code, never a signal, never a wrong answer.

usage: check.py MILLRACE CASE | check.py --list
"""
import os
import resource
import signal
import subprocess
import sys
import time

from case import FIELDS, PIPELINE, main

GOOD = '{"id": 1, "name": "a", "at": 0}\n'


def data(c, text, code, *words, policy="fail", out=None):
    c.pipeline(policy)
    c.write("in.jsonl", text)
    c.run().expect(code, *words, out=out)


ROW = '{"id":1,"name":"a","at":"1970-01-01T00:00:00Z"}\n'


def truncated_record(c):
    data(c, GOOD + '{"id": 2, "na', 1, "in.jsonl:2", out=ROW)


def trailing_comma(c):
    data(c, '{"id": 1, "at": 0,}\n', 1, "in.jsonl:1")


def invalid_utf8(c):
    data(c, b'{"id": 1, "name": "\xff", "at": 0}\n', 1, "in.jsonl:1", "UTF-8")


def lone_surrogate(c):
    data(c, '{"id": 1, "name": "\\ud800", "at": 0}\n', 1, "in.jsonl:1", "surrogate")


def duplicate_member(c):
    data(c, '{"id": 1, "i\\u0064": 2, "at": 0}\n', 1, "in.jsonl:1", "id")


def number_out_of_range(c):
    data(c, '{"id": 9223372036854775808, "at": 0}\n', 1, "in.jsonl:1", "id")


def fraction_for_integer(c):
    data(c, '{"id": 1.5, "at": 0}\n{"id": 1e0, "at": 0}\n', 0, policy="drop", out='{"id":1,"name":null,"at":"1970-01-01T00:00:00Z"}\n')
    data(c, '{"id": 1.5, "at": 0}\n', 1, "in.jsonl:1", "wrong type: field `id`")


def nested_brackets_in_data(c):
    text = '{"id": 1, "at": 0, "x": ' + "[" * 100_000 + "]" * 100_000 + "}\n" + GOOD
    data(c, text, 0, policy="drop", out=ROW)
    data(c, text, 1, "in.jsonl:1:88", "nested more than 64 deep", out="")


def line_of_100_mb(c):
    limit = 95 << 20  # of address space: not even once is the line held in memory
    c.write("in.jsonl", b'{"id": 1, "name": "' + b"x" * 100_000_000 + b'", "at": 0}\n' + GOOD.encode())
    for policy, code, words, out in (("drop", 0, [], ROW), ("fail", 1, ["in.jsonl:1", "longer than 1 MiB"], "")):
        c.pipeline(policy)
        c.run(c.millrace, "build", "p.mlir", "-o", "program").expect(0)
        c.run("./program", before=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))).expect(code, *words, out=out)


def first_and_last_time(c):
    first, last = -62167219200000, 253402300799999
    data(c, f'{{"id": 1, "at": {first}}}\n{{"id": 2, "at": {last}}}\n', 0,
         out='{"id":1,"name":null,"at":"0000-01-01T00:00:00Z"}\n{"id":2,"name":null,"at":"9999-12-31T23:59:59.999Z"}\n')


def time_before_the_first(c):
    data(c, '{"id": 1, "at": -62167219200001}\n', 1, "in.jsonl:1", "at")


def time_after_the_last(c):
    data(c, '{"id": 1, "at": 253402300800000}\n', 1, "in.jsonl:1", "at")


def missing_file(c):
    c.pipeline()
    c.run().expect(3, "in.jsonl", "there is no such file")


def unreadable_file(c):
    c.pipeline()
    c.write("in.jsonl", GOOD)
    os.chmod(os.path.join(c.folder, "in.jsonl"), 0)
    os.chmod(c.folder, 0o755)

    def nobody():
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)

    # The program may stand where another user cannot read it: give that user a copy.
    program = os.path.join(c.folder, "program")
    c.run(c.millrace, "build", "p.mlir", "-o", program).expect(0)
    c.run(program, before=nobody).expect(3, "in.jsonl", "permission denied")


def directory_as_input(c):
    c.pipeline()
    os.mkdir(os.path.join(c.folder, "in.jsonl"))
    c.run().expect(3, "in.jsonl", "directory")


def full_disk_at_the_sink(c):
    c.pipeline(sink='file("/dev/full")')
    c.write("in.jsonl", GOOD * 5000)
    c.run().expect(3, "/dev/full", "no space left")


def full_disk_behind_stdout(c):
    c.pipeline()
    c.write("in.jsonl", GOOD * 5000)
    c.run("sh", "-c", f"'{c.millrace}' run p.mlir >/dev/full").expect(3, "no space left")


def sink_in_a_missing_folder(c):
    c.pipeline(sink='file("nowhere/out.jsonl")')
    c.write("in.jsonl", GOOD)
    c.run().expect(3, "nowhere/out.jsonl", "there is no such file")


def directory_at_o(c):
    c.pipeline()
    os.mkdir(os.path.join(c.folder, "out"))
    c.run(c.millrace, "build", "p.mlir", "-o", "out").expect(3, "out", "directory")
    if os.listdir(os.path.join(c.folder, "out")):
        sys.exit("something was left in the directory")


def unwritable_place_at_o(c):
    c.pipeline()
    c.run(c.millrace, "build", "p.mlir", "-o", "nowhere/out").expect(3, "nowhere")


def running_binary_at_o(c):
    c.pipeline()
    c.write("in.jsonl", GOOD)
    c.run(c.millrace, "build", "p.mlir", "-o", "out").expect(0)
    os.unlink(os.path.join(c.folder, "in.jsonl"))
    os.mkfifo(os.path.join(c.folder, "in.jsonl"))
    running = subprocess.Popen(["./out"], cwd=c.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        c.run(c.millrace, "build", "p.mlir", "-o", "out").expect(0)
    finally:
        running.kill()
        running.wait()


def brackets_in_the_pipeline(c):
    c.write("p.mlir", "stream.pipeline @p " + "{" * 100_000 + "}" * 100_000)
    c.run().expect(1, "p.mlir:1")


def nested_parentheses_in_an_expression(c):
    c.pipeline(dead=PIPELINE.replace("  sink %%in to %s as json", "  %%f = filter %%in where " + "(" * 5000 + "true" + ")" * 5000 +
                                     "\n  sink %%f to %s as json") % ("", FIELDS, "fail", "stdout"))
    c.run().expect(1, "p.mlir")


def binary_garbage_as_pipeline(c):
    c.write("p.mlir", os.urandom(5000))
    c.run().expect(1, "p.mlir")


def empty_pipeline(c):
    c.write("p.mlir", "")
    c.run().expect(1, "p.mlir")


def missing_pipeline(c):
    c.run().expect(3, "p.mlir", "there is no such file")


def unknown_param(c):
    c.write("p.mlir", 'stream.pipeline @p {\n  %limit = param 5 "most"\n  %n = source sequence(count = 3)\n'
                      "  %f = filter %n where n < %limit\n  sink %f to stdout as json\n}\n")
    c.run(c.millrace, "run", "p.mlir", "--set", "limt=3").expect(2, "limt", "limit")


def param_of_another_type(c):
    c.write("p.mlir", 'stream.pipeline @p {\n  %limit = param 5 "most"\n  %n = source sequence(count = 3)\n'
                      "  %f = filter %n where n < %limit\n  sink %f to stdout as json\n}\n")
    c.run(c.millrace, "run", "p.mlir", "--set", "limit=many").expect(2, "limit", "many")


def binary_garbage_as_input(c):
    c.write("p.mlir", 'stream.pipeline @p {\n  %in = source file("in.bin") as binary { id: i64 }\n  sink %in to stdout as json\n}\n')
    c.write("in.bin", b"\x00\xff" * 5000)
    c.run().expect(1, "in.bin")


def rows_that_are_large_as_text(c):
    c.write("p.mlir", """stream.pipeline @p {
  %in = source file("in.jsonl") as json { l: string }
  %rows = flat_map %in each x in split(l, ",") { x, l }
  sink %rows to file("/dev/null") as csv
}
""")
    c.write("in.jsonl", ('{"l": "' + "1," * 20_000 + '"}\n') * 3)  # 800 MB of text a record
    c.run(c.millrace, "build", "p.mlir", "-o", "out").expect(0)
    limit = 100 << 20
    c.run("./out", before=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit))).expect(0)


def interrupt_while_nobody_reads(c):
    c.write("p.mlir", "stream.pipeline @p {\n  %n = source sequence(count = 1000000000)\n  sink %n to stdout as json\n}\n")
    c.run(c.millrace, "build", "p.mlir", "-o", "out").expect(0)
    running = subprocess.Popen(["./out"], cwd=c.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        time.sleep(0.5)
        running.send_signal(signal.SIGINT)
        c.code, c.out = running.wait(timeout=20), ""
        c.err = running.stderr.read().decode()
    finally:
        running.kill()
        running.wait()
    c.expect(130, "nobody reads standard output; not all of the output was written")


def window_that_never_fires(c):
    c.write("p.mlir", """stream.pipeline @p {
  %in = source stdin as json { t: timestamp in s } watermark t none
  %rows = window %in tumbling 10 s { n = count() }
  sink %in to stdout as json
  sink %rows to stdout as json
}
""")
    c.run(c.millrace, "build", "p.mlir", "-o", "out").expect(0)
    running = subprocess.Popen(["./out"], cwd=c.folder, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        for i in range(12):  # they trickle: never is there silence for long
            running.stdin.write(b'{"t": 100}\n')
            running.stdin.flush()
            time.sleep(0.4)
        running.stdin.close()
        c.err, c.out = running.stderr.read().decode(), ""
        c.code = running.wait(timeout=20)
    finally:
        running.kill()
        running.wait()
    c.expect(0, "note: `rows` holds 1 open window", "`in` has no watermark before its end, so it waits for the end of input")
    if c.err.count("holds 1 open window") != 1:
        sys.exit("said more than once:\n" + c.err)


def closed_pipe(c):
    c.pipeline()
    c.write("in.jsonl", GOOD * 20000)
    c.run("bash", "-c", f"set -o pipefail; '{c.millrace}' run p.mlir | head -1").expect(0, out=ROW)


main({k: v for k, v in list(globals().items()) if callable(v) and k != "data" and v.__module__ == __name__
      and v.__code__.co_varnames[:1] == ("c",)})
