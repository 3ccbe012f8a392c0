// Rules 4, 12 and 19: a window fires when the watermark passes its end; a record for it that comes after is late and counted.
stream.pipeline @late_records {
  %rows = source stdin as json { t: timestamp in s, v: i64 } watermark t bounded 5 s
  %sums = window %rows tumbling 10 s { n = count(), total = sum(v) }
  sink %sums to stdout as json
}
