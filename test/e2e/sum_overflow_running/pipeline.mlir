// Rule 23: a sum that does not fit is judged when it is emitted, and the message names operator and key; what came before is written.
stream.pipeline @sum_overflow_running {
  %rows = source stdin as json { user: string, code: i32?, v: i64 } on_bad drop
  %keyed = key_by %rows on user, code
  %totals = running %keyed { n = count(), total = sum(v) }
  sink %totals to stdout as json
}
