// Rule 47: when an error is one is kept beside it. Where folding gives an error from before a branch (what is least of it and of a
// constant), the condition that was computed within the branch does not hold for the others.
// RUN: millrace-opt %s --millrace-lower | FileCheck %s
// CHECK: @step_in
// CHECK: @mr_bad
module {
  exec.program @case sites [#exec.site<"in", "field `f2`", 4, 11>, #exec.site<"in", "field `f3`", 4, 11>, #exec.site<"flt14", "abs(2147483647)", 10, 33>, #exec.site<"flt14", "cast(null as i32?)", 10, 76>] terminals ["each10_file", "flt14_file"] {
    %0 = exec.param "p1" = true index 0 : i1
    %1 = exec.param "p2" = "a" index 1 : !expr.string
    exec.source @in : !stream.of<f2: i64?, f3: string> {columns = [#stream.column<"f2", "">, #stream.column<"f3", "">], connector = "file", event_time = -1 : i32, first_site = 0 : i32, format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "in.jsonl"}, used = array<i1: true, true>}
    exec.sink @each10_file : !stream.of<f3: string, m13: string> {connector = "file", format = "json", format_options = {}, options = {path = "out2.json"}}
    exec.sink @flt14_file : !stream.of<f3: string, m13: string> {connector = "file", format = "json", format_options = {}, options = {path = "out3.json"}}
    exec.step @in fields [0, 1] {
    ^bb0(%f2: !expr.nullable<i64>, %f3: !expr.string):
      exec.demand %f2 : !expr.nullable<i64>
      %2 = expr.constant(1 : i64) : i64
      %3 = expr.constant(0 : i64) : i64
      %4 = expr.list[%3, %2] : (i64, i64) -> !expr.list<i64>
      exec.stage "forced: a stage after every operator"
      exec.unnest %4 : !expr.list<i64> {
      ^bb0(%element: i64):
        %5 = expr.constant(1.000000e+00 : f32) : f32
        %6 = expr.constant(-3.250000e+00 : f32) : f32
        %7 = expr.select %0, %6, %5 : (i1, f32, f32) -> f32
        %8 = expr.cast %7 : f32 to !expr.string
        exec.branch {
          %9 = expr.constant(1 : i32) : i32
          %10 = expr.constant(2147483647 : i32) : i32
          %11 = expr.call "abs"(%10) {expr.site = 2 : i32} : (i32) -> i32
          %12 = expr.cmp  ge %11, %9 : (i32, i32) -> i1
          exec.keep %12 : i1 filter "flt14"
          %13 = expr.constant(unit) : !expr.nullable<f32>
          %14 = expr.cast %13 {expr.site = 3 : i32} : !expr.nullable<f32> to !expr.nullable<i32>
          %15 = expr.constant(2147483647 : i32) : i32
          %16 = expr.call "abs"(%15) {expr.site = 2 : i32} : (i32) -> i32
          %17 = expr.cmp  le %16, %14 : (i32, !expr.nullable<i32>) -> !expr.nullable<bool>
          exec.keep %17 : !expr.nullable<bool> filter "flt14"
          %18 = expr.cmp  le %f3, %8 : (!expr.string, !expr.string) -> i1
          exec.keep %18 : i1 filter "flt14"
          exec.emit @flt14_file terminal 1(%f3, %8 : !expr.string, !expr.string)
        }
        exec.branch {
          exec.emit @each10_file terminal 0(%f3, %8 : !expr.string, !expr.string)
        }
      }
    }
  }
}
