// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters,stream-specialize-windows),stream-form-steps,exec-verify-formed)' | FileCheck %s

// Rule 30: a record waits with what its window takes and with what is used behind (`spare` is not), and goes on in a
// firing whose arguments are these fields and the results. What is used behind is judged where it begins to wait (rule 47).
// CHECK-LABEL: exec.program @over {{.*}} terminals ["lately", "slim_stdout"]
// CHECK: state.table @lately : !state.table<(k: i64) (<"n" = "count"(none) : i64>, <"big" = "sum"(i64) : !expr.nullable<i64>>, <"place" = "rank"(f64) : i64>) layout ?> algorithm <two_stacks> keep <over, ttl 1 h> inputs [@in]
// CHECK: exec.step @in fields [0, 1, 2] {
// CHECK-NEXT: ^bb0(%k: i64, %v: i64, %w: f64, %event_time: !expr.timestamp):
// CHECK: state.await @lately terminal 0 keys(%k : i64) at %event_time : !expr.timestamp args(%v, %w : i64, f64) filters [false, true, false](%{{.*}} : i1) passed(%k, %v : i64, i64)
// CHECK: exec.fire @lately
// CHECK-NEXT: ^bb0(%k: i64, %v: i64, %n: i64, %big: !expr.nullable<i64>, %place: i64, %event_time: !expr.timestamp):
// CHECK: exec.keep %{{.*}} : i1 filter "first"
// CHECK: exec.emit @slim_stdout terminal 1(%k, %v, %n, %big : i64, i64, i64, !expr.nullable<i64>)
stream.pipeline @over {
  %in = source stdin as json { k: i64, v: i64, w: f64, spare: string, t: timestamp in ms } watermark t bounded 10 s
  %keyed = key_by %in on k
  %lately = over %keyed last 1 h { *, n = count(), big = sum(v) where v > 1, place = rank(w) }
  %first = filter %lately where place = 1
  %slim = map %first { k, v, n, big }
  sink %slim to stdout as json
}

// What can be taken away exactly is; of all records nothing leaves. The rows of `last` count.
// CHECK-LABEL: exec.program @algorithms
// CHECK: state.table @rows : {{.*}} algorithm <subtract> keep <over 10> inputs [@in]
// CHECK: state.table @all : {{.*}} algorithm <in_place> keep <over> inputs [@in]
stream.pipeline @algorithms {
  %in = source stdin as json { v: i64, w: f64, t: timestamp in ms } watermark t bounded 10 s
  %rows = over %in last 10 rows { total = sum(v), before = lag(w, 9), nth = row_number() }
  %all = over %in all { total = sum(w) }
  sink %rows to null
  sink %all to null
}
