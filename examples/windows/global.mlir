// Global: one window for everything; it fires at the end of the input. Here: all earthquakes of each network.
stream.pipeline @global {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    net:  string    at properties.net,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %by_net = key_by %quakes on net
  %all    = window %by_net global { quakes = count(), worst = max(mag), newest = last(time) }
  sink %all to stdout as table
}
