// A dense table: fields of the key are digits of an index, null the last value of its field; a guard only where the type does
// not bound the field; the slot's place is computed, and a firing reads the key back from the position, in the order of keys
// (rule 10), so nothing is sorted.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["w", "out"] {
  exec.source @in : !stream.of<k: i64, b: !expr.nullable<i1>, v: i64, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"b", "">, #stream.column<"v", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true, true>, first_site = 0 : i32, event_time = 3 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<k: i64, b: !expr.nullable<i1>, n: i64, most: i64> {connector = "stdout", options = {}}
  state.table @w : !state.table<(k: i64, b: !expr.nullable<i1>) (<"n" = "count"(none) : i64>, <"most" = "max"(i64) : i64>)
    layout dense<10 to 109, 0 to 1>> window #stream.window<tumbling 1 h> inputs [@in] ordered
  exec.step @in fields [0, 1, 2] {
  ^bb0(%k: i64, %b: !expr.nullable<i1>, %v: i64, %t: !expr.timestamp):
    state.fold @w terminal 0 keys(%k, %b : i64, !expr.nullable<i1>) at %t : !expr.timestamp args(%v : i64) filters [false, false] ()
  }
  exec.fire @w {
  ^bb0(%k: i64, %b: !expr.nullable<i1>, %s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %most: i64, %at: !expr.timestamp):
    exec.emit @out terminal 1 (%k, %b, %n, %most : i64, !expr.nullable<i1>, i64, i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK-DAG: %[[LEAST:.*]] = arith.constant 10 : i64
// CHECK-DAG: %[[VALUES:.*]] = arith.constant 100 : i64
// CHECK-DAG: %[[NULL:.*]] = arith.constant 2 : i64
// CHECK-DAG: %[[DIGITS:.*]] = arith.constant 3 : i64
// CHECK-DAG: %[[SIZE:.*]] = arith.constant 16 : i64
// CHECK: %[[FIRST:.*]] = arith.subi %{{.*}}, %[[LEAST]] : i64
// CHECK: %[[SECOND:.*]] = arith.select %{{.*}}, %{{.*}}, %[[NULL]] : i64
// CHECK: %[[SHIFTED:.*]] = arith.muli %[[FIRST]], %[[DIGITS]]
// CHECK: %[[INDEX:.*]] = arith.addi %[[SHIFTED]], %[[SECOND]]
// CHECK: %[[OUTSIDE:.*]] = arith.cmpi uge, %[[FIRST]], %[[VALUES]]
// CHECK: llvm.call @mr_dense_reach
// CHECK: %[[OFFSET:.*]] = arith.muli %[[INDEX]], %[[SIZE]]
// CHECK: llvm.getelementptr inbounds %{{.*}}[%[[OFFSET]]]
// Its page is marked as written.
// CHECK: arith.shrui
// CHECK: llvm.store %c3_i8
// CHECK-NOT: mr_key_hash
// The greater one so mapped that zero is less than all.
// CHECK: arith.maxui
// CHECK-LABEL: llvm.func internal @fire_w(
// CHECK-NOT: mr_table_order
// CHECK: %[[AT:.*]] = llvm.call @mr_table_next
// CHECK: arith.remui
// CHECK: arith.divui
// CHECK-LABEL: llvm.func @mr_pipeline
