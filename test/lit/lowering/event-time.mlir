// The event time as an expression: a value and a status for each record (rule 3).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<t: !expr.timestamp, d: !expr.nullable<!expr.duration> timed> {connector = "stdin", options = {}, format = "json",
    columns = [#stream.column<"t", "us">, #stream.column<"d", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -2 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<t: !expr.timestamp> {connector = "stdout", options = {}}
  exec.event_time @in fields [0, 1] {
  ^bb0(%t: !expr.timestamp, %d: !expr.nullable<!expr.duration>):
    %e = expr.add %t, %d {expr.site = 2 : i32} : (!expr.timestamp, !expr.nullable<!expr.duration>) -> !expr.nullable<!expr.timestamp>
    expr.yield %e : !expr.nullable<!expr.timestamp>
  }
  exec.step @in fields [0] {
  ^bb0(%t: !expr.timestamp, %at: !expr.timestamp):
    exec.emit @out terminal 0 (%at : !expr.timestamp)
  }
}

// CHECK-LABEL: llvm.func internal @time_in(
// CHECK: scf.for
// CHECK: llvm.store %{{.*}}, %{{.*}} {{.*}} : i64, !llvm.ptr
// A kind of error becomes a status: 2 + kind.
// CHECK: arith.andi %{{.*}}, %{{.*}} : i32
// CHECK: arith.select %{{.*}}, %{{.*}}, %{{.*}} : i8
// CHECK: llvm.store %{{.*}}, %{{.*}} {{.*}} : i8, !llvm.ptr
