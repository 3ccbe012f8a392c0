// Rule 34: aggregates without a window give an upsert for each record; a row that leaves a filter becomes a delete, one that
// was not in and is rejected gives nothing.
stream.pipeline @running_upserts {
  %rows = source stdin as json { key: string, v: i64? }
  %keyed = key_by %rows on key
  %totals = running %keyed { n = count(), sum = sum(v), least = min(key), some = count() where v > 0 }
  %small = filter %totals where sum < 10
  %named = map %small { key, twice = sum * 2, n }
  sink %totals to stdout as json
  sink %named to file("out/small.csv") as csv
}
