// count, exact sum and maximum for each key, in windows of an hour
stream.pipeline @update_int {
  %bids = source memory("bids") as binary { auction: i64, bidder: i64, price: i64, time: timestamp } watermark time bounded 4 s
  %keyed = key_by %bids on auction
  %out = window %keyed tumbling 1 h { n = count(), total = sum(price), top = max(price) }
  sink %out to null
}
