// RUN: millrace-opt %s --millrace-transform | FileCheck %s
// RUN: millrace-opt %s --millrace-transform=optimize=false | FileCheck %s --check-prefix=WRITTEN

// The phase as a whole: steps formed, layouts chosen, loops decided. A map's expression that a pushed-down filter asks for
// too is computed once.
// CHECK: exec.program @p
// CHECK: state.table @w {{.*}} layout packed<*>>
// CHECK: exec.step @in fields [0, 1]
// CHECK: expr.div
// CHECK: exec.keep %{{.*}} filter "f" {branch_free}
// CHECK-NEXT: exec.stage
// CHECK-NOT: expr.div
// CHECK: state.fold @w
// CHECK-NOT: stream.pipeline

// WRITTEN: exec.program @p
// WRITTEN: state.table @w {{.*}} layout packed<*>>
// WRITTEN: exec.step @in fields [0, 1]
stream.pipeline @p {
  %in = source stdin as json { a: i64, b: i64, spare: string }
  %m = map %in { q = a / b, b, spare }
  %f = filter %m where q > 10
  %k = key_by %f on b
  %w = window %k global { s = sum(q) }
  sink %w to stdout as json
}
