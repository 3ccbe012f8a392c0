// The types of streams: what each statement makes of its input's.
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s

stream.pipeline @types {
  // CHECK: "stream.source"{{.*}}connector = "file"
  // CHECK: -> (!stream.of<k: string, n: i32?, f: f32, u: u16, t: timestamp timed>, !stream.of<raw: bytes, file: string?, line: i64?, byte: i64?, op: string, reason: string>)
  %in, %bad = source file("x") as json { k: string, n: i32?, f: f32, u: u16, t: timestamp } watermark t ascending on_bad dead_letter
  // Keys.
  // CHECK: "stream.key_by"{{.*}} -> !stream.of<k: string, n: i32?, f: f32, u: u16, t: timestamp keyed by k, u timed>
  %keyed = key_by %in on k, u
  // A filter keeps all, a map loses the key.
  // CHECK: "stream.filter"
  // CHECK: -> !stream.of<k: string, n: i32?, f: f32, u: u16, t: timestamp keyed by k, u timed>
  %some = filter %keyed where n > 1
  // CHECK: "stream.map"
  // CHECK: -> !stream.of<f: f32 timed>
  %map = map %some { f }
  // Aggregates (rules 23 to 28): the sums are wide, null only where no value may have come.
  // CHECK: "stream.window"
  // CHECK: -> !stream.of<k: string, u: u16, window_start: timestamp, window_end: timestamp, c: i64, cn: i64, sn: i64?, su: u64, sf: f64, au: f64, an: f64?, mf: f32, mn: i32?, ft: timestamp, lk: string, some: u64? timed>
  %window = window %some tumbling 1 h {
    c = count(), cn = count(n), sn = sum(n), su = sum(u), sf = sum(f), au = avg(u), an = avg(n), mf = max(f), mn = min(n), ft = first(t),
    lk = last(k), some = sum(u) where f > 1
  }
  // CHECK: "stream.window"
  // CHECK: -> !stream.of<window_start: timestamp, window_end: timestamp, timing: string, s: u64 timed>
  %processing = window %in tumbling 1 h in processing_time { s = sum(u) }
  // Without a key a global window fires over empty input too (rule 18).
  // CHECK: "stream.window"
  // CHECK: -> !stream.of<c: i64, s: u64? timed>
  %global = window %in global { c = count(), s = sum(u) }
  // CHECK: "stream.window"
  // CHECK: -> !stream.of<k: string, u: u16, c: i64, s: u64 timed>
  %each = window %keyed global { c = count(), s = sum(u) }
  // CHECK: "stream.flat_map"
  // CHECK: -> !stream.of<w: string timed>
  %flat = flat_map %keyed each w in split(k, " ") { w }
  sink %flat to null
  sink %window to null
  // Time does not come from nowhere.
  %untimed = source stdin as json { n: i64 }
  // CHECK: "stream.window"
  // CHECK: -> !stream.of<c: i64>
  %count = window %untimed global { c = count() }
  sink %count to null
}
