// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec.program(exec-stage-loops{mode=staged}))' --remarks-filter=exec-stage-loops --remark-policy=all 2>&1 | FileCheck %s

// Rule 7: batches cannot be observed, so no loop ends where two ways lead to one place: the second loop would bring its
// records behind those of the whole batch. Where each branch has its own terminals it may, and before they part too.
// CHECK-DAG: Function=left | Remark="stays a branch: another way leads to the same place, whose order a second loop would change"
// CHECK-DAG: Function=short | Remark="stays a branch: it stands inside a flat_map"

// CHECK-LABEL: exec.program @meets
// CHECK: filter "before" {branch_free}
// CHECK-NEXT: exec.stage
// CHECK: filter "left"
// CHECK-NOT: exec.stage
// CHECK: filter "right"
// CHECK-NOT: exec.stage
// CHECK: exec.fire
stream.pipeline @meets {
  %in = source stdin as json { a: i64 }
  %before = filter %in where a > 0
  %left = filter %before where a > 1
  %right = filter %before where a > 2
  %u = union %left, %right
  %w = window %u global { n = last(a) }
  %often = filter %w where n > 1
  sink %often to stdout as json
}

// CHECK-LABEL: exec.program @parts
// CHECK: filter "left" {branch_free}
// CHECK-NEXT: exec.stage
// CHECK: filter "right" {branch_free}
// CHECK-NEXT: exec.stage
stream.pipeline @parts {
  %in = source stdin as json { a: i64 }
  %left = filter %in where a > 1
  %right = filter %in where a > 2
  sink %left to stdout as json
  sink %right to file("r.jsonl") as json
}

// CHECK-LABEL: exec.program @elements
// CHECK-NOT: exec.stage
stream.pipeline @elements {
  %in = source stdin as json { text: string }
  %w = flat_map %in each w in split(text, " ") { w }
  %short = filter %w where length(w) < 3
  sink %short to stdout as json
}
