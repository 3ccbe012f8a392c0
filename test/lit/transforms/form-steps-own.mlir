// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters,stream-specialize-windows),stream-form-steps,exec-verify-formed)' | FileCheck %s

// Aggregates of a pipeline's own are lifted where records are taken in (rules 28, 46): what is not taken in has the state of
// none, and what is wrong with it is judged.

// CHECK: state.aggregate @total identity {
// CHECK-NEXT: %[[NONE:.*]] = expr.constant(0 : i64)
// CHECK-NEXT: expr.yield %[[NONE]]
// CHECK: } combine {
// CHECK: expr.add %{{.*}}, %{{.*}} {expr.site = 1 : i32}
// CHECK: } inverse {
// CHECK: expr.sub %{{.*}}, %{{.*}} {expr.site = 2 : i32}
// CHECK: } lower {
// CHECK: expr.mul %{{.*}}, %{{.*}} {expr.site = 3 : i32}
// CHECK: state.table @w
// CHECK-SAME: <"plain" = "%total"(i64) : i64, {exact_inverse, fails, gives = i64, order_free, state = [i64], state_names = ["s"], takes = [i64]}>
// CHECK-SAME: algorithm <subtract>
// CHECK: exec.step @in
// CHECK: exec.demand %y
// CHECK: exec.demand %x, %[[WHERE:.*]] :
// CHECK: %[[X:.*]] = expr.coalesce %x,
// CHECK: %[[PART:.*]] = expr.div %{{.*}}, %[[X]] {expr.site = 0 : i32}
// CHECK: %[[THERE:.*]] = expr.not
// CHECK: %[[TAKEN:.*]] = expr.and %[[WHERE]], %[[THERE]]
// CHECK: %[[SOME:.*]] = expr.select %[[TAKEN]], %[[PART]],
// CHECK: %[[PLAIN:.*]] = expr.div %{{.*}}, %y {expr.site = 0 : i32}
// CHECK: state.fold @w terminal 0 keys() at %event_time : !expr.timestamp args(%[[PLAIN]], %[[SOME]] : i64, i64) filters [false, true](%[[TAKEN]] : i1)
stream.pipeline @own {
  %unit = param 2
  %total = aggregate (x: i64) -> i64
    identity { s = 0 }
    lift { s = 100 / x }
    combine { s = a.s + b.s }
    inverse { s = a.s - b.s }
    lower s * %unit
    facts order_free, exact_inverse
  %in = source file("in") as json { x: i64?, y: i64, at: timestamp } watermark at bounded 1 s
  %w = window %in sliding 1 min every 1 s { plain = %total(y), some = %total(x) where y > 1 }
  sink %w to stdout as json
}
