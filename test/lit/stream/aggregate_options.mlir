// Options of aggregates: read, printed, and the types that they give (rules 24, 27, 28). A field may be called as one of them.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

stream.pipeline @p {
  %in = source file("in") as json { t: timestamp in s, k: i64, v: i32?, x: f32, name: string?, exact: f64, distinct: i64 } watermark t bounded 1 s
  %by_k = key_by %in on k
  // CHECK-DAG: total  = sum(exact x),
  // CHECK-DAG: once = sum(distinct exact x),
  // CHECK-DAG: same = sum(distinct exact x),
  // CHECK-DAG: plain = sum(exact),
  // CHECK-DAG: both = sum(exact exact),
  // CHECK-DAG: minus = sum(exact - 1.0),
  // CHECK-DAG: which = sum(distinct mod 2),
  // CHECK-DAG: p90 = quantile(v, 0.9),
  // CHECK-DAG: all = quantile(v, 1.0),
  // CHECK-DAG: tiny = quantile(distinct x, 1.0e-05),
  // CHECK-DAG: moment = quantile_disc(t, 0.5),
  // CHECK-DAG: half = median(x),
  // CHECK-DAG: near = approx_quantile(v, 0.25) where v > 1,
  // CHECK-DAG: names = string_join(name),
  // CHECK-DAG: quoted = string_join(distinct name, "\"\n")
  // GENERIC: "stream.window"
  // GENERIC-SAME: #stream.agg<"sum", 1, false, {exact}>
  // GENERIC-SAME: #stream.agg<"quantile", 1, false, {fraction = 9.000000e-01 : f64}>
  // GENERIC-SAME: #stream.agg<"median", 1, false>
  // GENERIC: -> !stream.of<k: i64, window_start: timestamp, window_end: timestamp, total: f64, once: f64, same: f64, plain: f64, both: f64, minus: f64, which: i64, p90: f64?, all: f64?, tiny: f64, moment: timestamp, half: f64, near: i32?, names: string?, quoted: string? timed>
  %w = window %by_k tumbling 1 h {
    total = sum(exact x), once = sum(distinct exact x), same = sum(exact distinct x), plain = sum(exact), both = sum(exact exact), minus = sum(exact - 1.0),
    which = sum(distinct mod 2), p90 = quantile(v, 0.9), all = quantile(v, 1), tiny = quantile(distinct x, 0.00001), moment = quantile_disc(t, 0.5), half = median(x),
    near = approx_quantile(v, 0.25) where v > 1, names = string_join(name), quoted = string_join(distinct name, "\"\n")
  }
  sink %w to stdout as json
}
