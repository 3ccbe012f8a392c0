// Collect: the values of a window as a list, in the order of their times. Here: the magnitudes of each network's strong earthquakes by the day, and their middle.
stream.pipeline @collect {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    net:  string    at properties.net,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %strong = filter %quakes where mag >= 5.5
  %by_net = key_by %strong on net
  %days   = window %by_net tumbling 1 d { mags = collect(mag ignore nulls), middle = median(mag) }
  sink %days to stdout as json
}
