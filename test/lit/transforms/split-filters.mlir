// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-split-filters))' | FileCheck %s

// Rule 46: a filter's conjuncts are filters of their own; what is `and` below another operation is none. Each part asks
// only for its own fields; the last keeps the name as written, the others note it.
// CHECK-LABEL: @conjuncts
// CHECK: %[[A:.*]] = filter %in where a > 0 {stream.name = "f"}
// CHECK: %[[B:.*]] = filter %[[A]] where b > 0 or a = 1 and b = 2 {stream.name = "f"}
// CHECK: %f = filter %[[B]] where c <> ""
// CHECK: sink %f
stream.pipeline @conjuncts {
  %in = source stdin as json { a: i64, b: i64, c: string }
  %f = filter %in where a > 0 and (b > 0 or a = 1 and b = 2) and c <> ""
  sink %f to stdout as json
}

// CHECK-LABEL: @single
// CHECK: %f = filter %in where not (a > 0 and a < 9)
// CHECK-NOT: filter
stream.pipeline @single {
  %in = source stdin as json { a: i64 }
  %f = filter %in where not (a > 0 and a < 9)
  sink %f to stdout as json
}

// A value that two conjuncts use is computed in both.
// CHECK-LABEL: @shared
// CHECK: filter %in where a * 2 > 0
// CHECK: filter %{{.*}} where a * 2 < 9
stream.pipeline @shared {
  %in = source stdin as json { a: i64 }
  %f = filter %in (%a = a) {
    %two = constant(2 : i64) : i64
    %zero = constant(0 : i64) : i64
    %nine = constant(9 : i64) : i64
    %d = mul %a, %two : (i64, i64) -> i64
    %l = cmp gt %d, %zero : (i64, i64) -> i1
    %r = cmp lt %d, %nine : (i64, i64) -> i1
    %b = and %l, %r : (i1, i1) -> i1
    yield %b : i1
  }
  sink %f to stdout as json
}
