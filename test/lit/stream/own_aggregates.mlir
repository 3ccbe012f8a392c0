// Aggregates of a pipeline's own, as they are written and written out.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC
// RUN: millrace-opt %s --mlir-print-op-generic | millrace-opt | millrace-opt --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

// GENERIC: "stream.aggregate"
// GENERIC-SAME: order_free, parameters = ["x"], state = ["logs", "n"]
// GENERIC: #stream.agg<"%geomean", 1, true, {gives = f64, order_free, takes = [f64]}>

// CHECK-LABEL: stream.pipeline @own
stream.pipeline @own {
  %unit = param 1.5
  // CHECK: %geomean = aggregate (x: f64) -> f64
  // CHECK-NEXT: identity { logs = 0.0, n = 0 }
  // CHECK-NEXT: lift { logs = log(x), n = 1 }
  // CHECK-NEXT: combine { logs = a.logs + b.logs, n = a.n + b.n }
  // CHECK-NEXT: lower exp(logs / n) * %unit
  // CHECK-NEXT: facts order_free
  %geomean = aggregate (x: f64) -> f64
    identity { logs = 0, n = 0 }
    lift     { n = 1, logs = log(x) }
    combine  { logs = a.logs + b.logs, n = a.n + b.n }
    lower    exp(logs / n) * %unit
    facts    order_free
  // CHECK: %total = aggregate (x: i32, w: i64) -> i64?
  // CHECK-NEXT: identity { s = 0, w = 0 }
  // CHECK-NEXT: lift { s = cast(x as i64), w = w }
  // CHECK-NEXT: combine { s = a.s + b.s, w = a.w + b.w }
  // CHECK-NEXT: inverse { s = a.s - b.s, w = a.w - b.w }
  // CHECK-NEXT: lower let mean = s / w, case when mean > 5 then mean end
  // CHECK-NEXT: facts order_free, exact_inverse
  %total = aggregate (x: i32, w: i64) -> i64?
    identity { s = cast(0 as i64), w = 0 }
    lift { s = x, w }
    combine { s = a.s + b.s, w = a.w + b.w }
    inverse { s = a.s - b.s, w = a.w - b.w }
    lower let mean = s / w, case when mean > 5 then mean end
    facts exact_inverse, order_free
  // CHECK: %first = aggregate (text: string) -> string
  // CHECK-NEXT: identity { best = cast(null as string) }
  %first = aggregate (text: string) -> string
    identity { best = cast(null as string) }
    lift { best = text }
    combine { best = coalesce(a.best, b.best) }
    lower coalesce(best, "none")
  // CHECK: %many = aggregate () -> i64
  %many = aggregate () -> i64 identity { n = 0 } lift { n = 1 } combine { n = a.n + b.n } lower n
  %in = source stdin as json { k: string, x: f64?, n: i16, w: i64, at: timestamp } watermark at bounded 1 s
  %keyed = key_by %in on k
  // CHECK: %a = window %keyed tumbling 1 min {
  // CHECK-NEXT: geo{{ *}} = %geomean(x) where n > 1,
  // CHECK-NEXT: total = %total(cast(n as i32), w + 1),
  // CHECK-NEXT: plain = sum(n),
  // CHECK-NEXT: all{{ *}} = %many()
  %a = window %keyed tumbling 1 min { geo = %geomean(x) where n > 1, total = %total(n, w + 1), plain = sum(n), all = %many() }
  // CHECK: %b = running %keyed { one = %first(k), five = %geomean(5.0) }
  %b = running %keyed { one = %first(k), five = %geomean(5) }
  // CHECK: %c = over %keyed last 2 rows { k, one = %first(k) }
  %c = over %keyed last 2 rows { k, one = %first(k) }
  // CHECK: %d = window %keyed global {
  // CHECK-NEXT: geo = %geomean(x),
  // CHECK-NEXT: all = %many() where true
  %d = window %keyed global (%x = x) -> (geo = %geomean/1, all = %many/0 where) {
    %t = constant(true) : i1
    yield %x, %t : !expr.nullable<f64>, i1
  }
  sink %a to null
  sink %b to null
  sink %c to null
  sink %d to null
}
