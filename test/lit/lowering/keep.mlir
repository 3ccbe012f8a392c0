// A filter nests what is behind it; its error does not reject, it is judged at the terminal with the row's (rule 47).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<n: i64, m: i64> {connector = "stdin", options = {},
    columns = [#stream.column<"n", "">, #stream.column<"m", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1] {
  ^bb0(%n: i64, %m: i64):
    %q = expr.div %n, %m {expr.site = 1 : i32} : (i64, i64) -> i64
    %c = expr.cmp gt %q, %m : (i64, i64) -> i1
    exec.keep %c : i1 filter "f"
    exec.demand %q : i64
    exec.emit @out terminal 0 (%n : i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: arith.divsi
// CHECK: arith.ori %{{.*}}, %{{.*}} : i1
// CHECK: scf.if %{{.*}} {
// CHECK: %[[BAD:.*]] = llvm.intr.expect %{{.*}}, %{{.*}} : i1
// CHECK: scf.if %[[BAD]] {
// CHECK: llvm.call @mr_bad
// CHECK: } else {
