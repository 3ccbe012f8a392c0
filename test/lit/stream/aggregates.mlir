// All aggregates: read, printed, and the types they give (rules 23 to 28). What may have been nothing is nullable; of a sample of
// one there is no variance; of two arguments either may be missing. A field may be called `distinct`, too.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=TYPES

stream.pipeline @p {
  %in = source file("in") as json { t: timestamp in s, k: i64, v: i32, u: u8?, x: f32, b: bool, name: string?, distinct: i64 } watermark t bounded 1 s
  %by_k = key_by %in on k
  // CHECK: %w = window %by_k tumbling 1 h {
  // CHECK-DAG: d = count(distinct name),
  // CHECK-DAG: e = count(distinct),
  // CHECK-DAG: f = count(distinct distinct),
  // CHECK-DAG: who = argmax(name, v),
  // CHECK-DAG: every = all(b) where v > 1,
  // TYPES: "stream.window"
  // TYPES: -> !stream.of<k: i64, window_start: timestamp, window_end: timestamp, n: i64, m: i64, d: i64, e: i64, f: i64, near: i64, total: i64, sums: u64?, mean: f64, least: f32, most: string?,
  // TYPES-SAME: who: string?, early: timestamp?, opening: bool, closing: string?, some: bool, every: bool?, ands: i32, ors: u8?, odd: i64 timed>
  %w = window %by_k tumbling 1 h {
    n = count(), m = count(name), d = count(distinct name), e = count(distinct), f = count(distinct distinct), near = approx_count_distinct(x),
    total = sum(v), sums = sum(u), mean = avg(x), least = min(x), most = max(name), who = argmax(name, v), early = argmin(t, u),
    opening = first(b), closing = last(name), some = any(b), every = all(b) where v > 1, ands = bit_and(v), ors = bit_or(u), odd = bit_xor(distinct)
  }
  // CHECK: %r = running %by_k {
  // CHECK: c = corr(v, u)
  // TYPES: "stream.running"
  // TYPES: -> !stream.of<k: i64, vp: f64, vs: f64?, dp: f64?, ds: f64?, cp: f64, cs: f64?, c: f64? upsert by k timed>
  %r = running %by_k {
    vp = var_pop(v), vs = var_samp(v), dp = stddev_pop(u), ds = stddev_samp(x), cp = covar_pop(v, x), cs = covar_samp(v, x), c = corr(v, u)
  }
  sink %w to stdout as json
  sink %r to file("r") as json
}
