// the exact sum of what a key had in the last minute, for each record
stream.pipeline @over {
  %bids = source memory("bids") as binary { auction: i64, bidder: f64, price: i64, time: timestamp } watermark time bounded 4 s
  %keyed = key_by %bids on auction
  %out = over %keyed last 60 s { auction, time, result = sum(price) }
  sink %out to null
}
