// Windows that give rows where there are no records (rule 12): all aggregates but count may be null.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=TYPES

stream.pipeline @p {
  %in = source file("x") as json { k: string, n: i64, t: timestamp } watermark t bounded 1 min
  %keyed = key_by %in on k
  // CHECK: %minutes = window %keyed tumbling 1 min fill { n = count(), mean = avg(n) }
  // TYPES: fill
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, n: i64, mean: f64? timed>
  %minutes = window %keyed tumbling 1 min fill { n = count(), mean = avg(n) }
  // CHECK: %kept, %late = window %keyed tumbling 1 min lateness 1 h emit every 10 s fill { mean = avg(n) }
  // TYPES: pane: i64, timing: string, mean: f64? upsert by
  %kept, %late = window %keyed tumbling 1 min lateness 1 h emit every 10 s fill { mean = avg(n) }
  // CHECK: %months = window %in calendar month in "Europe/Berlin" fill { most = max(n) }
  %months = window %in calendar month in "Europe/Berlin" fill { most = max(n) }
  sink %minutes to null
  sink %months to null
}
