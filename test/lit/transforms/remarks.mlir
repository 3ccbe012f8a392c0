// What a pass decided not to do, or did beyond the usual, is said with its reason: `explain` shows it.
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters,stream-push-filters),stream-form-steps,exec.program(exec-stage-loops{likely=usual:95,unusual:3}))' '--remarks-filter=.*' --remark-policy=all -o /dev/null 2>&1 | FileCheck %s

// CHECK-DAG: stream-push-filters{{.*}}Function=shared{{.*}}Remark="stays behind `m`, which others read too"
// CHECK-DAG: stream-push-filters{{.*}}Function=long{{.*}}Remark="stays behind `sum`: what it asks for is a long expression there"
// CHECK-DAG: stream-push-filters{{.*}}Function=both{{.*}}Remark="moved above `all`"
stream.pipeline @pushed {
  %in = source stdin as json { a: i64, text: string }
  %m = map %in { a }
  %shared = filter %m where a > 0
  sink %m to null
  sink %shared to null
  %sum = map %in { b = a * a + a * a + a * a + a * a + a * a + a * a }
  %long = filter %sum where b > 0
  sink %long to null
  %other = source file("x") as json { a: i64, text: string }
  %all = union %in, %other
  %both = filter %all where a > 3
  sink %both to null
}

// CHECK-DAG: exec-stage-loops{{.*}}Function=usual{{.*}}Remark="stays a branch: it passes about 95 %
// CHECK-DAG: exec-stage-loops{{.*}}Function=unusual{{.*}}Remark="stays a branch: it passes about 3 %
stream.pipeline @likely {
  %in = source stdin as json { a: i64 }
  %usual = filter %in where a > 0
  %unusual = filter %in where a > 5
  sink %usual to null
  sink %unusual to null
}

// Seven unions of a stream with itself are 128 ways, each followed on its own.
// CHECK-DAG: stream-form-steps{{.*}}Function=twice{{.*}}Remark="operators are copied {{[0-9]+}} times, because ways meet in unions: compiling will take long"
stream.pipeline @copied {
  %twice = source stdin as json { a: i64 }
  %a = union %twice, %twice
  %b = union %a, %a
  %c = union %b, %b
  %d = union %c, %c
  %e = union %d, %d
  %f = union %e, %e
  %g = union %f, %f
  %h = filter %g where a > 0
  sink %h to null
}
