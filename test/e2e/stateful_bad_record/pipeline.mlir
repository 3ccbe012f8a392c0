// Rules 7, 35 and 47: a bad record stops the pipeline at its place, with what came before it written and nothing of it, although the
// step is never run twice; what the records before it made due is deleted.
stream.pipeline @stateful_bad_record {
  %rows = source stdin as json { key: i64, t: timestamp in s, v: i64 } watermark t ascending
  %keyed = key_by %rows on key
  %totals = running %keyed ttl 5 s delete on expiry { n = count(), sum = sum(v) }
  %inverse = map %rows { key, quotient = 100 / v }
  sink %totals to stdout as json
  sink %inverse to file("out/inverse.jsonl") as json
}
