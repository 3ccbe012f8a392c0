// What provably cannot fail carries no error: a constant divisor that is neither 0 nor -1.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {},
    columns = [#stream.column<"a", "">],
    used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<o0: i64> {connector = "stdout", options = {}}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    %c = expr.constant(123 : i64) : i64
    %m = expr.mod %a, %c {expr.site = 1 : i32} : (i64, i64) -> i64
    exec.emit @out terminal 0 (%m : i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in
// CHECK-NOT: mr_bad
// CHECK: arith.remsi
// CHECK-NOT: mr_bad
// CHECK: llvm.return
