// An admit: without a time-to-live a flag tells that a record of the key has passed; with one the time kept does. Behind it nothing is
// upserted; a fold counts what is late so that it can be taken back.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["once", "ever", "w", "out", "rows"] {
  exec.source @in : !stream.of<k: !expr.string, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"t", "us">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = 1 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @rows : !stream.of<k: !expr.string timed> {connector = "stdout", options = {}, format = "json"}
  exec.sink @out : !stream.of<n: i64 timed> {connector = "stdout", options = {}, format = "json"}
  state.table @once : !state.table<(k: !expr.string) () layout inline> keep <first, ttl 10 min> inputs [@in]
  state.table @ever : !state.table<(k: !expr.string) () layout by_id> keep <first> inputs [@in]
  state.table @w : !state.table<() (<"n" = "count"(none) : i64>) layout dense<>> window <tumbling 1 h> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%k: !expr.string, %t: !expr.timestamp):
    state.admit @once terminal 0 keys(%k : !expr.string) at %t : !expr.timestamp {
      exec.branch {
        exec.emit @rows terminal 4 (%k : !expr.string)
      }
      exec.branch {
        state.admit @ever terminal 1 keys(%k : !expr.string) at %t : !expr.timestamp {
          state.fold @w terminal 2 keys() at %t : !expr.timestamp args() filters [false] ()
        }
      }
    }
  }
  exec.fire @w {
  ^bb0(%s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %at: !expr.timestamp):
    exec.emit @out terminal 3 (%n : i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: scf.for
// CHECK: llvm.call @mr_halted
// CHECK: llvm.call @mr_key_hash
// CHECK: llvm.call @mr_arm
// CHECK: llvm.call @mr_id_of
// CHECK: llvm.call @mr_window_late_at
// CHECK-NOT: mr_window_count_late
// CHECK-NOT: @expire_
