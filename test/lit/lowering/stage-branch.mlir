// A stage in a branch: only that branch's rest runs later. What the filter got wrong is kept too (rule 47).
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>] terminals ["a", "b"] {
  exec.source @in : !stream.of<n: i64, m: i64> {connector = "stdin", options = {},
    columns = [#stream.column<"n", "">, #stream.column<"m", "">],
    used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @a : !stream.of<n: i64> {connector = "stdout", options = {}}
  exec.sink @b : !stream.of<n: i64> {connector = "stdout", options = {}}
  exec.step @in fields [0, 1] {
  ^bb0(%n: i64, %m: i64):
    exec.branch {
      %q = expr.div %n, %m {expr.site = 0 : i32} : (i64, i64) -> i64
      %c = expr.cmp gt %q, %m : (i64, i64) -> i1
      exec.keep %c : i1 filter "f"
      exec.stage "unknown"
      exec.emit @a terminal 0 (%n : i64)
    }
    exec.branch {
      exec.emit @b terminal 1 (%n : i64)
    }
  }
}

// CHECK-LABEL: llvm.func internal @step_in(
// CHECK: %[[ERRORS:.*]] = llvm.call @mr_arena
// CHECK: %[[SELECTION:.*]] = llvm.call @mr_arena
// CHECK: scf.for
// CHECK: llvm.store %{{.*}}, %{{.*}} {{.*}} : i32, !llvm.ptr
// CHECK: scf.for
// CHECK: llvm.load {{.*}} -> i16
// CHECK: llvm.load {{.*}} -> i32
// CHECK: llvm.call @mr_bad
