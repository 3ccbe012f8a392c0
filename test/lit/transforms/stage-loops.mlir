// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec.program(exec-stage-loops))' --remarks-filter=exec-stage-loops --remark-policy=all 2>&1 | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec.program(exec-stage-loops{likely=usual:95,unusual:3,even:40}))' | FileCheck %s --check-prefix=LIKELY

// CHECK-DAG: Function=dear | Remark="the loop ends behind it: `dear` passes an unknown share, and more than a cheap row follows"
// CHECK-DAG: Function=light | Remark="no branch: it passes an unknown share, and all that follows is a cheap row"

// Unknown, and a hash table behind it: the records that pass are collected without a branch.
// CHECK-LABEL: exec.program @to_table
// CHECK: exec.keep %{{.*}} : i1 filter "dear" {branch_free}
// CHECK-NEXT: exec.stage "`dear` passes an unknown share, and more than a cheap row follows"
// CHECK-NEXT: state.fold
stream.pipeline @to_table {
  %in = source stdin as json { a: i64, b: i64 }
  %dear = filter %in where a > 0
  %k = key_by %dear on b
  %w = window %k global { n = count() }
  sink %w to stdout as json
}

// Consecutive cheap filters make one selection.
// CHECK-LABEL: exec.program @together
// CHECK: exec.keep %{{.*}} filter "both" {branch_free}
// CHECK-NOT: exec.stage
// CHECK: exec.keep %{{.*}} filter "both" {branch_free}
// CHECK-NEXT: exec.stage
stream.pipeline @together {
  %in = source stdin as json { a: i64, b: i64 }
  %both = filter %in where a > 0 and b > 0
  %k = key_by %both on b
  %w = window %k global { n = count() }
  sink %w to stdout as json
}

// A row of two numbers is cheap: it is written for each record, and counted if it passed.
// CHECK-LABEL: exec.program @to_sink
// CHECK: exec.keep %{{.*}} filter "light" {branch_free}
// CHECK-NOT: exec.stage
// CHECK: exec.emit
stream.pipeline @to_sink {
  %in = source stdin as json { a: i64, b: i64 }
  %light = filter %in where a > 0
  %m = map %light { a, b }
  sink %m to stdout as json
}

// A row that can be bad is not computed for records that were rejected; nor is what calls the runtime.
// CHECK-LABEL: exec.program @can_fail
// CHECK: exec.keep %{{.*}} filter "f" {branch_free}
// CHECK-NEXT: exec.stage
// CHECK: expr.div
stream.pipeline @can_fail {
  %in = source stdin as json { a: i64, b: i64 }
  %f = filter %in where a > 0
  %m = map %f { q = a / b }
  sink %m to stdout as json
}

// CHECK-LABEL: exec.program @calls
// CHECK: exec.keep %{{.*}} filter "f" {branch_free}
// CHECK-NEXT: exec.stage
// CHECK-NEXT: expr.call "upper"
stream.pipeline @calls {
  %in = source stdin as json { a: i64, name: string }
  %f = filter %in where a > 0
  %m = map %f { name = upper(name) }
  sink %m to stdout as json
}

// Nearly always and nearly never stay branches.
// CHECK-LABEL: exec.program @known
// LIKELY-LABEL: exec.program @known
// LIKELY: filter "usual" {likely = 95 : i32}
// LIKELY-NOT: exec.stage
// LIKELY: filter "unusual" {likely = 3 : i32}
// LIKELY-NOT: exec.stage
// LIKELY: filter "even" {branch_free, likely = 40 : i32}
// LIKELY: exec.stage "`even` passes about 40 %, and more than a cheap row follows"
stream.pipeline @known {
  %in = source stdin as json { a: i64, b: i64 }
  %usual = filter %in where a > 0
  %unusual = filter %usual where a < 100
  %even = filter %unusual where b > 0
  %k = key_by %even on b
  %w = window %k global { n = count() }
  sink %w to stdout as json
}

// A remainder compared with a constant tells its share by itself: one in 123, and one in two.
// CHECK-LABEL: exec.program @remainder
// CHECK: filter "rare" {likely = 1 : i32}
// CHECK: filter "half" {branch_free, likely = 50 : i32}
stream.pipeline @remainder {
  %in = source stdin as json { a: i64, b: i64 }
  %rare = filter %in where a mod 123 = 0
  %half = filter %rare where b mod 2 = 1
  sink %half to stdout as json
}
