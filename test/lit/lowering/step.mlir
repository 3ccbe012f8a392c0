// A step: source, filter, row. The whole way to LLVM IR is accepted.
// RUN: millrace-opt %s --exec-lower-to-scf | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -S | FileCheck %s --check-prefix=LLVM

exec.program @copy sites [] terminals ["rows_stdout"] {
  exec.source @rows : !stream.of<n: i64, x: f64> {connector = "sequence", options = {count = 10 : i64},
    columns = [#stream.column<"n", "">, #stream.column<"x", "">], used = array<i1: true, true>,
    first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @rows_stdout : !stream.of<n: i64, x: f64> {connector = "stdout", options = {}}
  exec.step @rows fields [0, 1] {
  ^bb0(%n: i64, %x: f64):
    %two = expr.constant(2 : i64) : i64
    %even = expr.mod %n, %two : (i64, i64) -> i64
    %zero = expr.constant(0 : i64) : i64
    %c = expr.cmp eq %even, %zero : (i64, i64) -> i1
    exec.keep %c : i1 filter "even"
    exec.emit @rows_stdout terminal 0 (%n, %x : i64, f64)
  }
}

// CHECK-LABEL: llvm.func internal @step_rows
// CHECK-SAME: (%[[TASK:.*]]: !llvm.ptr, %[[BATCH:.*]]: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i32) -> i32
// CHECK: llvm.call @mr_out_begin
// CHECK: scf.for
// CHECK: scf.if
// CHECK: llvm.call @mr_out_end

// LLVM: @pipeline = internal constant
// LLVM: define {{.*}}ptr @mr_pipeline()
