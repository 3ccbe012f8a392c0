// Each window tells how it is computed and why, and what has one way only says so where another is forced.
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows))' --remarks-filter=stream-specialize-windows --remark-policy=all 2>&1 | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=recompute}))' --remarks-filter=stream-specialize-windows --remark-policy=all 2>&1 | FileCheck %s --check-prefix=FORCED
// RUN: millrace-opt %s --millrace-transform | FileCheck %s --check-prefix=TABLE
// RUN: millrace-opt %s --millrace-transform=window-algorithm=recompute | FileCheck %s --check-prefix=TABLES

// CHECK-DAG: Function=months | Remark="in-place: a record belongs to one window
// CHECK-DAG: Function=hundred | Remark="in-place: a result is of the key's records since its last one"
// CHECK-DAG: Function=few | Remark="recompute: 4 parts a window, combined for each result"
// CHECK-DAG: Function=sums | Remark="not recompute: each result would be combined of 100 parts, more than 4"
// CHECK-DAG: Function=sums | Remark="subtract: 100 parts a window: a running result, to which a part is added when it is full and from which it is taken when it leaves"
// CHECK-DAG: Function=most | Remark="recompute: 100 parts a window, combined for each result: `m` = max cannot give back exactly what it has taken in"
// CHECK-DAG: Function=best | Remark="in-place: a record belongs to one window
// CHECK-DAG: Function=visits | Remark="sessions: each key's own
// CHECK-DAG: Function=again | Remark="panes: a table for each window

// FORCED-DAG: Function=months | Remark="not recompute, which is forced: such a window has one way only"
// FORCED-DAG: Function=hundred | Remark="not recompute, which is forced: such a window has one way only"
// FORCED-DAG: Function=sums | Remark="recompute: forced; 100 parts a window, combined for each result"
// FORCED-DAG: Function=best | Remark="not recompute, which is forced
// FORCED-DAG: Function=visits | Remark="not recompute, which is forced
// FORCED-DAG: Function=again | Remark="not recompute, which is forced

// TABLE: state.table @sums {{.*}} algorithm <subtract> keep <count 1000 every 10> inputs [@in] {state.algorithm_reason = "100 parts a window
// TABLE: state.table @most {{.*}} algorithm <recompute> keep <count 1000 every 10>
// TABLES: state.table @sums {{.*}} algorithm <recompute> keep <count 1000 every 10>
stream.pipeline @p {
  %in = source file("in") as json { k: i64, v: i64, at: timestamp in ms } watermark at bounded 1 s
  %by_k = key_by %in on k
  %months = window %by_k calendar month { hi = max(v) }
  %hundred = window %by_k count 100 { hi = max(v) }
  %few = window %by_k count 40 every 10 { n = sum(v) }
  %sums = window %by_k count 1000 every 10 { n = sum(v), a = avg(v) where v > 3 }
  %most = window %by_k count 1000 every 10 { n = sum(v), m = max(v) }
  %best = top %by_k by v desc limit 3 tumbling 1 min
  %visits = window %by_k session gap 1 min { n = count() }
  %again = window %by_k tumbling 1 min lateness 1 min accumulating { n = count() }
  sink %months to null
  sink %hundred to null
  sink %few to null
  sink %sums to null
  sink %most to null
  sink %best to null
  sink %visits to null
  sink %again to null
}
