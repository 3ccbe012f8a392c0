// Rule 23: the message names operator, key and window.
stream.pipeline @sum_overflow_window {
  %rows = source stdin as json { user: string, v: i64, t: timestamp } watermark t ascending
  %keyed = key_by %rows on user
  %hourly = window %keyed tumbling 1 h { total = sum(v) }
  sink %hourly to stdout as json
}
