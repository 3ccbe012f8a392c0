// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec-verify-formed)' | FileCheck %s

// A branch for each consumer, in written order; what two of them need is computed once, before them.
// CHECK-LABEL: exec.program @tee
// CHECK: exec.step @in
// CHECK-NEXT: ^bb0
// CHECK-NEXT: %[[Q:.*]] = expr.div
// CHECK-NEXT: exec.branch {
// CHECK-NEXT: expr.constant
// CHECK-NEXT: expr.cmp gt %[[Q]]
// CHECK-NEXT: exec.keep
// CHECK-NEXT: exec.emit @f_stdout terminal 0(%[[Q]] : i64)
// CHECK: exec.branch {
// CHECK-NEXT: exec.emit @m_file terminal 1(%[[Q]] : i64)
stream.pipeline @tee {
  %in = source stdin as json { a: i64, b: i64 }
  %m = map %in { q = a / b }
  %f = filter %m where q > 0
  sink %f to stdout as json
  sink %m to file("all.jsonl") as json
}

// flat_map: once for each element; the list is computed where the flat_map stands, the rest inside.
// CHECK-LABEL: exec.program @words
// CHECK: exec.step @in
// CHECK: %[[LIST:.*]] = expr.call "split"
// CHECK-NEXT: exec.unnest %[[LIST]] : !expr.list<string> {
// CHECK-NEXT: ^bb0(%[[W:.*]]: !expr.string):
// CHECK-NEXT: %[[L:.*]] = expr.call "lower"(%[[W]])
// CHECK-NEXT: exec.emit @words_stdout terminal 0(%[[L]], %{{.*}} : !expr.string, i64)
stream.pipeline @words {
  %in = source stdin as json { text: string, a: i64 }
  %words = flat_map %in each w in split(text, " ") { word = lower(w), a }
  sink %words to stdout as json
}
