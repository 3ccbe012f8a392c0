// Processing time: the clock of the batch chooses the pane, nothing is late; `timing` is what the runtime says.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [] terminals ["w", "out"] {
  exec.source @in : !stream.of<v: i64> {connector = "stdin", options = {},
    columns = [#stream.column<"v", "">],
    used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<timing: !expr.string, n: i64> {connector = "stdout", options = {}}
  state.table @w : !state.table<() (<"n" = "count"(none) : i64>) layout inline> window #stream.window<tumbling 1 min in processing_time> inputs [@in]
  exec.step @in fields [] {
    state.fold @w terminal 0 keys() args() filters [false] ()
  }
  exec.fire @w {
  ^bb0(%s: !expr.timestamp, %e: !expr.timestamp, %timing: !expr.string, %n: i64, %at: !expr.timestamp):
    exec.emit @out terminal 1 (%timing, %n : !expr.string, i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK-NOT: mr_window_first_open
// CHECK: llvm.call @mr_now
// CHECK-NOT: mr_window_count_late
// CHECK-LABEL: llvm.func internal @fire_w(
// CHECK: llvm.call @mr_timing
