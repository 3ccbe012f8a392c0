// Lists and records as values of streams (rule 44), and the aggregates that give them (rule 27): read, printed, and their types.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=TYPES

stream.pipeline @p {
  %in = source file("in") as json { t: timestamp in s, k: i64, v: i32?, name: string?, tags: [string?]?, asc: i64 } watermark t bounded 1 s
  %by_k = key_by %in on k
  // CHECK: %w = window %by_k tumbling 1 h {
  // CHECK-DAG: all = collect(v),
  // CHECK-DAG: some = collect(name ignore nulls),
  // CHECK-DAG: few = collect(asc) where k > 3,
  // CHECK-DAG: opening = first(name ignore nulls),
  // CHECK-DAG: names = argmax(name, v with ties),
  // CHECK-DAG: best = top(3, v) { name, twice = asc + asc, "let" = k },
  // CHECK-DAG: least = top(10, asc with ties asc) { asc },
  // CHECK-DAG: values = top(2, t + 1 s)
  // TYPES: "stream.window"
  // TYPES: -> !stream.of<k: i64, window_start: timestamp, window_end: timestamp, all: [i32?], some: [string], few: [i64], opening: string?, names: [string?],
  // TYPES-SAME: best: [{name: string?, twice: i64, "let": i64}], least: [{asc: i64}], values: [timestamp], n: i64 timed>
  %w = window %by_k tumbling 1 h {
    all = collect(v), some = collect(name ignore nulls), few = collect(asc) where k > 3, opening = first(name ignore nulls),
    names = argmax(name, v with ties), best = top(3, v) { name, twice = asc + asc, "let" = k }, least = top(10, asc asc with ties) { asc },
    values = top(2, t + 1 s), n = count()
  }
  // CHECK: %each = flat_map %w each one in best {
  // CHECK-NEXT: k,
  // CHECK-NEXT: name = one.name,
  // CHECK-NEXT: upper = upper(one.name),
  // CHECK-NEXT: one
  // TYPES: -> !stream.of<k: i64, name: string?, upper: string?, one: {name: string?, twice: i64, "let": i64} timed>
  %each = flat_map %w each one in best { k, name = one.name, upper = upper(one.name), one }
  // CHECK: %twice = filter %each where one.twice > 2
  %twice = filter %each where one.twice > 2
  // CHECK: %m = map %in { tags, both = [k, asc], n = size(tags) }
  // TYPES: -> !stream.of<tags: [string?]?, both: [i64], n: i64? timed>
  %m = map %in { tags, both = [k, asc], n = size(tags) }
  // CHECK: %first = map %w { let top = element(best, 1), name = top.name, n }
  %first = map %w { let top = element(best, 1), name = top.name, n }
  sink %twice to stdout as json
  sink %m to file("m") as csv
  sink %first to file("f") as table
}
