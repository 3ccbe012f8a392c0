// Rules 16, 23, 28: a key's every third record completes a result with that record's time; what is incomplete at the end gives
// none. What stands behind is insert-only: a filter rejects, and a window in time takes the results.
stream.pipeline @count_windows {
  %rows = source stdin as json { k: string, v: i64?, t: timestamp in s } watermark t bounded 4 s
  %by_k = key_by %rows on k
  %threes = window %by_k count 3 { total = sum(v), big = count() where v > 50, newest = last(v), name = max(k) }
  %some = filter %threes where total > 60
  %per_minute = window %threes tumbling 1 min { results = count(), most = max(total) }
  %fives = window %rows count 5 { n = count(), mean = avg(v) }
  sink %threes to stdout as json
  sink %some to file("out/some") as json
  sink %per_minute to file("out/minutes") as json
  sink %fives to file("out/fives") as json
}
