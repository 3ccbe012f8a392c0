// A stage ends the loop: indices go to a selection vector, without a branch as the filter allows it; the second loop
// loads fields again, computes what is cheap again, and keeps the rest in a column.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [] terminals ["out"] {
  exec.source @in : !stream.of<n: i64, s: !expr.string, x: f64> {connector = "stdin", options = {},
    columns = [#stream.column<"n", "">, #stream.column<"s", "">, #stream.column<"x", "">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64, s: !expr.string, x: f64, u: !expr.string> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1, 2] {
  ^bb0(%n: i64, %s: !expr.string, %x: f64):
    %u = expr.call "upper"(%s) : (!expr.string) -> !expr.string
    %two = expr.constant(2.0 : f64) : f64
    %y = expr.mul %x, %two : (f64, f64) -> f64
    %c = expr.cmp lt %y, %two : (f64, f64) -> i1
    exec.keep %c : i1 filter "f"
    exec.stage "unknown"
    exec.emit @out terminal 0 (%n, %s, %y, %u : i64, !expr.string, f64, !expr.string)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// The selection vector, and a column for each word of the text that is costly to compute.
// CHECK-COUNT-3: llvm.call @mr_arena
// CHECK: scf.for
// CHECK-NOT: scf.if
// CHECK: llvm.call @mr_string_upper
// CHECK: %[[PASS:.*]] = arith.cmpf olt
// CHECK: arith.trunci %{{.*}} : i64 to i16
// CHECK: arith.extui %[[PASS]] : i1 to i64
// CHECK: scf.for
// CHECK: llvm.load {{.*}} -> i16
// CHECK: arith.mulf
// CHECK-NOT: mr_string_upper
// CHECK: llvm.call @mr_out_end
