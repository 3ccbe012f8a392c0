// Windows of all kinds: read, printed, and the types of their results.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=TYPES

stream.pipeline @p {
  %in = source file("x") as json { k: string, n: i64, t: timestamp } watermark t bounded 1 min
  %keyed = key_by %in on k
  %plain = map %in { n }
  %untimed = source stdin as json { n: i64 }

  // What lies in time has a start and an end, and a time of its own; in processing time it says how it fired.
  // CHECK: %sliding = window %keyed sliding 1 min every 1 s offset -500 ms { n = count() }
  // TYPES: window = #stream.window<sliding 1 min every 1 s offset -500 ms>
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, n: i64 timed>
  %sliding = window %keyed sliding 60 s every 1000 ms offset -500 ms { n = count() }
  // CHECK: %gaps = window %untimed sliding 1 min every 1 min 30 s in processing_time { n = count() }
  // TYPES: window = #stream.window<sliding 1 min every 1 min 30 s in processing_time>
  // TYPES: -> !stream.of<window_start: timestamp, window_end: timestamp, timing: string, n: i64 timed>
  %gaps = window %untimed sliding 1 min every 90 s in processing_time { n = count() }
  // CHECK: %steps = window %keyed cumulate 1 d every 1 h offset 5 min { most = max(n) }
  // TYPES: window = #stream.window<cumulate 1 d every 1 h offset 5 min>
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, most: i64 timed>
  %steps = window %keyed cumulate 1 d every 1 h offset 5 min { most = max(n) }
  // CHECK: %late_steps = window %keyed cumulate 1 d every 1 h in processing_time { n = count() }
  %late_steps = window %keyed cumulate 1 d every 1 h in processing_time { n = count() }
  // CHECK: %sessions = window %keyed session gap 30 min { n = count() }
  // TYPES: window = #stream.window<session gap 30 min>
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, n: i64 timed>
  %sessions = window %keyed session gap 30 min { n = count() }
  // CHECK: %short = window %in session gap 30 min longest 4 h { n = count() }
  %short = window %in session gap 30 min longest 4 h { n = count() }
  // CHECK: %days = window %keyed calendar day { n = count() }
  // TYPES: window = #stream.window<calendar day>
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, n: i64 timed>
  %days = window %keyed calendar day { n = count() }
  // CHECK: %local = window %keyed calendar week in "Europe/Berlin" in processing_time { n = count() }
  %local = window %keyed calendar week in "Europe/Berlin" in processing_time { n = count() }
  // CHECK: %clocked = window %keyed calendar day in processing_time { n = count() }
  %clocked = window %keyed calendar day in processing_time { n = count() }
  // CHECK: %months = window %keyed calendar month in "Europe/Berlin" { n = count() }
  // TYPES: window = #stream.window<calendar month in "Europe/Berlin">
  %months = window %keyed calendar month in "Europe/Berlin" { n = count() }

  // Count windows have none of these: a result has the time of the record that completes it, if there is one. They are
  // never empty, so what is not nullable stays so.
  // CHECK: %tens = window %keyed count 10 { n = count(), most = max(n) }
  // TYPES: window = #stream.window<count 10>
  // TYPES: -> !stream.of<k: string, n: i64, most: i64 timed>
  %tens = window %keyed count 10 every 10 { n = count(), most = max(n) }
  // CHECK: %each = window %untimed count 10 every 1 { most = max(n) }
  // TYPES: window = #stream.window<count 10 every 1>
  // TYPES: -> !stream.of<most: i64>
  %each = window %untimed count 10 every 1 { most = max(n) }

  // What can be as long as a window is written as that; the default is not printed.
  // CHECK: %whole = window %in sliding 1 h every 1 h { n = count() }
  %whole = window %in sliding 1 h every 1 h in event_time { n = count() }
  // CHECK: %step = window %in cumulate 1 h every 1 h { n = count() }
  %step = window %in cumulate 1 h every 1 h { n = count() }
  // CHECK: %longest = window %in session gap 1 h longest 1 h { n = count() }
  %longest = window %in session gap 1 h longest 1 h { n = count() }

  // A gap that each record gives is the last value of the region; where something of it has a name among the aggregates, that
  // is written out.
  // CHECK: %paused = window %keyed session gap (1 min * n) { n = count() }
  // TYPES: window = #stream.window<session gap (...)>
  // TYPES: "expr.yield"(%{{.*}}) : (!expr.duration) -> ()
  %paused = window %keyed session gap (1 min * n) { n = count() }
  // CHECK: %by_clock = window %keyed session gap (1 min * n) longest 1 h in processing_time { n = count() }
  %by_clock = window %keyed session gap (1 min * n) longest 1 h in processing_time { n = count() }
  // CHECK: %most = window %in session gap (1 s * n) longest 1 h { n = sum(n) }
  // TYPES: window = #stream.window<session gap (...) longest 1 h>
  %most = window %in session gap (1 s * n) longest 1 h { n = sum(n) }
  // CHECK: %shared = window %in session gap (...) (%{{.*}} = n) -> (n = max/1) {
  // CHECK: yield
  %shared = window %in session gap (...) (%m = n) -> (n = max/1) {
    %second = expr.constant(#expr.duration<1 s>) : !expr.duration
    %gap = expr.mul %second, %m : (!expr.duration, i64) -> !expr.duration
    expr.yield %gap, %gap : !expr.duration, !expr.duration
  }
  sink %sliding to stdout as json
}
