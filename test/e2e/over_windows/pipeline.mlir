// Rule 30: windows per record. A row for each, by (timestamp, arrival), when W has passed it; equal timestamps are all in the window; the
// record of 14 s comes after W = 17.999999 s and is late.
stream.pipeline @over_windows {
  %rows = source stdin as json { k: string, v: i64?, t: timestamp in s } watermark t bounded 4 s
  %by_k = key_by %rows on k
  %time = over %by_k last 5 s { k, t, v, n = count(), sum = sum(v), best = rank(v desc) }
  %last = over %by_k last 3 rows { t, names = collect(v), before = lag(v), place = row_number() }
  %all  = over %rows all { k, total = sum(v), least = min(v) where v > 1 }
  sink %time to stdout as json
  sink %last to file("out/last.jsonl") as json
  sink %all to file("out/all.csv") as csv
}
