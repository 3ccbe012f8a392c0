// The generator's other two streams, out of order by groups and with another seed.
stream.pipeline @nexmark_people {
  %people = source nexmark(stream = person, events = 300, seed = 7, group = 20, rate = 100)
  sink %people to stdout as json
  %auctions = source nexmark(stream = auction, events = 60, seed = 7, group = 20, start = timestamp "2024-02-29T12:00:00Z")
  sink %auctions to file("out/auctions.jsonl") as json
}
