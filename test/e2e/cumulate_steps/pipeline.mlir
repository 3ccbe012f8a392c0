// Rule 14: each step of a cumulating window has all records from its start, the last one is cut at the size; steps without new
// records are emitted too.
stream.pipeline @cumulate_steps {
  %rows = source stdin as json { k: string, v: i64?, t: timestamp in s } watermark t bounded 4 s
  %by_k = key_by %rows on k
  %steps = window %by_k cumulate 20 s every 6 s { n = count(), total = sum(v), newest = last(v) }
  sink %steps to stdout as json
}
