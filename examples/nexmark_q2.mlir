// Nexmark query 2: bids on every 123rd auction.
stream.pipeline @nexmark_q2 {
  %events = param 100000 "events to generate; 46 of 50 are bids"
  %bids = source nexmark(stream = bid, events = %events) watermark dateTime bounded 4 s
  %some = filter %bids where auction mod 123 = 0
  %out  = map %some { auction, price }
  sink %out to stdout as csv
}
