// Nexmark query 5: the auctions with the most bids of the last 10 s, every 2 s; several, if they have as many. The second step
// works on the windows that the first one's results are of, so it waits for nothing.
stream.pipeline @nexmark_q5 {
  %events = param 100000 "events to generate, 10,000 a second; 46 of 50 are bids"
  %bids   = source nexmark(stream = bid, events = %events) watermark dateTime bounded 4 s
  %keyed  = key_by %bids on auction
  %counts = window %keyed sliding 10 s every 2 s { num = count() }
  %hot    = top %counts by num desc limit 1 with ties same
  sink %hot to stdout as csv
}
