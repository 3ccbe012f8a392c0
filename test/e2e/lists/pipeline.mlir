// Rules 27, 44, 50: lists and records as values: read, collected by time, chosen, taken apart again, and written.
stream.pipeline @lists {
  %rows  = source stdin as json { k: string, tags: [string], scores: [f64?]?, t: timestamp in s } watermark t bounded 4 s
  %sizes = map %rows { k, n = size(tags), first = try(element(tags, 1)), scores }
  %by_k  = key_by %rows on k
  %made  = window %by_k tumbling 10 s { times = collect(t), best = top(2, size(tags)) { n = size(tags), t }, least = argmin(k, size(tags) with ties) }
  %each  = flat_map %made each b in best { k, n = b.n, t = b.t }
  sink %sizes to file("out/sizes.jsonl") as json
  sink %made to stdout as json
  sink %each to file("out/each.csv") as csv
}
