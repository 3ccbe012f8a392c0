// JSON lines to four fields of seven
stream.pipeline @json_bids {
  %bids = source memory("lines") as json { auction: i64, bidder: i64, price: i64, time: timestamp at date_time in ms }
  sink %bids to null
}
