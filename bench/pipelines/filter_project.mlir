// auction mod 123 = 0 -> auction, price
stream.pipeline @filter_project {
  %bids = source memory("bids") as binary { auction: i64, bidder: i64, price: i64, time: timestamp }
  %some = filter %bids where auction mod 123 = 0
  %out  = map %some { auction, price }
  sink %out to null
}
