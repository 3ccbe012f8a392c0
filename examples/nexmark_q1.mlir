// Nexmark query 1: the price of each bid in another currency (here in f64).
stream.pipeline @nexmark_q1 {
  %events = param 1000 "events to generate; 46 of 50 are bids"
  %bids = source nexmark(stream = bid, events = %events) watermark dateTime bounded 4 s
  %eur = map %bids { auction, bidder, price = 0.908 * price, dateTime }
  sink %eur to stdout as csv
}
