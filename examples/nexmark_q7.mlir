// Nexmark query 7: the highest bids of each 10 s, with all that is known of them.
stream.pipeline @nexmark_q7 {
  %events  = param 200000 "events to generate, 10,000 a second; 46 of 50 are bids"
  %bids    = source nexmark(stream = bid, events = %events) watermark dateTime bounded 4 s
  %fields  = map %bids { auction, bidder, price, dateTime }
  %highest = top %fields by price desc limit 1 with ties tumbling 10 s
  sink %highest to stdout as csv
}
