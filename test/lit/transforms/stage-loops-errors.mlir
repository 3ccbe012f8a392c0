// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(exec-stage-loops{likely=f:250}))' --verify-diagnostics -o /dev/null

// expected-error @below {{cannot read the pass rate `f:250`; write the filter's name and a percentage, as in `strong:30`}}
exec.program @p sites [] terminals [] {
}
