// A window of a count: the key's records are counted by the slot; what stands behind runs when the count is reached, and the key
// begins anew. Its rows only insert: a filter behind it deletes nothing. Results that share records come from a ring of parts
// beside the slot, here of two records: a part is filled in the slot; when it is full it takes the place of the one that leaves
// the window, and is added to what the window has.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output
// RUN: millrace-opt %s | millrace-opt | FileCheck %s --check-prefix=TEXT

// TEXT: state.table @w : {{.*}} keep <count 100> inputs [@in]
// TEXT: state.table @ring : {{.*}} algorithm <subtract> keep <count 10 every 4> inputs [@in]
// TEXT: state.update @all terminal 1 keys() at
exec.program @p sites [] terminals ["w", "all", "out", "ring"] {
  exec.source @in : !stream.of<k: i64, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"t", "us">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = 1 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64 timed> {connector = "stdout", options = {}, format = "json"}
  state.table @w : !state.table<(k: i64) (<"most" = "max"(i64) : i64>) layout dense<0 to 9>> keep <count 100> inputs [@in]
  state.table @all : !state.table<() (<"n" = "count"(none) : i64>) layout dense<>> keep <count 7> inputs [@in]
  state.table @ring : !state.table<(k: i64) (<"total" = "sum"(i64) : i64>) layout packed<*>> algorithm <subtract> keep <count 10 every 4> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%k: i64, %t: !expr.timestamp):
    state.update @w terminal 0 keys(%k : i64) at %t : !expr.timestamp args(%k : i64) filters [false] () {
    ^bb0(%key: i64, %most: i64, %at: !expr.timestamp):
      %0 = expr.constant(5 : i64) : i64
      %1 = expr.cmp gt %most, %0 : (i64, i64) -> i1
      exec.keep %1 : i1 filter "f"
      exec.emit @out terminal 2 (%most : i64)
    }
    state.update @ring terminal 3 keys(%k : i64) at %t : !expr.timestamp args(%k : i64) filters [false] () {
    ^bb0(%key: i64, %total: i64, %at: !expr.timestamp):
      exec.emit @out terminal 2 (%total : i64)
    }
    state.update @all terminal 1 keys() at %t : !expr.timestamp args() filters [false] () {
    ^bb0(%n: i64, %at: !expr.timestamp):
      exec.emit @out terminal 2 (%n : i64)
    }
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK-DAG: %[[HUNDRED:.*]] = arith.constant 100 : i64
// CHECK-DAG: %[[SEVEN:.*]] = arith.constant 7 : i64
// CHECK: arith.cmpi uge, %{{.*}}, %[[HUNDRED]] : i64
// CHECK: llvm.call @mr_table_reset
// A record touches the slot alone, until its part is full.
// CHECK: scf.if
// CHECK: llvm.call @mr_table_room
// Of what a sum has in its five parts the one that leaves is taken away: results are not combined of all. What it has beyond
// 64 bits is only looked for where the table has cold parts.
// CHECK: llvm.call @mr_table_cold(
// CHECK-NOT: scf.for
// CHECK: arith.cmpi uge, %{{.*}}, %[[SEVEN]] : i64
// CHECK: llvm.call @mr_table_reset
