// Rules 6, 7, 12, 19, 49: rows whose times the step itself watches: out of order, late, windows that fire within a batch, and the
// ends of time. The same rows as JSON lines, whose times the engine looks through, give the same.
stream.pipeline @binary_windows {
  %in = source file("rows.bin") as binary { k: i64, v: i64, time: timestamp } watermark time bounded 4 s on_bad drop
  %some = filter %in where v > -40
  %keyed = key_by %some on k
  %out = window %keyed tumbling 10 s { n = count(), total = sum(v), top = max(v) }
  sink %out to stdout as json
}
