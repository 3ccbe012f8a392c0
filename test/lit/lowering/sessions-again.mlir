// Sessions that fire again count the records since their last row; one that has a row is the engine's as soon as it grows. Rows
// that are taken back are those of their sinks (rule 22). Of the clock, W is a microsecond behind it.
// RUN: millrace-opt %s --millrace-transform --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-transform --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output
stream.pipeline @p {
  %in = source stdin as json { k: i32, v: f64, t: timestamp } watermark t bounded 1 min
  %by_k = key_by %in on k
  %w = window %by_k session gap 10 s emit every 5 records { top = max(v) }
  %high = filter %w where top > 1.0
  sink %high to stdout as json
}

// CHECK-LABEL: llvm.func internal @step_in_clean(
// CHECK: llvm.call @mr_state_table
// CHECK: llvm.call @mr_session_slot
// CHECK: llvm.call @mr_pane_due
// CHECK: llvm.call @mr_paused
// CHECK-LABEL: llvm.func internal @fire_due_w(
// CHECK: llvm.call @mr_out_full
// CHECK-LABEL: llvm.func internal @combine_w(
