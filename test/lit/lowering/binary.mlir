// Rows of the binary format stay rows: a value is found at base + record * row size. Padding is written as zeros.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [] terminals ["out"] {
  exec.source @in : !stream.of<n: i64, b: i1> {connector = "stdin", options = {}, format = "binary",
    columns = [#stream.column<"n", "">, #stream.column<"b", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64, b: i1> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1] {
  ^bb0(%n: i64, %b: i1):
    exec.emit @out terminal 0 (%n, %b : i64, i1)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK-DAG: %[[ROW:.*]] = arith.constant 16 : i64
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0 : i8
// CHECK: scf.for %[[I:.*]] =
// CHECK: arith.muli %[[I]], %[[ROW]] : i64
// CHECK-COUNT-7: llvm.store %[[ZERO]]
