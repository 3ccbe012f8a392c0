// Rule 35: `keep last` gives an upsert for each record that is not older than the newest of its key.
stream.pipeline @deduplicate_last {
  %rows = source stdin as json { key: i64, t: timestamp in s, text: string? } watermark t bounded 5 s
  %keyed = key_by %rows on key
  %newest = deduplicate %keyed keep last within 10 s
  %there = filter %newest where text is not null
  sink %newest to stdout as json
  sink %there to file("out/there.csv") as csv
}
