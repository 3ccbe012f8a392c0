// Which algorithm a window gets, why, and that it reaches the table.
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows))' --remarks-filter=stream-specialize-windows --remark-policy=all 2>&1 | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=recompute}))' --remarks-filter=stream-specialize-windows --remark-policy=all 2>&1 | FileCheck %s --check-prefix=FORCED
// RUN: millrace-opt %s --millrace-transform | FileCheck %s --check-prefix=TABLE
// RUN: millrace-opt %s --millrace-transform="window-algorithm=recompute" | FileCheck %s --check-prefix=TABLES

// CHECK-DAG: Function=few | Remark="recompute: 4 slices a window, combined for each result"
// CHECK-DAG: Function=apart | Remark="recompute: 1 slice a window, combined for each result"
// CHECK-DAG: Function=pairs | Remark="not recompute: each result would be combined of 5 slices, more than 4"
// CHECK-DAG: Function=pairs | Remark="subtract: 5 slices a window: a running result, to which slices are added when they close and from which they are taken when they expire"
// CHECK-DAG: Function=exact | Remark="subtract: 60 slices a window:
// CHECK-DAG: Function=floats | Remark="not subtract: what `total` = sum has taken in cannot be taken away exactly"
// CHECK-DAG: Function=floats | Remark="two-stacks: 60 slices a window: suffixes of the older ones and a running result of the younger ones, so each slice is combined twice"
// CHECK-DAG: Function=most | Remark="not subtract: what `hi` = max has taken in cannot be taken away exactly"
// CHECK-DAG: Function=steps | Remark="prefix: a running result, to which each step adds its slice"
// CHECK-DAG: Function=plain | Remark="in-place: a record belongs to one window, and goes into what its key has there"
// CHECK-DAG: Function=all | Remark="in-place: a record belongs to one window
// CHECK: %most = {{.*}} {stream.algorithm = #stream.algorithm<two_stacks>, stream.algorithm_reason = "60 slices a window: suffixes {{.*}}; not recompute: each result would be combined of 60 slices, more than 4; not subtract: what `hi` = max has taken in cannot be taken away exactly"}

// FORCED-DAG: Function=exact | Remark="recompute: forced; 60 slices a window, combined for each result"
// FORCED-DAG: Function=plain | Remark="not recompute, which is forced: such a window has one way only"
// FORCED-DAG: Function=all | Remark="not recompute, which is forced: such a window has one way only"
// FORCED-DAG: Function=steps | Remark="recompute: forced; 24 slices a window, combined for each result"

// TABLE: state.table @few {{.*}} window <sliding 1 min every 15 s> algorithm <recompute> inputs [@in] {state.algorithm_reason = "4 slices a window, combined for each result"
// TABLE: state.table @exact {{.*}} window <sliding 1 min every 1 s> algorithm <subtract> inputs
// TABLE: state.table @most {{.*}} algorithm <two_stacks> inputs
// TABLE: state.table @steps {{.*}} algorithm <prefix> inputs
// TABLE: state.table @plain {{.*}} window <tumbling 1 h> inputs
// TABLES: state.table @exact {{.*}} algorithm <recompute> inputs
// TABLES: state.table @steps {{.*}} algorithm <recompute> inputs
stream.pipeline @p {
  %in = source file("in") as json { k: i64, v: i64, f: f64, at: timestamp in ms } watermark at bounded 1 s
  %by_k = key_by %in on k
  %few = window %by_k sliding 60 s every 15 s { n = count(), hi = max(v) }
  %apart = window %by_k sliding 60 s every 90 s { hi = max(v) }
  %pairs = window %by_k sliding 50 s every 20 s { a = avg(v) }
  %exact = window %by_k sliding 60 s every 1 s { n = count(), total = sum(v) where v > 3, a = avg(v) }
  %floats = window %by_k sliding 60 s every 1 s { n = count(), total = sum(f) }
  %most = window %by_k sliding 60 s every 1 s { hi = max(v) }
  %steps = window %by_k cumulate 1 d every 1 h { n = count(), hi = max(v) }
  %plain = window %by_k tumbling 1 h { hi = max(v) }
  %all = window %by_k global { hi = max(v) }
  sink %few to stdout as json
  sink %apart to stdout as json
  sink %pairs to stdout as json
  sink %exact to stdout as json
  sink %floats to stdout as json
  sink %most to stdout as json
  sink %steps to stdout as json
  sink %plain to stdout as json
  sink %all to stdout as json
}
