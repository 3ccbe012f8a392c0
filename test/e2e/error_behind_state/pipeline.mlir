// Rule 47: behind state an error stops the pipeline, whatever the source's policy.
stream.pipeline @error_behind_state {
  %rows = source stdin as json { key: i64, v: i64 } on_bad drop
  %keyed = key_by %rows on key
  %totals = running %keyed { n = count(), sum = sum(v) }
  %inverse = map %totals { key, quotient = 100 / sum }
  sink %inverse to stdout as json
}
