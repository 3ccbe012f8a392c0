// An update: W is kept beside the records (rule 7); a key that is gone is deleted and starts anew (rule 35); a filter behind it is
// a branch whose other side deletes the row where it was let through (rule 34); what goes wrong behind it stops the pipeline (rule 47).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "a / b", 1, 1>] terminals ["r", "out"] {
  exec.source @in : !stream.of<k: i64, v: i64, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"v", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = 2 : i32, watermark = #stream.watermark<bounded 5 s>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<k: i64, q: i64 upsert by k timed> {connector = "stdout", options = {}, format = "json"}
  state.table @r : !state.table<(k: i64) (<"n" = "count"(none) : i64>) layout packed<*>> keep <running, ttl 1 h, delete> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%k: i64, %v: i64, %t: !expr.timestamp):
    state.update @r terminal 0 keys(%k : i64) at %t : !expr.timestamp args() filters [false] () {
    ^bb0(%key: i64, %n: i64, %at: !expr.timestamp):
      %one = expr.constant(1 : i64) : i64
      %many = expr.cmp gt %n, %one : (i64, i64) -> i1
      exec.keep %many : i1 filter "f"
      %q = expr.div %v, %n {expr.site = 3 : i32} : (i64, i64) -> i64
      exec.emit @out terminal 1 (%key, %q : i64, i64)
    }
  }
}

// Expiring keys: a row for each that is in.
// CHECK-LABEL: llvm.func internal @step_in(
// CHECK-DAG: llvm.call @mr_state_table
// CHECK-DAG: llvm.call @mr_watermark_others
// CHECK-DAG: llvm.call @mr_watermark(
// CHECK: scf.for
// CHECK: llvm.call @mr_halted
// CHECK: arith.minsi
// CHECK: arith.cmpi sge
// CHECK: llvm.call @mr_table_reset
// CHECK: arith.maxui
// CHECK: llvm.call @mr_arm
// CHECK: scf.if
// CHECK: llvm.call @mr_fail
// CHECK: } else {
// The watermark moves with the record.
// CHECK: arith.maxsi
// CHECK-NOT: mr_bad
// CHECK-LABEL: llvm.func internal @expire_r(
// CHECK: llvm.call @mr_out_full
// CHECK: llvm.call @mr_packed_key
