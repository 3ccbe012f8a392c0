// select, coalesce and try judge only what they choose (rule 46).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<c: !expr.nullable<i1>, x: i64, n: !expr.nullable<i64>> {connector = "stdin", options = {},
    columns = [#stream.column<"c", "">, #stream.column<"x", "">, #stream.column<"n", "">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<o0: i64, o1: i64, o2: !expr.nullable<i64>, o3: i1> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1, 2] {
  ^bb0(%c: !expr.nullable<i1>, %x: i64, %n: !expr.nullable<i64>):
    %q = expr.div %x, %x {expr.site = 3 : i32} : (i64, i64) -> i64
    %s = expr.select %c, %q, %x : (!expr.nullable<i1>, i64, i64) -> i64
    %co = expr.coalesce %n, %q : (!expr.nullable<i64>, i64) -> i64
    %t = expr.try %q : (i64) -> !expr.nullable<i64>
    %i = expr.is_null %n : !expr.nullable<i64>
    exec.emit @out terminal 0 (%s, %co, %t, %i : i64, i64, !expr.nullable<i64>, i1)
  }
}

// CHECK-LABEL: llvm.func internal @step_in
// Null chooses `else`: the condition must be there and true.
// CHECK: arith.divsi
// CHECK: %[[SELECTED:.*]] = arith.select %[[PICK:.*]], %{{.*}}, %{{.*}} : i64
// coalesce: the error behind a value that is there does not count.
// CHECK: arith.select %[[THERE:.*]], %{{.*}}, %{{.*}} : i64
// CHECK: scf.if
// CHECK: arith.select %[[PICK]], %{{.*}}, %{{.*}} : i32
// CHECK: arith.select %[[THERE]], %{{.*}}, %{{.*}} : i32
// CHECK: llvm.call @mr_bad
// CHECK: } else {
// CHECK: llvm.store %[[SELECTED]]
