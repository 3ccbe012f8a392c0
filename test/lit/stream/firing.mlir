// Windows that fire more than once, and late records: read, printed, and the types of their results (rules 19 to 22).
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=TYPES

stream.pipeline @p {
  %in = source file("x") as json { k: string, n: i64, t: timestamp } watermark t bounded 1 min
  %keyed = key_by %in on k
  %untimed = source stdin as json { n: i64 }

  // Rows that replace others are upsert by key and window, and have a number and a reason.
  // CHECK: %a = window %keyed tumbling 1 h lateness 10 min { n = count() }
  // TYPES: firing = #stream.firing<lateness 10 min>
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, pane: i64, timing: string, n: i64 upsert by k, window_start, window_end timed>
  %a = window %keyed tumbling 1 h lateness 10 min accumulating { n = count() }
  // In any order, also on lines of their own; printed in one.
  // CHECK: %b = window %keyed sliding 1 h every 1 min lateness 1 d emit every 30 s in processing_time refire every 5 min discarding { n = count() }
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, pane: i64, timing: string, n: i64 timed>
  %b = window %keyed sliding 1 h every 1 min
    discarding emit every 30 s in processing_time
    refire every 5 min lateness 24 h { n = count() }
  // CHECK: %c = window %in calendar day in "Europe/Berlin" emit every 1 h { n = count() }
  // TYPES: -> !stream.of<window_start: timestamp, window_end: timestamp, pane: i64, timing: string, n: i64 upsert by window_start, window_end timed>
  %c = window %in calendar day in "Europe/Berlin" emit every 60 min in event_time { n = count() }
  // One row: as of a window that fires once.
  // CHECK: %d = window %keyed tumbling 1 h lateness 10 min final { n = count() }
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, n: i64 timed>
  %d = window %keyed tumbling 1 h final lateness 10 min { n = count() }
  // CHECK: %e = window %untimed tumbling 1 h in processing_time emit every 1 records { most = max(n) }
  // TYPES: -> !stream.of<window_start: timestamp, window_end: timestamp, pane: i64, timing: string, most: i64 upsert by window_start, window_end timed>
  %e = window %untimed tumbling 1 h in processing_time emit every 1 record { most = max(n) }
  // CHECK: %f = window %keyed global emit every 100 records { n = count() }
  // TYPES: -> !stream.of<k: string, pane: i64, timing: string, n: i64 upsert by k timed>
  %f = window %keyed global emit every 100 records { n = count() }
  // CHECK: %g = window %untimed global emit every 1 min in processing_time discarding { n = count() }
  // TYPES: -> !stream.of<pane: i64, timing: string, n: i64>
  %g = window %untimed global emit every 1 min in processing_time discarding { n = count() }

  // Discarding, the row at the end may be of no records if there are rows before.
  // CHECK: %j = window %keyed tumbling 1 h emit every 1 min discarding { most = max(n) }
  // TYPES: timing: string, most: i64? timed>
  %j = window %keyed tumbling 1 h emit every 1 min discarding { most = max(n) }
  // CHECK: %l = window %keyed tumbling 1 h lateness 1 min discarding { most = max(n) }
  // TYPES: timing: string, most: i64 timed>
  %l = window %keyed tumbling 1 h lateness 1 min discarding { most = max(n) }
  // Late records have no time and no key, whatever the window is.
  // CHECK: %h, %late = window %keyed tumbling 1 h { n = count() }
  // TYPES: -> (!stream.of<k: string, window_start: timestamp, window_end: timestamp, n: i64 timed>, !stream.of<k: string, n: i64, t: timestamp, reason: string>)
  %h, %late = window %keyed tumbling 1 h { n = count() }
  // CHECK: %i, %too_late = window %keyed session gap 30 min { n = count() }
  %i, %too_late = window %keyed session gap 30 min { n = count() }
  sink %a to stdout as json
}
