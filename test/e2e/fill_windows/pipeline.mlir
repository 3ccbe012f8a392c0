// Rule 12: windows without records give rows from a key's first window on, as far as W has come; at the end of input up to the last window
// that has a record of any key. Aggregates but `count` are null in them.
stream.pipeline @fill_windows {
  %rows = source stdin as json { k: string, v: i64, t: timestamp in s } watermark t bounded 2 s
  %by_k = key_by %rows on k
  %sums = window %by_k tumbling 5 s fill { n = count(), sum = sum(v), all = collect(v) }
  %over = over %sums all { k, window_start, n, total = sum(n) }
  sink %over to stdout as json
  sink %sums to file("out/sums.jsonl") as json
}
