// The tables that the runtime reads (abi.h): options as text, params by number, places of fields, what feeds a window.
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | FileCheck %s

exec.program @p sites [#exec.site<"in", "field `n`", 3, 7>] terminals ["w", "out"] {
  %path = exec.param "path" = "a.jsonl" index 0 "where it is" : !expr.string
  exec.source @in : !stream.of<n: i64, m: !expr.nullable<f64>, t: !expr.timestamp timed> {connector = "file",
    options = {path = #stream.arg<0 : !expr.string>, follow = true}, format = "json", format_options = {},
    columns = [#stream.column<"a.n", "">, #stream.column<"m", "">, #stream.column<"t", "ms">],
    used = array<i1: true, false, true>, first_site = 0 : i32, event_time = 2 : i32,
    watermark = #stream.watermark<bounded 10 s>, on_bad = #stream<on_bad drop>, max_bad = 5 : i64}
  exec.sink @out : !stream.of<n: i64, c: i64, z: !expr.nullable<i64>> {connector = "stdout", options = {every = #expr.duration<10 s>}, format = "csv", format_options = {header = false}}
  state.table @w : !state.table<(n: i64) (<"c" = "count"(none) : i64>) layout inline> window #stream.window<tumbling 1 h> inputs [@in] ordered
  exec.step @in fields [0] {
  ^bb0(%n: i64, %t: !expr.timestamp):
    state.fold @w terminal 0 keys(%n : i64) at %t : !expr.timestamp args() filters [false] ()
  }
  exec.fire @w {
  ^bb0(%n: i64, %s: !expr.timestamp, %e: !expr.timestamp, %c: i64, %at: !expr.timestamp):
    %z = expr.constant(unit) : !expr.nullable<i64>
    exec.emit @out terminal 1 (%n, %c, %z : i64, i64, !expr.nullable<i64>)
  }
}

// A param has no text but its number; a duration is written as a user writes it.
// CHECK-DAG: c"10 s\00"
// CHECK-DAG: @options_in = internal constant [2 x { ptr, ptr, i32 }] [{ ptr, ptr, i32 } { ptr @{{.*}}, ptr @{{.*}}, i32 -1 }, { ptr, ptr, i32 } { ptr @{{.*}}, ptr null, i32 0 }]
// Columns of text have a status for each value.
// CHECK-DAG: @fields_in = {{.*}} i8 4, i8 0, i8 0, i8 1, i32 0, i32 -1, i32 8, i32 1, i32 0, ptr null }, {{.*}} i8 10, i8 0, i8 1, i8 0, i32 8, i32 24, i32 8, i32 1, i32 0, ptr null }
// A row: n, c, z, the status of z.
// CHECK-DAG: @fields_out = {{.*}} i32 0, i32 -1, i32 0, i32 0, i32 0, ptr null }, {{.*}} i32 8, i32 -1, i32 0, i32 0, i32 0, ptr null }, {{.*}} i32 16, i32 24, i32 0, i32 0, i32 0, ptr null }
// Bounded 10 s, drop, at most 5.
// CHECK-DAG: @sources = {{.*}} i32 -1, i32 2, i8 1, i8 1, i8 0, i8 0, i64 10000000, i64 0, i64 0, i64 0, i64 5, i64 -1, i32 0, i8 0, i8 0, i8 0, {{(i8 0, )?}}ptr @step_in, ptr null, ptr null
// Inline: a tag, one word of key, and a count, so 24 bytes and no more; no cold part, no time, one
// piece; one row for each key.
// CHECK-DAG: @windows = {{.*}} i8 0, i8 0, i8 1, i8 1, {{.*}} i64 3600000000, i64 0, i64 3600000000, i64 0, ptr null, i64 0, i8 2, i8 -1, i16 0, i32 24, i32 0, i32 1, i32 0, i32 1, ptr @keys_w, ptr null, ptr null, i64 0, i32 0, i32 -1, ptr @pieces_w, i32 1, ptr @inputs_w, i32 1, i32 1, ptr @fire_w, ptr null
// CHECK-DAG: @pieces_w = internal constant [1 x {{.*}} { ptr @{{.*}}, i8 0, i8 0, i8 0, i8 0, i32 16, i32 8 }
// CHECK-DAG: @sites = {{.*}} i32 3, i32 7 }
// CHECK-DAG: @mr_manifest = internal constant
// Nothing but the one function is visible.
// CHECK: define internal {{.*}}@step_in
// CHECK: define internal {{.*}}@fire_w
// CHECK: define ptr @mr_pipeline()
