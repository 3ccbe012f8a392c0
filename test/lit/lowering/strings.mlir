// Strings are two words; a null or wrong one is empty, so that what reads it is never led astray.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<s: !expr.string, m: !expr.nullable<!expr.string>> {connector = "stdin", options = {},
    columns = [#stream.column<"s", "">, #stream.column<"m", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<o0: i1, o1: !expr.nullable<i1>, o2: !expr.nullable<i64>, o3: !expr.string, o4: !expr.nullable<!expr.string>, o5: !expr.string> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1] {
  ^bb0(%s: !expr.string, %m: !expr.nullable<!expr.string>):
    %k = expr.constant("us") : !expr.string
    %long = expr.constant("a text of more than twelve bytes") : !expr.string
    %eq = expr.cmp eq %s, %k : (!expr.string, !expr.string) -> i1
    %lt = expr.cmp lt %m, %long : (!expr.nullable<!expr.string>, !expr.string) -> !expr.nullable<i1>
    %len = expr.call "length"(%m) : (!expr.nullable<!expr.string>) -> !expr.nullable<i64>
    %cat = expr.call "concat"(%s, %long) : (!expr.string, !expr.string) -> !expr.string
    %one = expr.constant(1 : i64) : i64
    %sub = expr.call "substring"(%m, %one) : (!expr.nullable<!expr.string>, i64) -> !expr.nullable<!expr.string>
    %up = expr.call "upper"(%s) : (!expr.string) -> !expr.string
    exec.emit @out terminal 0 (%eq, %lt, %len, %cat, %sub, %up : i1, !expr.nullable<i1>, !expr.nullable<i64>, !expr.string, !expr.nullable<!expr.string>, !expr.string)
  }
}

// CHECK: llvm.mlir.global private constant @text_0("a text of more than twelve bytes")
// CHECK-LABEL: llvm.func internal @step_in
// "us" in place: its length, then its bytes.
// CHECK-DAG: arith.constant 126946348367874 : i64
// CHECK: llvm.call @mr_string_equal(%{{.*}}) : (i64, i64, i64, i64)
// CHECK: %[[THERE:.*]] = arith.cmpi eq, %{{.*}}, %{{.*}} : i8
// CHECK: arith.select %[[THERE]], %{{.*}}, %{{.*}} : i64
// CHECK: llvm.call @mr_string_compare
// CHECK: llvm.call @mr_string_length
// CHECK: llvm.call @mr_string_concat
// CHECK: llvm.call @mr_string_substring
// CHECK: llvm.call @mr_string_upper
