// Folding and sharing leave expressions readable: constants stay inside them, shared values become `let`.
// RUN: millrace-opt %s --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --canonicalize --cse > %t.1
// RUN: millrace-opt %t.1 | diff %t.1 -

stream.pipeline @shared {
  %in = source sequence(count = 10)
  // CHECK: %m = map %in {
  // CHECK-NEXT: let [[T:t[0-9]+]] = n + 1,
  // CHECK-NEXT: a = [[T]] * 2,
  // CHECK-NEXT: b = [[T]] * 3,
  %m = map %in { a = (n + 1) * 2, b = (n + 1) * 3, c = 7, d = case when n > 7 then "many" end }
  // CHECK: filter %m where a > 7 and b > 7
  %f = filter %m where a > 7 and b > 7
  // CHECK: filter %f where let twice = a + a, twice > 7 and twice < 700
  %g = filter %f where let twice = a + a, twice > 7 and twice < 700
  sink %g to null
}
