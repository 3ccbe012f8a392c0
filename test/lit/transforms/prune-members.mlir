// Results of state that nothing reads are not kept; what they were made of is judged all the same (rule 47).
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(state-prune-members))' | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(state-prune-members))' --remarks-filter=state-prune-members --remark-policy=all 2>&1 | FileCheck %s --check-prefix=REMARK

// REMARK-DAG: Function=w | Remark="`s` is not kept: nothing reads it"
// REMARK-DAG: Function=w | Remark="`m` is not kept: nothing reads it"
// REMARK-DAG: Function=w | Remark="`u` is not kept: nothing reads it"
// REMARK-DAG: Function=behind | Remark="`y` is not kept: nothing reads it"
exec.program @p sites [#exec.site<"in", "k", 1, 1>, #exec.site<"in", "a", 1, 1>, #exec.site<"in", "b", 1, 1>, #exec.site<"w", "a / b", 1, 1>] terminals ["w", "behind", "out", "r", "r_out"] {
  exec.source @in : !stream.of<k: i64, a: i64, b: i64> {connector = "stdin", options = {}, format = "json",
    columns = [#stream.column<"k", "">, #stream.column<"a", "">, #stream.column<"b", "">],
    used = array<i1: true, true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<x: i64> {connector = "stdout", options = {}, format = "json"}
  exec.sink @r_out : !stream.of<k: i64, t: i64 upsert by k> {connector = "null", options = {}}
  // CHECK: state.table @w : !state.table<(k: i64) (<"n" = "count"(none) : i64>) layout ?>
  state.table @w : !state.table<(k: i64) (<"s" = "sum"(i64) : i64>, <"n" = "count"(none) : i64>, <"m" = "max"(i64) : i64>, <"u" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  // Nothing but this member asks for `m` of the table before, so that goes too: a greatest value is no error.
  // CHECK: state.table @behind : !state.table<() (<"x" = "max"(i64) : i64>) layout ?>
  state.table @behind : !state.table<() (<"x" = "max"(i64) : i64>, <"y" = "max"(i64) : i64>) layout ?> window <global> inputs [@w]
  // CHECK: state.table @r : !state.table<(k: i64) (<"t" = "count"(none) : i64>) layout ?>
  state.table @r : !state.table<(k: i64) (<"u" = "sum"(i64) : i64>, <"t" = "count"(none) : i64>) layout ?> keep <running> inputs [@in]
  // CHECK: exec.step @in
  exec.step @in fields [0, 1, 2] {
  ^bb0(%k: i64, %a: i64, %b: i64):
    exec.branch {
      // CHECK: %[[Q:.*]] = expr.div
      // CHECK-NEXT: %[[C:.*]] = expr.cmp
      // CHECK-NEXT: exec.demand %[[Q]], %a, %[[C]] : i64, i64, i1
      // CHECK-NEXT: state.fold @w terminal 0 keys(%k : i64) args() filters [false](){{$}}
      %q = expr.div %a, %b {expr.site = 3 : i32} : (i64, i64) -> i64
      %c = expr.cmp lt %a, %b : (i64, i64) -> i1
      state.fold @w terminal 0 keys(%k : i64) args(%q, %a : i64, i64) filters [false, false, false, true] (%c : i1)
    }
    exec.branch {
      // CHECK: exec.demand %b : i64
      // CHECK-NEXT: state.update @r terminal 3 keys(%k : i64) args() filters [false]() {
      // CHECK-NEXT: ^bb0(%k_0: i64, %t: i64):
      state.update @r terminal 3 keys(%k : i64) args(%b : i64) filters [false, false] () {
      ^bb0(%key: i64, %u: i64, %t: i64):
        exec.emit @r_out terminal 4 (%key, %t : i64, i64)
      }
    }
  }
  // CHECK: exec.fire @w
  // CHECK-NEXT: ^bb0(%k: i64, %n: i64, %event_time: !expr.timestamp):
  exec.fire @w {
  ^bb0(%k: i64, %s: i64, %n: i64, %m: i64, %u: i64, %time: !expr.timestamp):
    // CHECK-NEXT: state.fold @behind terminal 1 keys() args(%n : i64) filters [false](){{$}}
    state.fold @behind terminal 1 keys() args(%n, %m : i64, i64) filters [false, false] ()
  }
  exec.fire @behind {
  ^bb0(%x: i64, %y: i64, %time: !expr.nullable<!expr.timestamp>):
    exec.emit @out terminal 2 (%x : i64)
  }
}
