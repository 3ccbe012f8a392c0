// A table by id: the operator's dictionary turns the key into a number, which is the slot's position; a firing asks the
// dictionary for the key.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>] terminals ["w", "out"] {
  exec.source @in : !stream.of<k: !expr.string, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"t", "us">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = 1 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<k: !expr.string, n: i64> {connector = "stdout", options = {}}
  state.table @w : !state.table<(k: !expr.string) (<"n" = "count"(none) : i64>) layout by_id>
    window #stream.window<tumbling 1 h> inputs [@in] ordered
  exec.step @in fields [0] {
  ^bb0(%k: !expr.string, %t: !expr.timestamp):
    state.fold @w terminal 0 keys(%k : !expr.string) at %t : !expr.timestamp args() filters [false] ()
  }
  exec.fire @w {
  ^bb0(%k: !expr.string, %s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %at: !expr.timestamp):
    exec.emit @out terminal 1 (%k, %n : !expr.string, i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// A later record's key is asked for, if the table is large. Its hash is kept until the record comes.
// CHECK: llvm.intr.memset
// CHECK: scf.if
// CHECK: %[[LATER:.*]] = llvm.call @mr_key_hash
// CHECK: %[[UPPER:.*]] = arith.andi %[[LATER]], %c-4294967296_i64
// CHECK: %[[ENTRY:.*]] = arith.ori %[[UPPER]],
// CHECK: llvm.store %[[ENTRY]],
// CHECK: llvm.call @mr_id_prefetch(%{{.*}}, %{{.*}}, %[[LATER]])
// CHECK: }
// CHECK: %[[HASH:.*]] = scf.if
// CHECK: } else {
// CHECK: %[[NEW:.*]] = llvm.call @mr_key_hash
// CHECK: scf.yield %[[NEW]]
// CHECK: %[[ID:.*]] = llvm.call @mr_id_of(%{{.*}}, %{{.*}}, %[[HASH]],
// CHECK: %[[SLOT:.*]] = llvm.call @mr_dense_slot(%{{.*}}, %[[ID]],
// CHECK: llvm.call @mr_table_touch(%{{.*}}, %[[SLOT]])
// CHECK-LABEL: llvm.func internal @fire_w(
// CHECK: llvm.call @mr_table_order
// CHECK: llvm.call @mr_id_key
// CHECK: llvm.call @mr_id_text
