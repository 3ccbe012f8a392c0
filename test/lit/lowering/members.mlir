// What a slot holds: sums have their low word in it and the rest aside, touched only when the low one overflows (rule 23);
// the least and the greatest are mapped so that zero is none and there is no flag to keep; the first and the last have their
// time, mapped too (rule 27); values that the layout puts aside are made when they are first written.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | FileCheck %s --check-prefix=DESC
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>, #exec.site<"m", "x", 1, 1>] terminals ["w", "out"] {
  exec.source @in : !stream.of<k: i64, v: i32, u: u64, x: f32, c: i1, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"v", "">, #stream.column<"u", "">, #stream.column<"x", "">, #stream.column<"c", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true, true, true, true>, first_site = 0 : i32, event_time = 5 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<k: i64, total: i64, utotal: u64, least: i32, most: f32, some: !expr.nullable<i32>, first: i32> {connector = "stdout", options = {}}
  state.table @w : !state.table<(k: i64) (<"total" = "sum"(i32) : i64>, <"utotal" = "sum"(ui64) : ui64>, <"least" = "min"(i32) : i32>,
    <"most" = "max"(f32) : f32>, <"some" = "max"(i32) : !expr.nullable<i32>>, <"first" = "first"(i32) : i32>) layout packed<*> cold [first]>
    window #stream.window<tumbling 1 h> inputs [@in]
  exec.step @in fields [0, 1, 2, 3, 4] {
  ^bb0(%k: i64, %v: i32, %u: ui64, %x: f32, %c: i1, %t: !expr.timestamp):
    state.fold @w terminal 0 keys(%k : i64) at %t : !expr.timestamp args(%v, %u, %v, %x, %v, %v : i32, ui64, i32, f32, i32, i32)
      filters [false, false, false, false, true, false] (%c : i1)
  }
  exec.fire @w {
  ^bb0(%k: i64, %s: !expr.timestamp, %e: !expr.timestamp, %total: i64, %utotal: ui64, %least: i32, %most: f32, %some: !expr.nullable<i32>, %first: i32, %at: !expr.timestamp):
    exec.emit @out terminal 1 (%k, %total, %utotal, %least, %most, %some, %first : i64, i64, ui64, i32, f32, !expr.nullable<i32>, i32)
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: "llvm.intr.sadd.with.overflow"
// CHECK: llvm.intr.expect
// CHECK: scf.if
// CHECK: llvm.call @mr_table_cold_new
// CHECK: "llvm.intr.uadd.with.overflow"
// CHECK: llvm.call @mr_table_cold_new
// CHECK: arith.xori %{{.*}}, %{{.*}} : i32
// CHECK: arith.maxui %{{.*}} : i32
// CHECK: arith.cmpf ogt
// CHECK: arith.cmpf uno
// Only under its condition, and with a flag that one was there.
// CHECK: arith.select
// CHECK: arith.maxui %{{.*}} : i32
// CHECK: arith.ori %{{.*}} : i32
// The time decides; the value lies aside.
// CHECK: arith.cmpi ugt
// CHECK: llvm.call @mr_table_cold(
// CHECK: llvm.call @mr_table_cold_new
// CHECK-LABEL: llvm.func internal @fire_w(
// CHECK: llvm.call @mr_table_cold(

// The key word, then the pieces by their sizes: two sums and a time of 8 bytes, three values and the flags of 4; aside two
// words and the first value.
// DESC-DAG: c"total.high\00"
// DESC-DAG: c"some.seen\00"
// DESC: @pieces_w = internal constant [10 x {{.*}} i8 0, i8 0, i8 0, i8 0, i32 8, i32 8 }, {{.*}} i8 0, i8 1, i8 0, i8 0, i32 0, i32 8 }, {{.*}} i8 0, i8 0, i8 0, i8 0, i32 16, i32 8 }, {{.*}} i8 0, i8 1, i8 0, i8 0, i32 8, i32 8 }
