// Fan-out: a record rejected in one branch goes on behind it; a field that only one branch needs is loaded there.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [] terminals ["a", "b"] {
  exec.source @in : !stream.of<n: i64, x: f64> {connector = "stdin", options = {},
    columns = [#stream.column<"n", "">, #stream.column<"x", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @a : !stream.of<n: i64> {connector = "stdout", options = {}}
  exec.sink @b : !stream.of<x: f64> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1] {
  ^bb0(%n: i64, %x: f64):
    %zero = expr.constant(0 : i64) : i64
    exec.branch {
      %c = expr.cmp gt %n, %zero : (i64, i64) -> i1
      exec.keep %c : i1 filter "f"
      exec.emit @a terminal 0 (%n : i64)
    }
    exec.branch {
      exec.emit @b terminal 1 (%x : f64)
    }
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: llvm.call @mr_out_begin
// CHECK: llvm.call @mr_out_begin
// CHECK: scf.for
// CHECK: llvm.load {{.*}} -> i64
// CHECK: scf.if
// CHECK: }
// CHECK: llvm.load {{.*}} -> f64
// CHECK: llvm.call @mr_out_end
// CHECK: llvm.call @mr_out_end
