// the ten highest bids of each key and window
stream.pipeline @top {
  %bids = source memory("bids") as binary { auction: i64, bidder: f64, price: i64, time: timestamp } watermark time bounded 4 s
  %keyed = key_by %bids on auction
  %out = top %keyed by price desc limit 10 tumbling 10 s
  sink %out to null
}
