// Rules 12, 13, 19, 23: sliding windows whose slices are added to a running result and taken away again. One record is late,
// two are partly late: they count in the windows that are left.
stream.pipeline @sliding_sums {
  %rows = source stdin as json { k: string, v: i64?, t: timestamp in s } watermark t bounded 4 s
  %by_k = key_by %rows on k
  %sums = window %by_k sliding 12 s every 2 s { total = sum(v), big = sum(v) where v > 50, mean = avg(v) }
  sink %sums to stdout as json
}
