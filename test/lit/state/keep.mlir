// State that no window ends: what stands behind it is in its region.
// RUN: millrace-opt %s | millrace-opt | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | millrace-opt | FileCheck %s
// RUN: millrace-opt %s -emit-bytecode | millrace-opt | FileCheck %s

// CHECK-LABEL: exec.program @p
exec.program @p sites [] terminals ["once", "totals", "totals_null"] {
  exec.source @in : !stream.of<a: i64, "odd name": f64?, t: timestamp timed> {connector = "stdin", options = {}, format = "json",
    columns = [#stream.column<"a", "">, #stream.column<"odd name", "">, #stream.column<"t", "ms">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = 2 : i32, watermark = #stream.watermark<ascending>,
    on_bad = #stream<on_bad fail>}
  exec.sink @totals_null : !stream.of<a: i64, n: i64, s: f64? upsert by a timed> {connector = "null", options = {}}
  state.table @once : !state.table<(a: i64, "odd name": !expr.nullable<f64>) () layout ?> keep <first, ttl 1 min> inputs [@in]
  state.table @totals : !state.table<(a: i64) (<"n" = "count"(none) : i64>, <"s" = "sum"(!expr.nullable<f64>) : !expr.nullable<f64>>) layout ?> keep <running> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%a: i64, %odd: !expr.nullable<f64>, %time: !expr.timestamp):
    // CHECK: state.admit @once terminal 0 keys(%a, %{{.*}} : i64, !expr.nullable<f64>) at %event_time : !expr.timestamp {
    state.admit @once terminal 0 keys(%a, %odd : i64, !expr.nullable<f64>) at %time : !expr.timestamp {
      %yes = expr.constant(true) : i1
      // CHECK: state.update @totals terminal 1 keys(%a : i64) at %event_time : !expr.timestamp args(%{{.*}} : !expr.nullable<f64>) filters [false, true](%{{.*}} : i1) {
      state.update @totals terminal 1 keys(%a : i64) at %time : !expr.timestamp args(%odd : !expr.nullable<f64>) filters [false, true] (%yes : i1) {
      // CHECK-NEXT: ^bb0(%[[A:.*]]: i64, %n: i64, %s: !expr.nullable<f64>, %{{.*}}: !expr.timestamp):
      ^bb0(%key: i64, %count: i64, %sum: !expr.nullable<f64>, %now: !expr.timestamp):
        // CHECK-NEXT: exec.emit @totals_null terminal 2(%[[A]], %n, %s : i64, i64, !expr.nullable<f64>)
        exec.emit @totals_null terminal 2 (%key, %count, %sum : i64, i64, !expr.nullable<f64>)
      }
    }
  }
}
