// Windows that fire again: the table in hand is asked for once, a record that makes its key due ends the loop, and rows are
// those of slots that the engine names.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"w", "x", 1, 1>] terminals ["w", "out", "late"] {
  exec.source @in : !stream.of<k: i64, v: i64, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"v", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = 2 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64 timed> {connector = "stdout", options = {}, format = "json"}
  exec.sink @behind : !stream.of<v: i64, reason: !expr.string> {connector = "stdout", options = {}, format = "json"}
  state.table @w : !state.table<(k: i64) (<"total" = "sum"(i64) : i64>) layout packed<*>> window <tumbling 1 min>
    firing <lateness 1 h emit every 2 records discarding> algorithm <panes> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%k: i64, %v: i64, %t: !expr.timestamp):
    %late, %reason = state.fold @w terminal 0 keys(%k : i64) at %t : !expr.timestamp args(%v : i64) filters [false] () late i1, !expr.string
    exec.branch {
      exec.keep %late : i1 filter "w"
      exec.emit @behind terminal 2 (%v, %reason : i64, !expr.string)
    }
  }
  exec.fire @w {
  ^bb0(%k: i64, %s: !expr.timestamp, %e: !expr.timestamp, %pane: i64, %timing: !expr.string, %n: i64, %at: !expr.timestamp):
    exec.emit @out terminal 1 (%pane : i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: llvm.call @mr_paused
// CHECK: llvm.call @mr_pane_first
// CHECK: llvm.call @mr_late_after_idle
// CHECK: llvm.call @mr_pane_due
// CHECK-LABEL: llvm.func internal @fire_due_w(
// CHECK-NOT: @fire_w(
