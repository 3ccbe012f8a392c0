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
