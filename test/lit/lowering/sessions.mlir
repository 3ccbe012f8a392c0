// Sessions: a record in its key's open session moves the end and calls nothing; all else is the engine's. The step goes record by
// record, because W decides; rows come one by one, and sessions of a key are put together by combine.
// RUN: millrace-opt %s --millrace-transform --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-transform --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output
stream.pipeline @p {
  %in = source stdin as json { k: i32, v: f64, pause: i64, t: timestamp } watermark t bounded 1 min
  %by_k = key_by %in on k
  %w = window %by_k session gap (1 s * pause) longest 1 h { top = max(v) }
  sink %w to stdout as json
}

// CHECK-LABEL: llvm.func internal @step_in_clean(
// CHECK: llvm.call @mr_state_table
// CHECK: llvm.call @mr_watermark_others
// CHECK: llvm.call @mr_watermark
// CHECK: llvm.call @mr_halted
// CHECK: llvm.call @mr_session_slot
// CHECK: arith.maxsi
// CHECK-LABEL: llvm.func internal @fire_due_w(
// CHECK-NOT: mr_table_next
// CHECK: llvm.call @mr_out_full
// CHECK-LABEL: llvm.func internal @combine_w(
// CHECK-NOT: @fire_w
