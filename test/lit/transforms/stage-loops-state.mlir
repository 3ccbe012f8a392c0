// A step that keeps state goes record by record: it is not staged, whatever is forced, and says so.
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec.program(exec-stage-loops))' --remarks-filter=exec-stage-loops --remark-policy=all 2>&1 | FileCheck %s --check-prefixes=CHECK,SAID
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec.program(exec-stage-loops{mode=staged}))' | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec.program(exec-stage-loops{mode=unfused}))' | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec.program(exec-stage-loops{mode=branch-free}))' | FileCheck %s

// SAID-DAG: Function=before | Remark="stays a branch: the step keeps state, so it goes record by record"
// SAID-DAG: Function=behind | Remark="stays a branch: the step keeps state, so it goes record by record"
// SAID-DAG: Function=beside | Remark="stays a branch: the step keeps state, so it goes record by record"
// CHECK-NOT: exec.stage
// CHECK-NOT: branch_free
// CHECK: state.update @totals
// CHECK-NOT: exec.stage
// CHECK-NOT: branch_free
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64 }
  %before = filter %in where v > 0
  %keyed = key_by %before on k
  %totals = running %keyed { n = count() }
  %behind = filter %totals where n > 0
  %beside = filter %in where v < 0
  sink %behind to stdout as json
  sink %beside to stdout as json
}
