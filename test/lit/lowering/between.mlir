// A declared range is checked where a field is loaded, in batches without errors too: outside is an error of the field's
// site (rules 46 and 47). All of the type's values need no check, and null is none.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"in", "n", 1, 1>, #exec.site<"in", "m", 1, 1>, #exec.site<"in", "all", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<n: i64, m: i8?, all: u8> {connector = "stdin", options = {}, format = "json",
    columns = [#stream.column<"n", "", between 5 : i64 and 104 : i64>, #stream.column<"m", "", between -2 : i8 and 100 : i8>,
               #stream.column<"all", "", between 0 : ui8 and 255 : ui8>],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<n: i64, m: i8?, all: u8> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1, 2] {
  ^bb0(%n: i64, %m: !expr.nullable<i8>, %all: ui8):
    exec.emit @out terminal 0 (%n, %m, %all : i64, !expr.nullable<i8>, ui8)
  }
}

// The numbers of the errors: site << 3 | 6. The spans: 99 and 102.
// CHECK-LABEL: llvm.func internal @step_in_clean
// CHECK-DAG: %[[N:.*]] = arith.constant 6 : i32
// CHECK-DAG: %[[M:.*]] = arith.constant 14 : i32
// CHECK-DAG: %[[LEAST:.*]] = arith.constant 5 : i64
// CHECK-DAG: %[[SPAN:.*]] = arith.constant 99 : i64
// CHECK-DAG: %[[SPAN8:.*]] = arith.constant 102 : i8
// CHECK: %[[FROM:.*]] = arith.subi %{{.*}}, %[[LEAST]] : i64
// CHECK: %[[OUTSIDE:.*]] = arith.cmpi ugt, %[[FROM]], %[[SPAN]] : i64
// CHECK: arith.cmpi ugt, %{{.*}}, %[[SPAN8]] : i8
// CHECK: arith.andi
// CHECK-NOT: ugt
// CHECK: llvm.call @mr_bad
// CHECK-LABEL: llvm.func internal @step_in_dirty
// CHECK: llvm.call @mr_bad
