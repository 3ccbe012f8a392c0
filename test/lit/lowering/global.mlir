// A global window without a key: one pane; over empty input its time is null (rule 18). Ordered firing asks for the
// order of keys (rule 10).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["w", "out"] {
  exec.source @in : !stream.of<v: f64, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"v", "">, #stream.column<"t", "us">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = 1 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<s: !expr.nullable<f64>, at: !expr.nullable<!expr.timestamp>> {connector = "stdout", options = {}}
  state.table @w : !state.table<() (<"s" = "sum"(f64) : !expr.nullable<f64>>) layout inline> window #stream.window<global> inputs [@in] ordered
  exec.step @in fields [0] {
  ^bb0(%v: f64, %t: !expr.timestamp):
    state.fold @w terminal 0 keys() at %t : !expr.timestamp args(%v : f64) filters [false] ()
  }
  exec.fire @w {
  ^bb0(%s: !expr.nullable<f64>, %at: !expr.nullable<!expr.timestamp>):
    exec.emit @out terminal 1 (%s, %at : !expr.nullable<f64>, !expr.nullable<!expr.timestamp>)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK-NOT: mr_window_first_open
// CHECK: llvm.call @mr_window_saw
// CHECK: llvm.call @mr_window_pane
// CHECK: arith.addf
// CHECK-LABEL: llvm.func internal @fire_w(
// CHECK: llvm.call @mr_table_order
