// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec-verify-formed)' | FileCheck %s

// Maps are substituted; a filter's conjuncts are keeps in written order; what a conjunct needs is computed just before
// it, and what only the sink needs behind them; the unused field is neither used nor read.
// CHECK-LABEL: exec.program @linear
// CHECK-SAME: #exec.site<"in", "field `a`", [[#@LINE+23]],
// CHECK-SAME: #exec.site<"m", "a / b", [[#@LINE+23]], 34>
// CHECK-SAME: terminals ["f_stdout"]
// CHECK: exec.param "min" = 10 : i64 index 0 "least" : i64
// CHECK: exec.source @in : !stream.of<a: i64, b: i64, name: string, spare: string>
// CHECK-SAME: event_time = -1
// CHECK-SAME: first_site = 0
// CHECK-SAME: used = array<i1: true, true, true, false>
// CHECK: exec.sink @f_stdout : !stream.of<q: i64, name: string>
// CHECK: exec.step @in fields [0, 1, 2] {
// CHECK-NEXT: ^bb0(%[[A:.*]]: i64, %[[B:.*]]: i64, %[[NAME:.*]]: !expr.string):
// CHECK-NEXT: %[[Q:.*]] = expr.div %[[A]], %[[B]] {expr.site = 4 : i32}
// CHECK-NEXT: %[[C:.*]] = expr.cmp gt %[[Q]], %{{.*}}
// CHECK-NEXT: exec.keep %[[C]] : i1 filter "f"
// CHECK-NEXT: expr.constant(9 : i64)
// CHECK-NEXT: %[[D:.*]] = expr.cmp lt %[[Q]]
// CHECK-NEXT: exec.keep %[[D]] : i1 filter "f"
// CHECK-NEXT: %[[UP:.*]] = expr.call "upper"(%[[NAME]])
// CHECK-NEXT: exec.emit @f_stdout terminal 0(%[[Q]], %[[UP]] : i64, !expr.string)
// CHECK-NOT: stream.
stream.pipeline @linear {
  %min = param 10 "least"

  %in = source stdin as json { a: i64, b: i64, name: string, spare: string }
  %m = map %in { more = 1, q = a / b, name = upper(name), spare }
  %m2 = map %m { q, name }
  %f = filter %m2 where q > %min and q < 9
  sink %f to stdout as json
}

// A key_by without a window behind it still uses its keys (rule 47); with one, the fold does.
// CHECK-LABEL: exec.program @keys
// CHECK: exec.step @in
// CHECK: exec.demand %{{.*}} : i64
// CHECK-NEXT: exec.emit @m_stdout
stream.pipeline @keys {
  %in = source stdin as json { a: i64, b: i64 }
  %k = key_by %in on b
  %m = map %k { a }
  sink %m to stdout as json
}

// Options keep their params, by the number they have in the program.
// CHECK-LABEL: exec.program @options
// CHECK: exec.param "unused"
// CHECK: exec.param "where" = "a.jsonl" index 1
// CHECK: exec.param "into" = "b.jsonl" index 2
// CHECK: exec.source @in{{.*}}options = {path = #stream.arg<1 : !expr.string>}
// CHECK: exec.sink @in_file{{.*}}options = {path = #stream.arg<2 : !expr.string>}
stream.pipeline @options {
  %unused = param 1
  %where = param "a.jsonl"
  %into = param "b.jsonl"
  %in = source file(%where) as json { a: i64 }
  sink %in to file(%into) as json
}
