// Params are read once, before the loop, and so is what is computed of them alone.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [] terminals ["out"] {
  %min = exec.param "min" = 4.5 : f64 index 0 "smallest" : f64
  %who = exec.param "who" = "us" index 1 : !expr.string
  exec.source @in : !stream.of<x: f64, s: !expr.string> {connector = "stdin", options = {},
    columns = [#stream.column<"x", "">, #stream.column<"s", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<x: f64> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1] {
  ^bb0(%x: f64, %s: !expr.string):
    %c = expr.cmp ge %x, %min : (f64, f64) -> i1
    exec.keep %c : i1 filter "f"
    %d = expr.cmp eq %s, %who : (!expr.string, !expr.string) -> i1
    exec.keep %d : i1 filter "g"
    exec.emit @out terminal 0 (%x : f64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: %[[BITS:.*]] = llvm.call @mr_param_bits
// CHECK: %[[MIN:.*]] = arith.bitcast %[[BITS]] : i64 to f64
// CHECK: llvm.call @mr_param_string
// CHECK: scf.for
// CHECK: arith.cmpf oge, %{{.*}}, %[[MIN]] : f64
// CHECK: llvm.mlir.global internal constant @params
