"""One hostile run in a folder of its own, and the command line of a file of such cases."""
import os
import shutil
import subprocess
import sys
import tempfile

FIELDS = "{ id: i64, name: string?, at: timestamp in ms }"
PIPELINE = """stream.pipeline @p {
  %%in%s = source file("in.jsonl") as json %s watermark at ascending on_bad %s
  sink %%in to %s as json
}
"""


class Case:
    """One run in a folder of its own: files to lay out, the command, what must come of it."""

    def __init__(self, *programs):
        self.millrace, *self.programs = map(os.path.abspath, programs)
        self.folder = tempfile.mkdtemp()

    def write(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as f:
            f.write(data if isinstance(data, bytes) else data.encode())

    def pipeline(self, policy="fail", sink="stdout", dead=""):
        self.write("p.mlir", PIPELINE % (", %bad" if policy == "dead_letter" else "", FIELDS, policy, sink) if not dead else dead)

    def run(self, *arguments, before=None, stdin=None):
        done = subprocess.run(arguments or [self.millrace, "run", "p.mlir"], cwd=self.folder, input=stdin, timeout=100,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, preexec_fn=before)
        self.out, self.err = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        self.code = done.returncode
        return self

    def expect(self, code, *words, out=None):
        problem = []
        if self.code != code:
            problem.append(f"exit code {self.code}, expected {code}")
        problem += [f"the message lacks {w!r}" for w in words if w not in self.err]
        if out is not None and self.out != out:
            problem.append(f"output {self.out[:200]!r}, expected {out[:200]!r}")
        if problem:
            sys.exit("; ".join(problem) + f"\n--- messages\n{self.err[:3000]}\n--- output\n{self.out[:500]}")


def main(cases):
    if sys.argv[1:] == ["--list"]:
        print("\n".join(cases))
        return
    case = Case(*sys.argv[1:-1])
    try:
        cases[sys.argv[-1]](case)
    finally:
        shutil.rmtree(case.folder, ignore_errors=True)
    print(f"{sys.argv[-1]}: a clear answer")
