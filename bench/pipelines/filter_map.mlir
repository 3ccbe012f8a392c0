// price < limit -> auction, 0.908 * price, price * 3 + bidder, which may overflow and then is an error of the record
stream.pipeline @filter_map {
  %limit = param 500 "prices are even in [0, 1000)"
  %bids = source memory("bids") as binary { auction: i64, bidder: i64, price: i64, time: timestamp }
  %some = filter %bids where price < %limit
  %out  = map %some { auction, eur = 0.908 * price, fee = price * 3 + bidder }
  sink %out to null
}
