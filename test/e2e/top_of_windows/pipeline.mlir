// Rules 10, 12, 13, 27: the best records of sliding windows, of each key, whole; of equal ones the earliest; ties; and the best of what a
// window gave, in the same windows.
stream.pipeline @top_of_windows {
  %rows = source stdin as json { k: string, v: f64?, id: i64, t: timestamp in s } watermark t bounded 2 s
  %by_k = key_by %rows on k
  %best = top %by_k by v desc limit 2 sliding 10 s every 5 s
  %sums = window %by_k tumbling 10 s { n = count(), sum = sum(v) }
  %most = top %sums by n desc limit 1 with ties same
  %last = top %rows by t desc, id asc limit 2 global
  sink %best to stdout as json
  sink %most to file("out/most.jsonl") as json
  sink %last to file("out/last.csv") as csv
}
