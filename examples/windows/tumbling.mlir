// Tumbling: windows of one length, side by side. Each record is in one. Here: the earthquakes of each day that people may feel.
stream.pipeline @tumbling {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    net:  string    at properties.net,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %felt   = filter %quakes where mag >= 2.5
  %by_net = key_by %felt on net
  %days   = window %by_net tumbling 1 d { quakes = count(), worst = max(mag) }
  sink %days to stdout as table
}
