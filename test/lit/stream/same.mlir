// Windows over the results of windows, and the best records of a window: read, printed, and the types of their results.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=TYPES

stream.pipeline @p {
  %in = source file("x") as json { k: string, n: i64?, t: timestamp } watermark t bounded 1 min
  %keyed = key_by %in on k
  %counts = window %keyed sliding 1 min every 7 s { n = count() }

  // CHECK: %all = window %counts same { n = sum(n) }
  // TYPES: window = #stream.window<same>
  // TYPES: -> !stream.of<window_start: timestamp, window_end: timestamp, n: i64 timed>
  %all = window %counts same { n = sum(n) }

  // What hands event times on hands windows on, too; windows of windows of windows are those of the first.
  // CHECK: %again = window %by_few same { n = sum(n) }
  // TYPES: -> !stream.of<few: bool, window_start: timestamp, window_end: timestamp, n: i64 timed>
  %some = filter %counts where n > 1
  %few = map %some { few = n < 10, n }
  %by_few = key_by %few on few
  %again = window %by_few same { n = sum(n) }
  // CHECK: %third = window %again same { groups = count() }
  %third = window %again same { groups = count() }

  // Results of windows in processing time have a time, so theirs are windows in event time, without `timing`.
  // TYPES: -> !stream.of<window_start: timestamp, window_end: timestamp, keys: i64 timed>
  %clock = window %keyed tumbling 1 min in processing_time { n = count() }
  %by_clock = window %clock same { keys = count() }

  // Whole records: the input's fields, not keyed.
  // CHECK: %hot = top %counts by n desc limit 1 with ties same
  // TYPES: descending = array<i1: true>, fields = ["n"], labels = ["hot"], limit = 1 : i64, ties, window = #stream.window<same>
  // TYPES: -> !stream.of<k: string, window_start: timestamp, window_end: timestamp, n: i64 timed>
  %hot = top %counts by n desc limit 1 with ties same
  // CHECK: %best = top %keyed by n mod 7 desc, length(k) asc limit 10 tumbling 1 h offset 5 min
  // TYPES: descending = array<i1: true, false>
  // TYPES: -> !stream.of<k: string, n: i64?, t: timestamp timed>
  %best = top %keyed by n mod 7 desc, length(k) asc limit 10 tumbling 1 h offset 5 min
  // CHECK: %over_best = window %best same { n = count() }
  %over_best = window %best same { n = count() }
  // CHECK: %ever = top %in by t desc limit 3 global
  %ever = top %in by t desc limit 3 global
  // Written out; what has an infix form is printed in it, a value that is used twice has none.
  // CHECK: %out = top %in by t desc, k asc limit 2 global
  %out = top %in by (%x = t, %y = k) -> (desc, asc) {
    yield %x, %y : !expr.timestamp, !expr.string
  } limit 2 global
  // CHECK: %twice = top %in by (%k = k) -> (desc, asc) {
  %twice = top %in by (%k = k) -> (desc, asc) {
    %n = call "length"(%k) {expr.site = 0 : i32} : (!expr.string) -> i64
    yield %n, %n : i64, i64
  } limit 2 with ties global
}
