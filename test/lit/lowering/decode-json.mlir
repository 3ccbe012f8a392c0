// A decoder for each sample line whose shape gives all fields; values between quotes, numbers, a list without positions, a
// field that such lines do not have, and numbers that are only checked.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [] terminals ["out"] {
  exec.source @in : !stream.of<n: i32, s: !expr.string, x: !expr.nullable<f64>, at: !expr.timestamp, gone: !expr.nullable<i64>, u: i64 timed> {
    connector = "stdin", options = {}, format = "json",
    columns = [#stream.column<"n", "">, #stream.column<"s", "">, #stream.column<"g.c[1]", "">, #stream.column<"at", "ms">,
               #stream.column<"gone", "">, #stream.column<"u", "">],
    used = array<i1: true, true, true, true, true, false>, first_site = 0 : i32, event_time = 3 : i32,
    on_bad = #stream<on_bad fail>,
    exec.samples = ["{\"n\":1,\"s\":\"x\",\"u\":7,\"g\":{\"c\":[0.5, 2]},\"at\":5}", "{\"n\":\"a string\"}", "not JSON"]}
  exec.sink @out : !stream.of<o: i32> {connector = "stdout", options = {}}
  exec.step @in fields [0, 3] {
  ^bb0(%n: i32, %at: !expr.timestamp, %time: !expr.timestamp):
    exec.emit @out terminal 0 (%n : i32)
  }
}

// CHECK-LABEL: llvm.func internal @decode_in_0(%arg0: !llvm.ptr)
// CHECK: llvm.mlir.addressof @shape_in
// CHECK: llvm.call @mr_json_literal
// CHECK: llvm.call @mr_json_int
// CHECK: llvm.call @mr_json_string
// CHECK: llvm.call @mr_json_bare
// CHECK: llvm.call @mr_json_find
// CHECK: llvm.call @mr_json_null
// CHECK: llvm.call @mr_json_f64
// CHECK: llvm.call @mr_json_time
// CHECK: llvm.intr.expect
// CHECK: llvm.return
// CHECK-NOT: @decode_in_1
