// count, exact sum and maximum for each key, in windows of an hour
stream.pipeline @update_text {
  %bids = source memory("bids") as binary { name: string, price: i64, time: timestamp } watermark time bounded 4 s
  %keyed = key_by %bids on name
  %out = window %keyed tumbling 1 h { n = count(), total = sum(price), top = max(price) }
  sink %out to null
}
