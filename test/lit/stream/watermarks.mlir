// Watermarks of all kinds: read, printed, and what they are in the attribute (rules 5, 6, 9).
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=ATTR

stream.pipeline @p {
  // CHECK: watermark t punctuated where last
  // ATTR: punctuation_fields = ["last"], watermark = #stream.watermark<punctuated>
  %marks = source file("x") as json { t: timestamp, last: bool } watermark t punctuated where last
  // CHECK: watermark t punctuated where kind = "w" and n > 5 as t - 10 s idle 1 min
  // ATTR: punctuation_fields = ["kind", "n", "t"], watermark = #stream.watermark<punctuated idle 1 min>
  %own = source file("x") as json { t: timestamp, kind: string, n: i64 } watermark t punctuated where kind = "w" and n > 5 as t - 10 s idle 60 s hold

  // The clauses behind it are printed in one order; what is the default is not printed.
  // CHECK: watermark t bounded 10 s idle 1 min clock align 1 h max_future 5 min keep on_bad drop
  // ATTR: watermark = #stream.watermark<bounded 10 s idle 1 min clock align 1 h max_future 5 min keep>
  %all = source file("x") as json { t: timestamp } watermark t bounded 10 s max_future 5 min keep align 1 h idle 1 min clock on_bad drop
  // CHECK: watermark t ascending max_future 1 d
  %guarded = source file("x") as json { t: timestamp } watermark t ascending max_future 24 h drop
  // CHECK: watermark t ascending max_future none
  // ATTR: watermark = #stream.watermark<ascending max_future none>
  %open = source file("x") as json { t: timestamp } watermark t ascending max_future none

  // Written out as a region.
  // CHECK: watermark t punctuated where n > 3 as t
  %region = source file("x") as json { t: timestamp, n: i64 } watermark t punctuated (%n = n, %t = t) {
    %three = expr.constant(3 : i64) : i64
    %holds = expr.cmp gt %n, %three : (i64, i64) -> i1
    expr.yield %holds, %t : i1, !expr.timestamp
  }
  sink %marks to null
  sink %own to null
  sink %all to null
  sink %guarded to null
  sink %open to null
  sink %region to null
}
