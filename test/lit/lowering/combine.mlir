// Windows over slices: a fold asks the engine for a slice, and two functions add the state of a slice to that of others and
// take it away again. Where a position is the key's in all tables nothing is looked up; a key without records goes.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"w", "x", 1, 1>] terminals ["w", "h", "out"] {
  exec.source @in : !stream.of<k: i64, v: i64, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"v", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = 2 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64 timed> {connector = "stdout", options = {}, format = "json"}
  state.table @w : !state.table<(k: i64) (<"total" = "sum"(i64) : i64>) layout dense<0 to 9>> window <sliding 1 min every 1 s> algorithm <subtract> inputs [@in]
  state.table @h : !state.table<(k: i64) (<"most" = "max"(i64) : i64>) layout packed<*>> window <cumulate 1 h every 1 min> algorithm <prefix> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%k: i64, %v: i64, %t: !expr.timestamp):
    state.fold @w terminal 0 keys(%k : i64) at %t : !expr.timestamp args(%v : i64) filters [false] ()
    state.fold @h terminal 1 keys(%k : i64) at %t : !expr.timestamp args(%v : i64) filters [false] ()
  }
  exec.fire @w {
  ^bb0(%k: i64, %s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %at: !expr.timestamp):
    exec.emit @out terminal 2 (%n : i64)
  }
  exec.fire @h {
  ^bb0(%k: i64, %s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %at: !expr.timestamp):
    exec.emit @out terminal 2 (%n : i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: llvm.call @mr_window_slice
// CHECK-NOT: mr_window_pane

// CHECK-LABEL: llvm.func internal @combine_w(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: !llvm.ptr) -> i32
// CHECK: llvm.call @mr_dense_reach
// CHECK: scf.while
// CHECK: llvm.call @mr_table_next
// CHECK-NOT: mr_dense_slot
// CHECK: llvm.return

// CHECK-LABEL: llvm.func internal @remove_w(
// CHECK: scf.while
// CHECK: llvm.call @mr_table_erase

// CHECK-LABEL: llvm.func internal @combine_h(
// CHECK: llvm.call @mr_packed_key
// CHECK: llvm.call @mr_packed_hash
// CHECK: llvm.call @mr_packed_insert
// CHECK-NOT: @remove_h
// CHECK: llvm.mlir.global {{.*}}@windows
