// Rule 16: results of a count that share records: with each fourth record of a key over its last ten, or as many as there are;
// with each record over the last three. In the order of arrival and time (rules 24, 27).
stream.pipeline @count_every {
  %rows = source stdin as json { k: string, v: i64?, f: f64, t: timestamp in s } watermark t bounded 4 s
  %by_k = key_by %rows on k
  %tens = window %by_k count 10 every 4 { n = count(), total = sum(v), big = count() where v > 50, newest = last(v), lo = min(v), real = sum(f) }
  %threes = window %rows count 3 every 1 { mean = avg(v), first = first(v), hi = max(v) where v > 50 }
  sink %tens to stdout as json
  sink %threes to file("out/threes") as json
}
