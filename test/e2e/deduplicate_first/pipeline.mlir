// Rule 35: `keep first` passes a key's first record; `within` those that come as much later than the one kept, or after it is gone.
// What is behind it inserts only: a window counts it.
stream.pipeline @deduplicate_first {
  %rows = source stdin as json { key: string, t: timestamp in s, v: i64 } watermark t bounded 5 s
  %keyed = key_by %rows on key
  %once = deduplicate %keyed keep first within 10 s
  %ever = deduplicate %keyed keep first
  %counts = window %once tumbling 20 s { n = count(), sum = sum(v) }
  sink %once to stdout as json
  sink %ever to file("out/ever.jsonl") as json
  sink %counts to file("out/counts.jsonl") as json
}
