// Rules 12, 13, 19, 24, 26, 27: sliding windows whose slices are kept as suffixes and a running result, in the order of time.
stream.pipeline @sliding_extremes {
  %rows = source stdin as json { k: string, v: i64?, t: timestamp in s } watermark t bounded 4 s
  %by_k = key_by %rows on k
  %most = window %by_k sliding 12 s every 2 s { n = count(), lo = min(v), hi = max(v), newest = last(v), oldest = first(k) }
  sink %most to stdout as json
}
