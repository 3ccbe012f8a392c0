// `branch_free`: the row is written always, the place moves on only if the record is kept.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [] terminals ["out"] {
  exec.source @in : !stream.of<n: i64, x: f64> {connector = "stdin", options = {},
    columns = [#stream.column<"n", "">, #stream.column<"x", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1] {
  ^bb0(%n: i64, %x: f64):
    %h = expr.constant(5.0e-01 : f64) : f64
    %c = expr.cmp lt %x, %h : (f64, f64) -> i1
    exec.keep %c : i1 filter "f" {branch_free}
    exec.emit @out terminal 0 (%n : i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: scf.for
// CHECK-NOT: scf.if
// CHECK: %[[PASS:.*]] = arith.cmpf olt
// CHECK: llvm.store
// CHECK: %[[ADVANCE:.*]] = arith.select %[[PASS]], %{{.*}}, %{{.*}} : i64
// CHECK: llvm.getelementptr inbounds %{{.*}}[%[[ADVANCE]]]
