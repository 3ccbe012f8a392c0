// count, exact sum and maximum for each key, in windows of an hour
stream.pipeline @update_pair32 {
  %bids = source memory("bids") as binary { a: i32, b: i32, price: i64, time: timestamp } watermark time bounded 4 s
  %keyed = key_by %bids on a, b
  %out = window %keyed tumbling 1 h { n = count(), total = sum(price), top = max(price) }
  sink %out to null
}
