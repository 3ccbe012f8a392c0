// Numbers and lists.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<i: i32, x: f64, s: !expr.string> {connector = "stdin", options = {},
    columns = [#stream.column<"i", "">, #stream.column<"x", "">, #stream.column<"s", "">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<o0: i32, o1: f64, o2: f64, o3: f64, o4: f64, o5: i64, o6: !expr.string, o7: i64> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1, 2] {
  ^bb0(%i: i32, %x: f64, %s: !expr.string):
    %abs = expr.call "abs"(%i) {expr.site = 1 : i32} : (i32) -> i32
    %fl = expr.call "floor"(%x) : (f64) -> f64
    %ce = expr.call "ceil"(%x) : (f64) -> f64
    %ro = expr.call "round"(%x) : (f64) -> f64
    %sq = expr.call "sqrt"(%x) : (f64) -> f64
    %sep = expr.constant(",") : !expr.string
    %parts = expr.call "split"(%s, %sep) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
    %n = expr.call "size"(%parts) : (!expr.list<!expr.string>) -> i64
    %second = expr.constant(2 : i64) : i64
    %e = expr.call "element"(%parts, %second) {expr.site = 2 : i32} : (!expr.list<!expr.string>, i64) -> !expr.string
    %l = expr.list [%n, %second] : (i64, i64) -> !expr.list<i64>
    %f = expr.call "element"(%l, %n) {expr.site = 3 : i32} : (!expr.list<i64>, i64) -> i64
    exec.emit @out terminal 0 (%abs, %fl, %ce, %ro, %sq, %n, %e, %f : i32, f64, f64, f64, f64, i64, !expr.string, i64)
  }
}

// CHECK-LABEL: llvm.func internal @step_in
// CHECK: llvm.intr.floor
// CHECK: llvm.intr.ceil
// CHECK: llvm.intr.round
// CHECK: llvm.intr.sqrt
// CHECK: llvm.call @mr_string_split
// An element outside the list is an error, and what is read instead is a zero.
// CHECK: arith.cmpi {{ult|ule|uge|ugt}}
// CHECK: arith.select %{{.*}}, %{{.*}}, %{{.*}} : !llvm.ptr
// CHECK: llvm.call @mr_bad
