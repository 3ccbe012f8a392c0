// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows))' | FileCheck %s

// Suffixes of slices would each hold a copy of the values; of different ones a running result has the last slice; a few best are small.
stream.pipeline @p {
  %in = source stdin as json { v: f64, t: timestamp } watermark t ascending
  // CHECK: %values = {{.*}} {stream.algorithm = #stream.algorithm<recompute>, stream.algorithm_reason = "60 slices a window, combined for each result: `m` = median keeps its values
  %values = window %in sliding 60 s every 1 s { m = median(v) }
  // CHECK: %different = {{.*}} {stream.algorithm = #stream.algorithm<subtract>, stream.algorithm_reason = "60 slices a window: a running result, to which slices are added when they close and from which they are taken when they expire; `n` has with each value the last slice that had it; not recompute
  %different = window %in sliding 60 s every 1 s { n = count(distinct v) }
  // CHECK: %best = {{.*}} {stream.algorithm = #stream.algorithm<two_stacks>
  %best = window %in sliding 60 s every 1 s { b = top(3, v) }
  sink %values to null
  sink %different to null
  sink %best to null
}
