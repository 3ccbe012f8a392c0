// A region may be written out; it is printed so where infix would lose something (here: an attribute of an op).
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s

stream.pipeline @written_out {
  %limit = param 5
  %in = source sequence(count = 10)
  // What has an infix form is printed in it.
  // CHECK: %f = filter %in where n > %limit
  %f = filter %in (%x = n) {
    %c = cmp gt %x, %limit : (i64, i64) -> i1
    yield %c : i1
  }
  // CHECK: %g = filter %f (%n = n) {
  // CHECK-NEXT: %0 = cmp gt %n, %limit {expr.site = 3 : i32} : (i64, i64) -> i1
  // CHECK-NEXT: yield %0 : i1
  %g = filter %f (%x = n) {
    %c = cmp gt %x, %limit {expr.site = 3 : i32} : (i64, i64) -> i1
    yield %c : i1
  }
  // CHECK: %m = map %g (%n = n, %time = time) -> (twice, time) {
  %m = map %g (%n = n, %time = time) -> (twice, time) {
    %t = add %n, %n {expr.site = 4 : i32} : (i64, i64) -> i64
    yield %t, %time : i64, !expr.timestamp
  }
  // CHECK: %w = window %m tumbling 1 s (%twice = twice) -> (n = count/0 where, s = sum/1) {
  %w = window %m tumbling 1 s (%t = twice) -> (n = count/0 where, s = sum/1) {
    %c = cmp gt %t, %limit {expr.site = 5 : i32} : (i64, i64) -> i1
    yield %c, %t : i1, i64
  }
  // CHECK: %e = flat_map %w each x in (%n = n, %s = s) {
  // CHECK: } (%x, %n = n) -> (x, n) {
  %e = flat_map %w each x in (%n = n, %s = s) {
    %l = list [%n, %s] {expr.site = 6 : i32} : (i64, i64) -> !expr.list<i64>
    yield %l : !expr.list<i64>
  } (%y, %n = n) -> (x, n) {
    yield %y, %n : i64, i64
  }
  sink %e to null
  // CHECK: watermark (%day = day) {
  %later = source stdin as json { day: date } watermark (%d = day) {
    %t = cast %d {expr.site = 7 : i32} : !expr.date to !expr.timestamp
    yield %t : !expr.timestamp
  } ascending
  sink %later to null
}
