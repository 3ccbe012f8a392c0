// Rule 35: a key is gone when W >= its last write + ttl, W being the one before the record moves it; `delete on expiry` tells of it
// in each sink that the row is in. At the end of input nothing expires.
stream.pipeline @running_ttl {
  %rows = source stdin as json { key: i64, t: timestamp in s, v: i64 } watermark t bounded 2 s
  %keyed = key_by %rows on key
  %totals = running %keyed ttl 10 s delete on expiry { n = count(), sum = sum(v) }
  %odd = filter %totals where sum mod 2 = 1
  sink %totals to stdout as json
  sink %odd to file("out/odd.jsonl") as json
}
