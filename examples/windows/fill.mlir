// Fill: a window without records gives a row, too. Here: the strong earthquakes of a network by four hours, also those in which there were none.
stream.pipeline @fill {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    net:  string    at properties.net,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %strong = filter %quakes where mag >= 5 and net = "us"
  %by_net = key_by %strong on net
  %hours = window %by_net tumbling 4 h fill { quakes = count(), worst = max(mag) }
  sink %hours to stdout as json
}
