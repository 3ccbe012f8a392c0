// A source of text has a status for each value. Batches without errors and with some have a version each: only in the
// second a status becomes an error, of the field's site (rule 47).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<n: i64, m: !expr.nullable<f64>> {connector = "stdin", options = {}, format = "json",
    columns = [#stream.column<"n", "">, #stream.column<"m", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64, m: !expr.nullable<f64>> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1] {
  ^bb0(%n: i64, %m: !expr.nullable<f64>):
    exec.emit @out terminal 0 (%n, %m : i64, !expr.nullable<f64>)
  }
}

// CHECK-LABEL: llvm.func internal @step_in_clean
// CHECK-NOT: mr_bad
// CHECK-LABEL: llvm.func internal @step_in_dirty
// CHECK-SAME: "cold"
// CHECK-DAG: %[[SITE1:.*]] = arith.constant 8 : i32
// CHECK: arith.cmpi uge, %{{.*}}, %{{.*}} : i8
// CHECK: arith.ori %{{.*}}, %[[SITE1]] : i32
// CHECK: arith.minui
// CHECK: llvm.call @mr_bad
// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: scf.if
// CHECK: llvm.call @step_in_dirty
// CHECK: llvm.call @step_in_clean
