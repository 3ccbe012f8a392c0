// RUN: millrace-opt %s | millrace-opt | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | millrace-opt | FileCheck %s
// RUN: millrace-opt %s -emit-bytecode | millrace-opt | FileCheck %s

// Every op of the dialect, as it is written.
// CHECK-LABEL: exec.program @quakes sites [#exec.site<"quakes", "field `mag`", 3, 13>] terminals ["hourly", "hourly_stdout", "all_file"]
exec.program @quakes sites [#exec.site<"quakes", "field `mag`", 3, 13>] terminals ["hourly", "hourly_stdout", "all_file"] {
  // CHECK: %{{.*}} = exec.param "min" = 4.500000e+00 : f64 index 0 "smallest magnitude that counts" : f64
  %min = exec.param "min" = 4.5 : f64 index 0 "smallest magnitude that counts" : f64
  // CHECK: exec.source @quakes : !stream.of<mag: f64?, net: string, time: timestamp, took: duration timed>
  exec.source @quakes : !stream.of<mag: f64?, net: string, time: timestamp, took: duration timed> {connector = "stdin", options = {},
    format = "json", columns = [#stream.column<"mag", "">, #stream.column<"net", "">, #stream.column<"time", "ms">, #stream.column<"took", "ms">],
    used = array<i1: true, true, true, true>, first_site = 0 : i32, event_time = -2 : i32, watermark = #stream.watermark<bounded 600 s>,
    on_bad = #stream<on_bad dead_letter>}
  // CHECK: exec.source @bad : {{.*}}dead_of = @quakes
  exec.source @bad : !stream.of<raw: bytes, file: string?, line: i64?, byte: i64?, op: string, reason: string> {connector = "stdin",
    options = {}, columns = [], used = array<i1: true, false, false, false, false, false>, first_site = 0 : i32, event_time = -1 : i32,
    on_bad = #stream<on_bad fail>, dead_of = @quakes}
  // CHECK: exec.sink @hourly_stdout
  exec.sink @hourly_stdout : !stream.of<net: string, window_start: timestamp, window_end: timestamp, n: i64, worst: f64? timed> {connector = "stdout", options = {}, format = "table"}
  exec.sink @all_file : !stream.of<word: string> {connector = "file", options = {path = "all.jsonl"}, format = "json"}
  state.table @hourly : !state.table<(net: !expr.string) (<"n" = "count"(none) : i64>, <"worst" = "max"(!expr.nullable<f64>) : !expr.nullable<f64>>) layout ?>
    window <tumbling 3600 s> inputs [@quakes] ordered
  // CHECK: exec.event_time @quakes fields [2, 3] {
  exec.event_time @quakes fields [2, 3] {
  ^bb0(%time: !expr.timestamp, %took: !expr.duration):
    %ended = expr.add %time, %took {expr.site = 0 : i32} : (!expr.timestamp, !expr.duration) -> !expr.timestamp
    expr.yield %ended : !expr.timestamp
  }
  // CHECK: exec.step @quakes fields [0, 1] {
  exec.step @quakes fields [0, 1] {
  ^bb0(%mag: !expr.nullable<f64>, %net: !expr.string, %time: !expr.timestamp):
    // CHECK: exec.demand %{{.*}}, %{{.*}} : !expr.string, !expr.nullable<f64>
    exec.demand %net, %mag : !expr.string, !expr.nullable<f64>
    // CHECK: exec.branch {
    exec.branch {
      %strong = expr.cmp ge %mag, %min : (!expr.nullable<f64>, f64) -> !expr.nullable<bool>
      // CHECK: exec.keep %{{.*}} : !expr.nullable<bool> filter "strong" {branch_free, likely = 30 : i32}
      exec.keep %strong : !expr.nullable<bool> filter "strong" {branch_free, likely = 30 : i32}
      // CHECK: exec.stage "because"
      exec.stage "because"
      // CHECK: state.fold @hourly terminal 0 keys(%{{.*}} : !expr.string) at %{{.*}} : !expr.timestamp args(%{{.*}} : !expr.nullable<f64>) filters [true, false](%{{.*}} : !expr.nullable<bool>)
      state.fold @hourly terminal 0 keys(%net : !expr.string) at %time : !expr.timestamp args(%mag : !expr.nullable<f64>) filters [true, false] (%strong : !expr.nullable<bool>)
    }
    exec.branch {
      %blank = expr.constant(" ") : !expr.string
      %words = expr.call "split"(%net, %blank) : (!expr.string, !expr.string) -> !expr.list<!expr.string>
      // CHECK: exec.unnest %{{.*}} : !expr.list<string> {
      exec.unnest %words : !expr.list<!expr.string> {
      ^bb0(%word: !expr.string):
        // CHECK: exec.emit @all_file terminal 2(%{{.*}} : !expr.string)
        exec.emit @all_file terminal 2 (%word : !expr.string)
      }
    }
  }
  // CHECK: exec.fire @hourly {
  exec.fire @hourly {
  ^bb0(%net: !expr.string, %start: !expr.timestamp, %end: !expr.timestamp, %n: i64, %worst: !expr.nullable<f64>, %time: !expr.timestamp):
    exec.emit @hourly_stdout terminal 1 (%net, %start, %end, %n, %worst : !expr.string, !expr.timestamp, !expr.timestamp, i64, !expr.nullable<f64>)
  }
}
