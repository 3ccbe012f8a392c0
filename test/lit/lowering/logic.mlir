// Three-valued logic (rule 44); `false and error` is false, `true or error` true, in either order (rule 46).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<a: !expr.nullable<i1>, b: i1, x: i64> {connector = "stdin", options = {},
    columns = [#stream.column<"a", "">, #stream.column<"b", "">, #stream.column<"x", "">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<o0: i1, o1: !expr.nullable<i1>, o2: !expr.nullable<i1>> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1, 2] {
  ^bb0(%a: !expr.nullable<i1>, %b: i1, %x: i64):
    %zero = expr.constant(0 : i64) : i64
    %q = expr.div %x, %x {expr.site = 3 : i32} : (i64, i64) -> i64
    %e = expr.cmp gt %q, %zero : (i64, i64) -> i1
    %and = expr.and %e, %b : (i1, i1) -> i1
    %or = expr.or %a, %e : (!expr.nullable<i1>, i1) -> !expr.nullable<i1>
    %not = expr.not %a : (!expr.nullable<i1>) -> !expr.nullable<i1>
    exec.emit @out terminal 0 (%and, %or, %not : i1, !expr.nullable<i1>, !expr.nullable<i1>)
  }
}

// CHECK-LABEL: llvm.func internal @step_in
// CHECK-DAG: %[[NONE:.*]] = arith.constant -1 : i32
// CHECK: arith.divsi
// An operand that is there and false (`and`) or true (`or`) decides, and takes the error away.
// CHECK: arith.select %{{.*}}, %[[NONE]], %{{.*}} : i32
// CHECK: arith.select %{{.*}}, %[[NONE]], %{{.*}} : i32
// CHECK: llvm.call @mr_bad
