// A fold: the pane in hand costs one comparison; another one is looked up, and judged late or not (rule 19); the key is
// normalised as abi.h says; sums are exact (rule 23), nulls are skipped (rule 28), last goes by time (rule 27).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["w", "out"] {
  exec.source @in : !stream.of<k: !expr.string, j: !expr.nullable<i32>, v: i64, x: !expr.nullable<f64>, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"j", "">, #stream.column<"v", "">, #stream.column<"x", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true, true, true>, first_site = 0 : i32, event_time = 4 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<k: !expr.string, j: !expr.nullable<i32>, s: !expr.timestamp, n: i64, total: i64, most: !expr.nullable<f64>, mean: f64, newest: !expr.string> {connector = "stdout", options = {}}
  state.table @w : !state.table<(k: !expr.string, j: !expr.nullable<i32>) (<"n" = "count"(none) : i64>, <"total" = "sum"(i64) : i64>,
    <"most" = "max"(!expr.nullable<f64>) : !expr.nullable<f64>>, <"mean" = "avg"(i64) : f64>,
    <"newest" = "last"(!expr.string) : !expr.string>) layout inline> window #stream.window<tumbling 1 h> inputs [@in]
  exec.step @in fields [0, 1, 2, 3] {
  ^bb0(%k: !expr.string, %j: !expr.nullable<i32>, %v: i64, %x: !expr.nullable<f64>, %t: !expr.timestamp):
    %zero = expr.constant(0 : i64) : i64
    %c = expr.cmp gt %v, %zero : (i64, i64) -> i1
    state.fold @w terminal 0 keys(%k, %j : !expr.string, !expr.nullable<i32>) at %t : !expr.timestamp
      args(%v, %x, %v, %k : i64, !expr.nullable<f64>, i64, !expr.string) filters [true, false, false, false, false] (%c : i1)
  }
  exec.fire @w {
  ^bb0(%k: !expr.string, %j: !expr.nullable<i32>, %s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %total: i64, %most: !expr.nullable<f64>,
       %mean: f64, %newest: !expr.string, %at: !expr.timestamp):
    exec.emit @out terminal 1 (%k, %j, %s, %n, %total, %most, %mean, %newest : !expr.string, !expr.nullable<i32>, !expr.timestamp, i64, i64, !expr.nullable<f64>, f64, !expr.string)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: scf.for
// CHECK: arith.cmpi uge
// CHECK: scf.if
// CHECK: arith.remsi
// CHECK: %[[OPEN:.*]] = llvm.call @mr_window_first_open
// CHECK: arith.cmpi slt, %{{.*}}, %[[OPEN]]
// CHECK: llvm.call @mr_window_count_late
// CHECK: llvm.call @mr_window_pane
// Two words: j, and which are null; then the string.
// CHECK: llvm.call @mr_key_hash
// CHECK: %[[SLOT:.*]] = llvm.call @mr_table_upsert
// CHECK: arith.extui %{{.*}} : i1 to i64
// CHECK: "llvm.intr.sadd.with.overflow"
// CHECK: llvm.call @mr_table_cold_new
// CHECK: arith.cmpf ogt
// CHECK: arith.cmpf uno
// CHECK: llvm.call @mr_table_replace
