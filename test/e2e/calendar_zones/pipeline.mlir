// Rule 17: calendar windows from a local midnight to the next, in zones whose clocks change (Berlin 2024-03-31, Lord Howe by half
// an hour 2024-04-06), and in UTC; one feeds another by the time of its rows (rule 12).
stream.pipeline @calendar_zones {
  %rows = source stdin as json { k: string, v: i64, t: timestamp } watermark t bounded 12 h
  %by_key = key_by %rows on k
  %days = window %by_key calendar day in "Europe/Berlin" { n = count(), hi = max(v) }
  %weeks = window %rows calendar week in "Australia/Lord_Howe" { n = count(), total = sum(v) }
  %quarters = window %days calendar quarter { days = count(), records = sum(n) }
  sink %days to file("out/days") as json
  sink %weeks to file("out/weeks") as json
  sink %quarters to file("out/quarters") as json
}
