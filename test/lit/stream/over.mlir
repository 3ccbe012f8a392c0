// Windows per record as they are written, and written out (rule 30).
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s

// CHECK-LABEL: stream.pipeline @over
stream.pipeline @over {
  %numbers = source sequence(count = 1000, rate = 10)
  %parities = map %numbers { parity = n mod 2, n }
  %keyed = key_by %parities on parity
  // CHECK: %last = over %keyed last 1 min { *, mean = avg(n), nth = row_number() }
  %last = over %keyed last 60 s { *, mean = avg(n), nth = row_number() }
  // CHECK: %ten = over %keyed last 10 rows {
  // CHECK-NEXT: n,
  // CHECK-NEXT: before = lag(n),
  // CHECK-NEXT: far{{ *}} = lag(n + 1, 9),
  // CHECK-NEXT: place{{ *}} = rank(n desc)
  %ten = over %keyed last 10 rows { n, before = lag(n), far = lag(n + 1, 9), place = rank(n desc) }
  // CHECK: %one = over %parities last 1 row { n = count() }
  %one = over %parities last 1 row { n = count() }
  // CHECK: %all = over %keyed all {
  // CHECK-NEXT: parity,
  // CHECK-NEXT: big{{ *}} = count() where n > 5,
  // CHECK-NEXT: total = sum(n)
  %all = over %keyed all { parity, big = count() where n > 5, total = sum(n) }
  sink %last to null
  sink %ten to null
  sink %one to null
  sink %all to null
}
