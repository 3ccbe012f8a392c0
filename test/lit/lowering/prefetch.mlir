// Where the key is a field, the slot of a later record is asked for while the table is larger than the cache; behind a stage
// the later record is one that got there.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [] terminals ["w", "out"] {
  exec.source @in : !stream.of<k: i64, v: f64, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"v", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = 2 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<k: i64, n: i64> {connector = "stdout", options = {}}
  state.table @w : !state.table<(k: i64) (<"n" = "count"(none) : i64>) layout inline> window #stream.window<tumbling 1 h> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%k: i64, %v: f64, %t: !expr.timestamp):
    %half = expr.constant(5.0e-01 : f64) : f64
    %c = expr.cmp lt %v, %half : (f64, f64) -> i1
    exec.keep %c : i1 filter "f"
    exec.stage "unknown"
    state.fold @w terminal 0 keys(%k : i64) at %t : !expr.timestamp args() filters [false] ()
  }
  exec.fire @w {
  ^bb0(%k: i64, %s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %at: !expr.timestamp):
    exec.emit @out terminal 1 (%k, %n : i64, i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: scf.for
// CHECK: scf.for
// CHECK: %[[LARGE:.*]] = arith.cmpi uge, %{{.*}}, %c131072_i64
// CHECK: scf.if %[[LARGE]] {
// CHECK: arith.cmpi slt
// CHECK: arith.select
// CHECK: llvm.call @mr_key_hash
// A slot of 24 bytes may lie in two cache lines.
// CHECK: llvm.intr.prefetch
// CHECK: llvm.intr.prefetch
// CHECK: }
// CHECK: llvm.call @mr_key_hash
// CHECK: scf.while
