// Integers are checked in their own width (rule 46); a divisor that must not divide is replaced first, so that
// nothing traps; timestamps stay in their range (rules 1 and 2).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<a: i64, b: i64, s: i8, u: u16, x: f64, y: f64, t: !expr.timestamp, d: !expr.duration, n: !expr.nullable<i64>> {connector = "stdin", options = {},
    columns = [#stream.column<"a", "">, #stream.column<"b", "">, #stream.column<"s", "">, #stream.column<"u", "">, #stream.column<"x", "">, #stream.column<"y", "">, #stream.column<"t", "us">, #stream.column<"d", "">, #stream.column<"n", "">],
    used = array<i1: true, true, true, true, true, true, true, true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<o0: i64, o1: i8, o2: u16, o3: i64, o4: i64, o5: i64, o6: f64, o7: !expr.timestamp, o8: !expr.nullable<i64>> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1, 2, 3, 4, 5, 6, 7, 8] {
  ^bb0(%a: i64, %b: i64, %s: i8, %u: ui16, %x: f64, %y: f64, %t: !expr.timestamp, %d: !expr.duration, %n: !expr.nullable<i64>):
    %add = expr.add %a, %b {expr.site = 4 : i32} : (i64, i64) -> i64
    %mul = expr.mul %s, %s {expr.site = 5 : i32} : (i8, i8) -> i8
    %sub = expr.sub %u, %u {expr.site = 6 : i32} : (ui16, ui16) -> ui16
    %div = expr.div %a, %b {expr.site = 7 : i32} : (i64, i64) -> i64
    %mod = expr.mod %a, %b {expr.site = 8 : i32} : (i64, i64) -> i64
    %neg = expr.neg %a {expr.site = 9 : i32} : (i64) -> i64
    %f = expr.mul %x, %y : (f64, f64) -> f64
    %g = expr.add %f, %x : (f64, f64) -> f64
    %later = expr.add %t, %d {expr.site = 10 : i32} : (!expr.timestamp, !expr.duration) -> !expr.timestamp
    %maybe = expr.div %n, %a {expr.site = 11 : i32} : (!expr.nullable<i64>, i64) -> !expr.nullable<i64>
    exec.emit @out terminal 0 (%add, %mul, %sub, %div, %mod, %neg, %g, %later, %maybe : i64, i8, ui16, i64, i64, i64, f64, !expr.timestamp, !expr.nullable<i64>)
  }
}

// CHECK-LABEL: llvm.func internal @step_in
// An error is site << 3 | kind: 4 << 3 | overflow.
// CHECK-DAG: %[[NONE:.*]] = arith.constant -1 : i32
// CHECK-DAG: %[[SITE4:.*]] = arith.constant 32 : i32
// CHECK: "llvm.intr.sadd.with.overflow"({{.*}}) : (i64, i64) -> !llvm.struct<(i64, i1)>
// CHECK: "llvm.intr.smul.with.overflow"({{.*}}) : (i8, i8) -> !llvm.struct<(i8, i1)>
// CHECK: "llvm.intr.usub.with.overflow"({{.*}}) : (i16, i16) -> !llvm.struct<(i16, i1)>
// CHECK: %[[BY_ZERO:.*]] = arith.cmpi eq, %[[DIVISOR:.*]], %{{.*}} : i64
// CHECK: %[[REFUSED:.*]] = arith.ori %[[BY_ZERO]]
// CHECK: %[[SAFE:.*]] = arith.select %[[REFUSED]], %{{.*}}, %[[DIVISOR]] : i64
// CHECK: arith.divsi %{{.*}}, %[[SAFE]] : i64
// CHECK: arith.remsi
// CHECK: "llvm.intr.ssub.with.overflow"
// Not contracted, no fast-math (rule 24).
// CHECK: %[[PRODUCT:.*]] = arith.mulf %{{.*}}, %{{.*}} : f64
// CHECK: arith.addf %[[PRODUCT]], %{{.*}} : f64
// CHECK: arith.cmpi ugt, %{{.*}}, %{{.*}} : i64
// The least error counts; which one it is is computed where it is reported.
// CHECK: arith.select %{{.*}}, %[[SITE4]], %[[NONE]] : i32
// CHECK: arith.minui
// CHECK: llvm.call @mr_bad
