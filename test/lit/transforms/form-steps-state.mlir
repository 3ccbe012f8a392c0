// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec-verify-formed)' | FileCheck %s

// Rule 34: all that stands behind a running is in the region of its update, which gives the row; the sink's type says by
// which fields rows replace each other. What nobody uses (`spare`) is not read.
// CHECK-LABEL: exec.program @upserts {{.*}} terminals ["totals", "slim_stdout", "totals_file"]
// CHECK: exec.sink @slim_stdout : !stream.of<k: i64, twice: i64 upsert by k timed>
// CHECK: exec.sink @totals_file : !stream.of<k: i64, n: i64, most: f64?, total: f64 upsert by k timed>
// CHECK: state.table @totals : !state.table<(k: i64) (<"n" = "count"(none) : i64>, <"most" = "max"(f64) : !expr.nullable<f64>>, <"total" = "sum"(f64) : f64>) layout ?> keep <running, ttl 1 h, delete> inputs [@in]{{$}}
// CHECK: exec.step @in fields [0, 1] {
// CHECK-NEXT: ^bb0(%k: i64, %v: f64, %event_time: !expr.timestamp):
// CHECK-NOT: exec.demand
// CHECK: state.update @totals terminal 0 keys(%k : i64) at %event_time : !expr.timestamp args(%v, %v : f64, f64) filters [false, true, false](%{{.*}} : i1) {
// CHECK-NEXT: ^bb0(%[[K:.*]]: i64, %n: i64, %most: !expr.nullable<f64>, %total: f64, %{{.*}}: !expr.timestamp):
// CHECK-NEXT: exec.branch {
// CHECK: expr.cmp gt %n,
// CHECK-NEXT: exec.keep %{{.*}} : i1 filter "big"
// CHECK: expr.cmp gt %most,
// CHECK-NEXT: exec.keep %{{.*}} : !expr.nullable<bool> filter "big"
// CHECK: %[[TWICE:.*]] = expr.mul %n,
// CHECK-NEXT: exec.emit @slim_stdout terminal 1(%[[K]], %[[TWICE]] : i64, i64)
// CHECK: exec.branch {
// CHECK-NEXT: exec.emit @totals_file terminal 2(%[[K]], %n, %most, %total : i64, i64, !expr.nullable<f64>, f64)
stream.pipeline @upserts {
  %in = source stdin as json { k: i64, v: f64, spare: string, t: timestamp in ms } watermark t bounded 10 s
  %keyed = key_by %in on k
  %totals = running %keyed ttl 1 h delete on expiry { n = count(), most = max(v) where v > 1, total = sum(v) }
  %big = filter %totals where n > 10 and most > 2
  %slim = map %big { k, twice = n * 2 }
  sink %slim to stdout as json
  sink %totals to file("x") as csv
}

// Operators with state nest. A deduplicate judges its keys and what is used behind it as written (`v`, though not all of
// its uses are left; not `spare`), for behind it an error would stop the pipeline (rule 47). W passes through it.
// CHECK-LABEL: exec.program @nested {{.*}} terminals ["once", "counts", "w", "counts_stdout", "w_null"]
// CHECK: state.table @once : !state.table<(k: i64) () layout ?> keep <first, ttl 10 min> inputs [@in]{{$}}
// CHECK: state.table @counts : {{.*}} keep <running> inputs [@in]{{$}}
// CHECK: state.table @w : {{.*}} window <tumbling 1 h> inputs [@in]{{$}}
// CHECK: exec.step @in fields [0, 1] {
// CHECK: exec.keep %{{.*}} : i1 filter "some"
// CHECK-NEXT: exec.demand %v : f64
// CHECK-NEXT: state.admit @once terminal 0 keys(%k : i64) at %event_time : !expr.timestamp {
// CHECK: %[[HALF:.*]] = expr.div %v,
// CHECK: exec.branch {
// CHECK-NEXT: state.update @counts terminal 1 keys(%[[HALF]] : f64) at %event_time : !expr.timestamp args() filters [false]() {
// CHECK-NEXT: ^bb0(%half: f64, %n: i64, %{{.*}}: !expr.timestamp):
// CHECK-NEXT: exec.emit @counts_stdout terminal 3(%half, %n : f64, i64)
// CHECK: exec.branch {
// CHECK-NEXT: state.fold @w terminal 2 keys(%[[HALF]] : f64) at %event_time
// CHECK: exec.fire @w
// CHECK-NOT: exec.fire
stream.pipeline @nested {
  %in = source stdin as json { k: i64, v: f64, spare: string, t: timestamp in ms } watermark t bounded 10 s
  %some = filter %in where v > 0
  %keyed = key_by %some on k
  %once = deduplicate %keyed keep first within 10 min
  %m = map %once { k, half = v / 2, loud = upper(spare) }
  %by = key_by %m on half
  %counts = running %by { n = count() }
  %w = window %by tumbling 1 h { n = count() }
  sink %counts to stdout as json
  sink %w to null
}

// The last record of a key: its row is the record itself, so the table holds its time alone. Rows of one firing come in
// the order of their keys (rule 10), which decides ties.
// CHECK-LABEL: exec.program @behind_window
// CHECK: exec.sink @few_stdout : !stream.of<{{.*}} upsert by n timed>
// CHECK: state.table @w : {{.*}} window <tumbling 1 h> inputs [@in] ordered
// CHECK: state.table @last : !state.table<(n: i64) () layout ?> keep <last, ttl 1 d> inputs [@w]{{$}}
// CHECK: exec.fire @w {
// CHECK-NEXT: ^bb0(%k: i64, %window_start: !expr.timestamp, %window_end: !expr.timestamp, %n: i64, %v: f64, %event_time: !expr.timestamp):
// CHECK-NEXT: exec.demand %k, %window_start, %window_end, %v :
// CHECK-NEXT: state.update @last terminal 1 keys(%n : i64) at %event_time : !expr.timestamp args() filters []() {
// CHECK-NEXT: ^bb0(%[[N:.*]]: i64, %{{.*}}: !expr.timestamp):
// CHECK: expr.cmp lt %n,
// CHECK-NEXT: exec.keep
// CHECK-NEXT: exec.emit @few_stdout terminal 2(%k, %window_start, %window_end, %[[N]], %v :
stream.pipeline @behind_window {
  %in = source stdin as json { k: i64, v: f64, t: timestamp in ms } watermark t bounded 10 s
  %keyed = key_by %in on k
  %w = window %keyed tumbling 1 h { n = count(), v = max(v) }
  %by = key_by %w on n
  %last = deduplicate %by keep last within 1 d
  %few = filter %last where n < 5
  sink %few to stdout as json
}

// Rule 10 through state: a record's row comes as the union's operand, before the one of the filter written earlier.
// Without event time there is none.
// CHECK-LABEL: exec.program @operand_order
// CHECK: exec.step @in
// CHECK-NEXT: ^bb0(%k: i64, %v: i64):
// CHECK-NEXT: exec.branch {
// CHECK-NEXT: exec.demand %v : i64
// CHECK-NEXT: state.admit @once terminal 0 keys(%k : i64) {
// CHECK-NEXT: exec.emit @u_stdout terminal 1
// CHECK: exec.branch {
// CHECK: exec.keep %{{.*}} : i1 filter "y"
stream.pipeline @operand_order {
  %in = source stdin as json { k: i64, v: i64 }
  %y = filter %in where v > 1
  %keyed = key_by %in on k
  %once = deduplicate %keyed keep first
  %u = union %once, %y
  sink %u to stdout as json
}

// An operator with state takes a record once, also where ways are followed one by one; those behind it part there.
// CHECK-LABEL: exec.program @parts_behind
// CHECK: exec.step @in
// CHECK-COUNT-1: state.admit @once
// CHECK: exec.branch {
// CHECK: exec.keep %{{.*}} : i1 filter "high"
// CHECK-NEXT: exec.emit @u_stdout
// CHECK: exec.branch {
// CHECK: exec.keep %{{.*}} : i1 filter "low"
// CHECK-NEXT: exec.emit @u_stdout
// CHECK: exec.branch {
// CHECK: exec.keep %{{.*}} : i1 filter "p"
// CHECK: exec.branch {
// CHECK: exec.keep %{{.*}} : i1 filter "q"
// CHECK-NOT: state.admit
stream.pipeline @parts_behind {
  %in = source stdin as json { k: i64, v: i64 }
  %keyed = key_by %in on k
  %once = deduplicate %keyed keep first
  %low = filter %once where v < 1
  %high = filter %once where v > 1
  %p = filter %in where v > 10
  %q = filter %in where v > 20
  %u = union %high, %low, %p, %q
  sink %u to stdout as json
}

// Two copies of a record reach it: it takes each.
// CHECK-LABEL: exec.program @twice
// CHECK: exec.branch
// CHECK: state.update @totals terminal 0 keys(%k
// CHECK: exec.branch
// CHECK: state.update @totals terminal 0 keys(%v
stream.pipeline @twice {
  %in = source stdin as json { k: i64, v: i64 }
  %turned = map %in { k = v, v = k }
  %u = union %in, %turned
  %keyed = key_by %u on k
  %totals = running %keyed { n = count() }
  sink %totals to stdout as json
}
