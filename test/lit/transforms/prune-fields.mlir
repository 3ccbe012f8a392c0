// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-prune-fields))' --remarks-filter=stream-prune-fields --remark-policy=all 2>&1 | FileCheck %s

// Rule 47: only what a path uses can make a record bad, so what nobody uses need not be built.
// CHECK-DAG: Function=unread | Remark="removed: it feeds no sink"
// CHECK-DAG: Function=m | Remark="does not build `big`, `twice`: not used behind it"
// CHECK-DAG: Function=in | Remark="checks the syntax of `spare` and does not build it: nobody uses it"
// CHECK-LABEL: stream.pipeline @maps
// CHECK: %m = map %in { name, a }
// CHECK-NOT: %unread
// CHECK: window %k global
stream.pipeline @maps {
  %in = source stdin as json { name: string, a: i64, spare: string }
  %m = map %in { name, a, big = upper(name), twice = a * 2 }
  %unread = map %m { name, big }
  %f = filter %m where a > 0
  %k = key_by %f on name
  %w = window %k global { n = sum(a) }
  sink %w to stdout as json
}

// The inputs of a union keep one type: `b` stays in both, because the filter behind it asks for it.
// CHECK-LABEL: stream.pipeline @unions
// CHECK: %m = map %in { * }
// CHECK: %n = map %in { a = b, b = a }
// CHECK: %u = union %m, %n
stream.pipeline @unions {
  %in = source stdin as json { a: i64, b: i64 }
  %m = map %in { a, b, c = a }
  %n = map %in { a = b, b = a, c = b }
  %u = union %m, %n
  %f = filter %u where b > 0
  %w = window %f global { n = sum(a) }
  sink %w to stdout as json
}

// Nothing but counting: one field would do, none could not be written; the map stays as it is.
// CHECK-LABEL: stream.pipeline @counting
// CHECK: %m = map %in { a, b = 1 }
stream.pipeline @counting {
  %in = source stdin as json { a: i64 }
  %m = map %in { a, b = 1 }
  %w = window %m global { n = count() }
  sink %w to stdout as json
}

// CHECK-LABEL: stream.pipeline @flat_maps
// CHECK: flat_map %in each w in split(text, " ") { word = lower(w) }
stream.pipeline @flat_maps {
  %in = source stdin as json { text: string, a: i64 }
  %words = flat_map %in each w in split(text, " ") { word = lower(w), a, twice = a * 2 }
  %k = key_by %words on word
  %w = window %k global { n = count() }
  sink %w to stdout as json
}

// A deduplicate has its input's fields: what nobody uses behind it goes before it.
// CHECK-LABEL: stream.pipeline @deduplicates
// CHECK: %m = map %in { name, a }
// CHECK: %k = key_by %m on name
// CHECK: %once = deduplicate %k keep first
// CHECK: %last = deduplicate %k keep last
stream.pipeline @deduplicates {
  %in = source stdin as json { name: string, a: i64, b: i64 }
  %m = map %in { name, a, b = a * b, loud = upper(name) }
  %k = key_by %m on name
  %once = deduplicate %k keep first
  %last = deduplicate %k keep last
  %x = map %once { a }
  %y = map %last { name, twice = a * 2 }
  sink %x to stdout as json
  sink %y to stdout as json
}

// An aggregate so far that nobody uses goes, if what it takes is judged without it (rule 47): `b` and `a * 2` are not.
// CHECK-LABEL: stream.pipeline @aggregates
// CHECK: %totals = running %k (%a = a, %b = b) -> (n = count/0, s = sum/1, x = max/1, y = max/1) {
// CHECK: %some = filter %totals
// CHECK: %none = running %k { n = count() }
stream.pipeline @aggregates {
  %in = source stdin as json { name: string, a: i64, b: i64 }
  %k = key_by %in on name
  %totals = running %k { n = count(), s = sum(a), m = max(a) where a > 3, z = first(name), c = count(), x = max(b), y = max(a * 2) }
  %some = filter %totals where s > 5
  %slim = map %some { name, n }
  sink %slim to stdout as json
  %none = running %k { n = count(), z = last(name) }
  %names = map %none { name }
  sink %names to stdout as json
}

// What stays although nobody uses it keeps what it is made of: of `all` nothing is used, and of the map beside the source
// in a union all fields stay.
// CHECK-LABEL: stream.pipeline @stays
// CHECK: %m = map %in { * }
// CHECK: %all = map %m { low = b < c }
// CHECK: %n = map %other { a, b, d = c }
// CHECK: %o = map %n { a, b, c = d }
// CHECK: %u = union %in, %o
stream.pipeline @stays {
  %in = source stdin as json { a: i64, b: i64, c: i64 }
  %m = map %in { a, b, c, d = -a }
  %all = map %m { low = b < c }
  %w = window %all global { n = count() }
  %low = map %m { a }
  %other = source file("x") as json { a: i64, b: i64, c: i64 }
  %n = map %other { a, b, d = c, e = -a }
  %o = map %n { a, b, c = d }
  %u = union %in, %o
  %some = map %u { a }
  sink %w to stdout as json
  sink %low to stdout as json
  sink %some to stdout as json
}
