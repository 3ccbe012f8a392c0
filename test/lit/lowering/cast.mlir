// Conversions: what does not fit is an error (rule 46); a float is compared with the range before it is converted.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["out"] {
  exec.source @in : !stream.of<a: i64, x: f64, s: !expr.string, b: !expr.bytes, t: !expr.timestamp, d: !expr.date> {connector = "stdin", options = {},
    columns = [#stream.column<"a", "">, #stream.column<"x", "">, #stream.column<"s", "">, #stream.column<"b", "">, #stream.column<"t", "us">, #stream.column<"d", "">],
    used = array<i1: true, true, true, true, true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<o0: u8, o1: i32, o2: f64, o3: !expr.string, o4: f64, o5: !expr.string, o6: !expr.date, o7: !expr.timestamp, o8: !expr.duration> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1, 2, 3, 4, 5] {
  ^bb0(%a: i64, %x: f64, %s: !expr.string, %b: !expr.bytes, %t: !expr.timestamp, %d: !expr.date):
    %narrow = expr.cast %a {expr.site = 1 : i32} : i64 to ui8
    %cut = expr.cast %x {expr.site = 2 : i32} : f64 to i32
    %wide = expr.cast %a : i64 to f64
    %text = expr.cast %x : f64 to !expr.string
    %number = expr.cast %s {expr.site = 3 : i32} : !expr.string to f64
    %utf8 = expr.cast %b {expr.site = 4 : i32} : !expr.bytes to !expr.string
    %day = expr.cast %t : !expr.timestamp to !expr.date
    %midnight = expr.cast %d : !expr.date to !expr.timestamp
    %span = expr.cast %a : i64 to !expr.duration
    exec.emit @out terminal 0 (%narrow, %cut, %wide, %text, %number, %utf8, %day, %midnight, %span : ui8, i32, f64, !expr.string, f64, !expr.string, !expr.date, !expr.timestamp, !expr.duration)
  }
}

// CHECK-LABEL: llvm.func internal @step_in
// CHECK: arith.trunci %{{.*}} : i64 to i8
// CHECK: %[[WHOLE:.*]] = llvm.intr.trunc
// CHECK: arith.cmpf oge, %[[WHOLE]]
// CHECK: arith.cmpf olt, %[[WHOLE]]
// CHECK: %[[SAFE:.*]] = arith.select %{{.*}}, %[[WHOLE]], %{{.*}} : f64
// CHECK: arith.fptosi %[[SAFE]] : f64 to i32
// CHECK: arith.sitofp
// CHECK: llvm.call @mr_format
// CHECK: llvm.call @mr_parse
// CHECK: llvm.call @mr_string_valid
