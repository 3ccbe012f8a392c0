// The families of aggregates beside sums and extremes: how a record is folded into a slot. Exact variances keep 128 bits of the sum
// and 192 of the squares (rule 25); all and bit_and are kept turned, so that zero is none; argmax keeps the earlier of equal
// ones (rule 27); different values are a text that the runtime reads as a set.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>] terminals ["w", "out"] {
  exec.source @in : !stream.of<k: i64, v: i64, x: f64, c: i1, s: !expr.string, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"v", "">, #stream.column<"x", "">, #stream.column<"c", "">, #stream.column<"s", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true, true, true, true>, first_site = 0 : i32, event_time = 5 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<k: i64, spread: f64, deviation: !expr.nullable<f64>, every: i1, bits: i64, who: !expr.string, names: i64, near: i64, together: !expr.nullable<f64>> {connector = "stdout", options = {}}
  state.table @w : !state.table<(k: i64) (<"spread" = "var_pop"(i64) : f64>, <"deviation" = "stddev_samp"(f64) : !expr.nullable<f64>>, <"every" = "all"(i1) : i1>,
    <"bits" = "bit_xor"(i64) : i64>, <"who" = "argmax"(!expr.string, f64) : !expr.string>, <"names" = "count_distinct"(!expr.string) : i64>,
    <"near" = "approx_count_distinct"(f64) : i64>, <"together" = "corr"(i64, f64) : !expr.nullable<f64>>) layout packed<*>>
    window #stream.window<tumbling 1 h> inputs [@in]
  exec.step @in fields [0, 1, 2, 3, 4] {
  ^bb0(%k: i64, %v: i64, %x: f64, %c: i1, %s: !expr.string, %t: !expr.timestamp):
    state.fold @w terminal 0 keys(%k : i64) at %t : !expr.timestamp args(%v, %x, %c, %v, %s, %x, %s, %x, %v, %x : i64, f64, i1, i64, !expr.string, f64, !expr.string, f64, i64, f64)
      filters [false, false, false, false, false, false, false, false] ()
  }
  exec.fire @w {
  ^bb0(%k: i64, %start: !expr.timestamp, %end: !expr.timestamp, %spread: f64, %deviation: !expr.nullable<f64>, %every: i1, %bits: i64, %who: !expr.string, %names: i64, %near: i64, %together: !expr.nullable<f64>, %t: !expr.timestamp):
    exec.emit @out terminal 1 (%k, %spread, %deviation, %every, %bits, %who, %names, %near, %together : i64, f64, !expr.nullable<f64>, i1, i64, !expr.string, i64, i64, !expr.nullable<f64>)
  }
}

// CHECK-LABEL: @step_in(
// The exact variance: v, and v * v in 128 bits.
// CHECK: %[[WIDE:.*]] = arith.extsi %{{.*}} : i64 to i128
// CHECK: arith.addi %{{.*}}, %[[WIDE]] : i128
// CHECK: %[[SQUARE:.*]] = arith.muli %[[WIDE]], %[[WIDE]] : i128
// CHECK: %[[WIDER:.*]] = arith.extui %[[SQUARE]] : i128 to i192
// CHECK: arith.addi %{{.*}}, %[[WIDER]] : i192
// Welford: the distance to the mean before, the mean, the distance after.
// CHECK: %[[OFF:.*]] = arith.subf %[[X:.*]], %{{.*}} : f64
// CHECK: %[[STEP:.*]] = arith.divf %[[OFF]]
// CHECK: %[[MEAN:.*]] = arith.addf %{{.*}}, %[[STEP]]
// CHECK: %[[REST:.*]] = arith.subf %[[X]], %[[MEAN]]
// CHECK: arith.mulf %[[OFF]], %[[REST]]
// all, turned; bit_xor.
// CHECK: %[[NOT:.*]] = arith.cmpi eq, %{{.*}}, %c0_i8 : i8
// CHECK: arith.extui %[[NOT]] : i1 to i8
// CHECK: arith.xori %{{.*}}, %{{.*}} : i64
// argmax: none yet, better, or as good and earlier.
// CHECK: arith.cmpf ogt
// CHECK: arith.cmpf oeq
// CHECK: arith.cmpi ugt
// CHECK: llvm.call @mr_table_replace
// CHECK: llvm.call @mr_set_add_text
// CHECK: llvm.call @mr_key_f64
// CHECK: llvm.call @mr_sketch_add_word

// CHECK-LABEL: @fire_w(
// CHECK: llvm.call @mr_variance
// CHECK: llvm.intr.sqrt
// CHECK: llvm.call @mr_set_count
// CHECK: llvm.call @mr_sketch_count
