// RUN: millrace-opt %s --millrace-transform=staging=fused | FileCheck %s --check-prefix=FUSED
// RUN: millrace-opt %s --millrace-transform=staging=unfused | FileCheck %s --check-prefix=UNFUSED
// RUN: millrace-opt %s --millrace-transform=staging=staged | FileCheck %s --check-prefix=STAGED
// RUN: millrace-opt %s --millrace-transform=staging=branch-free | FileCheck %s --check-prefix=FREE
// RUN: millrace-opt %s --millrace-transform=staging=auto | FileCheck %s --check-prefix=AUTO

// Each choice can be forced.
// FUSED-NOT: branch_free
// FUSED-NOT: exec.stage

// UNFUSED: exec.step
// UNFUSED: exec.stage "forced: a stage after every operator"
// UNFUSED: filter "g"
// UNFUSED: exec.stage "forced: a stage after every operator"
// UNFUSED: exec.emit

// STAGED: filter "f" {branch_free}
// STAGED-NEXT: exec.stage "forced: a stage after every filter"
// STAGED: filter "g" {branch_free}
// STAGED-NEXT: exec.stage "forced: a stage after every filter"
// STAGED-NEXT: exec.emit

// FREE: filter "f" {branch_free}
// FREE-NOT: exec.stage
// FREE: filter "g" {branch_free}
// FREE-NOT: exec.stage

// AUTO: filter "f" {branch_free}
// AUTO-NOT: exec.stage
// AUTO: filter "g" {branch_free}
stream.pipeline @p {
  %in = source stdin as json { a: i64, b: i64 }
  %f = filter %in where a > 0
  %g = filter %f where b > 0
  sink %g to stdout as json
}
