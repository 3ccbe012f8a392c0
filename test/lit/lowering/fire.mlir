// A firing: slots in use, keys and members as they were laid out, a pause between two keys when the output is full; a sum
// that does not fit is an error of the window (rule 23).
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

// CHECK-LABEL: llvm.func internal @fire_w(
// CHECK: llvm.call @mr_table_slots
// CHECK: %[[COUNT:.*]] = llvm.call @mr_table_capacity
// CHECK: scf.while
// Pages that nobody wrote are passed over.
// CHECK: llvm.call @mr_table_next
// CHECK: llvm.call @mr_out_full
// CHECK: scf.condition
// CHECK: scf.if
// Strings of the key and of members are in the table's memory; the rest of the sum lies aside.
// CHECK: llvm.call @mr_table_text
// CHECK: llvm.call @mr_table_cold(
// CHECK: llvm.call @mr_average
// CHECK: llvm.call @mr_table_text
// CHECK: llvm.call @mr_overflow
// CHECK: llvm.call @mr_out_begin
// CHECK: llvm.call @mr_out_end
// CHECK: scf.yield
// CHECK: arith.cmpi {{.*}}, %[[COUNT]] : i64
