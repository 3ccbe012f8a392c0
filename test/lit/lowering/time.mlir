// Even units of time need no call; the calendar is the runtime's.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<t: !expr.timestamp> {connector = "stdin", options = {},
    columns = [#stream.column<"t", "us">],
    used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<o0: !expr.timestamp, o1: !expr.timestamp, o2: i64, o3: i64> {connector = "stdout", options = {}}
  exec.step @in fields [0] {
  ^bb0(%t: !expr.timestamp):
    %hour = expr.constant("hour") : !expr.string
    %month = expr.constant("month") : !expr.string
    %a = expr.call "truncate"(%t, %hour) : (!expr.timestamp, !expr.string) -> !expr.timestamp
    %b = expr.call "truncate"(%t, %month) : (!expr.timestamp, !expr.string) -> !expr.timestamp
    %c = expr.call "extract"(%t, %hour) : (!expr.timestamp, !expr.string) -> i64
    %d = expr.call "extract"(%t, %month) : (!expr.timestamp, !expr.string) -> i64
    exec.emit @out terminal 0 (%a, %b, %c, %d : !expr.timestamp, !expr.timestamp, i64, i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in
// CHECK: arith.remsi
// CHECK: llvm.call @mr_time_truncate
// CHECK: llvm.call @mr_time_extract
// CHECK-NOT: llvm.call @mr_time
// CHECK: llvm.return
