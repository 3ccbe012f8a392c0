// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-push-filters))' --remarks-filter=stream-push-filters --remark-policy=all 2>&1 | FileCheck %s

// CHECK-DAG: Function=above_map | Remark="moved above `m`"
// CHECK-LABEL: stream.pipeline @map
// CHECK: %above_map = filter %in where cents / 100 > 10
// CHECK: %m = map %above_map { name, euros = cents / 100 }
// CHECK: sink %m
stream.pipeline @map {
  %in = source stdin as json { name: string, cents: i64 }
  %m = map %in { name, euros = cents / 100 }
  %above_map = filter %m where euros > 10
  sink %above_map to stdout as json
}

// CHECK-LABEL: stream.pipeline @key_by
// CHECK: %f = filter %in where n > 0
// CHECK: %k = key_by %f on name
// CHECK: window %k
stream.pipeline @key_by {
  %in = source stdin as json { name: string, n: i64 }
  %k = key_by %in on name
  %f = filter %k where n > 0
  %w = window %f global { s = sum(n) }
  sink %w to stdout as json
}

// One copy into each input of a union, and further up from there; each keeps the name.
// CHECK-LABEL: stream.pipeline @union
// CHECK: %[[A:.*]] = filter %in where a * 2 > 3 {stream.name = "f"}
// CHECK: %m = map %[[A]] { a = a * 2 }
// CHECK: %[[B:.*]] = filter %other where a > 3 {stream.name = "f"}
// CHECK: %u = union %m, %[[B]]
// CHECK: sink %u
stream.pipeline @union {
  %in = source stdin as json { a: i64 }
  %other = source file("x") as json { a: i64 }
  %m = map %in { a = a * 2 }
  %u = union %m, %other
  %f = filter %u where a > 3
  sink %f to stdout as json
}

// A window's result is another record, and the map's field is read by others too.
// CHECK-LABEL: stream.pipeline @stops
// CHECK: %m = map
// CHECK: %f = filter %m
// CHECK: %w = window %f
// CHECK: %g = filter %w
// CHECK: %words = flat_map
// CHECK: %h = filter %words
stream.pipeline @stops {
  %in = source stdin as json { a: i64, text: string }
  %m = map %in { a, text }
  %f = filter %m where a > 0
  sink %m to stdout as json
  %w = window %f global { n = count() }
  %g = filter %w where n > 1
  sink %g to stdout as json
  %words = flat_map %in each w in split(text, " ") { a, w }
  %h = filter %words where a > 5
  sink %h to stdout as json
}

// CHECK-LABEL: stream.pipeline @long
// CHECK: %m = map %in
// CHECK: %f = filter %m where b > 0
stream.pipeline @long {
  %in = source stdin as json { a: i64 }
  %m = map %in { b = a * a + a * a + a * a + a * a + a * a + a * a }
  %f = filter %m where b > 0
  sink %f to stdout as json
}

// What was counted stays counted: no filter goes above state, and of an upsert stream it makes deletes (rule 34). Behind
// it filters move as elsewhere.
// CHECK-LABEL: stream.pipeline @state
// CHECK: %totals = running
// CHECK-NEXT: %big = filter %totals where n * 2 > 10
// CHECK-NEXT: map %big
// CHECK: %once = deduplicate %keyed keep first
// CHECK-NEXT: filter %once
// CHECK: %last = deduplicate %keyed keep last
// CHECK-NEXT: filter %last
stream.pipeline @state {
  %in = source stdin as json { k: i64, v: i64 }
  %keyed = key_by %in on k
  %totals = running %keyed { n = count() }
  %m = map %totals { k, twice = n * 2 }
  %big = filter %m where twice > 10
  sink %big to null
  %once = deduplicate %keyed keep first
  %low = filter %once where v < 5
  sink %low to null
  %last = deduplicate %keyed keep last
  %high = filter %last where k > 5
  sink %high to null
}
