// one aggregate for each key, in windows that overlap
stream.pipeline @overlapping {
  %bids = source memory("bids") as binary { auction: i64, bidder: f64, price: i64, time: timestamp } watermark time bounded 4 s
  %keyed = key_by %bids on auction
  %out = window %keyed sliding 60 s every 1 s { result = sum(price) }
  sink %out to null
}
