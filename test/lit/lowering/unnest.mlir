// A list taken apart: room for rows is asked for one by one; a wrong list makes the record bad for what it could reach.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<s: !expr.string> {connector = "stdin", options = {}, format = "json",
    columns = [#stream.column<"s", "">],
    used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<w: !expr.string> {connector = "stdout", options = {}}
  exec.step @in fields [0] {
  ^bb0(%s: !expr.string):
    %sep = expr.constant(" ") : !expr.string
    %words = expr.call "split"(%s, %sep) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
    exec.unnest %words : !expr.list<!expr.string> {
    ^bb0(%w: !expr.string):
      exec.emit @out terminal 0 (%w : !expr.string)
    }
  }
}

// CHECK-LABEL: llvm.func internal @step_in_clean
// CHECK: scf.for
// CHECK: llvm.call @mr_string_split
// CHECK: scf.for
// CHECK: llvm.call @mr_out_room
// CHECK-LABEL: llvm.func internal @step_in_dirty
// CHECK: llvm.call @mr_string_split
// CHECK: scf.if
// CHECK: llvm.call @mr_bad
// CHECK: scf.for
// The source says that a record may give many.
// CHECK: llvm.mlir.global internal constant @sources
