// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written))' --mlir-print-op-generic | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-note-written))' --mlir-print-op-generic | FileCheck %s

// Rule 46: error sites are numbered in written order: fields, event time, then expressions, operands first.
// What cannot fail (floats, comparisons, length) has no site. `spare` is used by nobody.
// CHECK-LABEL: "stream.pipeline"
// CHECK: "stream.source"
// CHECK: "expr.add"{{.*}}expr.site = 6
// CHECK: stream.sites_from = 0 : i32, stream.used = array<i1: true, true, true, true, false, true>
// CHECK: "stream.map"
// CHECK: "expr.div"{{.*}}expr.site = 7
// CHECK: "expr.mod"{{.*}}expr.site = 8
// CHECK: "expr.add"{{.*}}expr.site = 9
// CHECK: "expr.mul"
// CHECK-NOT: expr.site
// CHECK: "expr.call"
// CHECK-NOT: expr.site
// CHECK: "stream.window"
// CHECK: stream.terminal = 0
// CHECK: "stream.sink"{{.*}}stream.name = "per_b_stdout", stream.terminal = 1
// CHECK: "stream.sink"{{.*}}stream.name = "per_b_stdout_2", stream.terminal = 2
// CHECK: stream.sites = {{\[}}["in", "field `a`", [[#LINE:]] : i32
// CHECK-SAME: ["in", "t + took"
// CHECK-SAME: ["m", "a / b", {{.*}}["m", "a mod 7", {{.*}}["m", "a / b + a mod 7"
// CHECK-SAME: stream.terminals = ["per_b", "per_b_stdout", "per_b_stdout_2"]
stream.pipeline @p {
  %in = source file("x") as json { a: i64, b: i64, t: timestamp in ms, took: duration in ms, spare: string, x: f64 }
    watermark t + took bounded 1 s
  %m = map %in { q = a / b + a mod 7, b, y = x * 2.0, n = length("x") }
  %k = key_by %m on b
  %per_b = window %k tumbling 1 min { s = sum(q), y = max(y) }
  sink %per_b to stdout as json
  sink %per_b to stdout as csv
}
