// the exact sum for each key, in sessions
stream.pipeline @sessions {
  %bids = source memory("bids") as binary { auction: i64, bidder: f64, price: i64, time: timestamp } watermark time bounded 4 s
  %keyed = key_by %bids on auction
  %out = window %keyed session gap 25 s { result = sum(price) }
  sink %out to null
}
