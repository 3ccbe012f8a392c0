// tumbling windows: count and exact sum for each auction
stream.pipeline @count_and_sum {
  %bids = source memory("bids") as binary { auction: i64, bidder: i64, price: i64, time: timestamp } watermark time bounded 4 s
  %by_auction = key_by %bids on auction
  %out = window %by_auction tumbling 10 s { n = count(), total = sum(price) }
  sink %out to null
}
