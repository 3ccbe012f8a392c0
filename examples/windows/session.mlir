// Session: as long as something goes on, with pauses of less than the gap. Here: swarms, earthquakes of a network less than 20 minutes
// apart, those of five or more.
stream.pipeline @session {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    net:  string    at properties.net,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %by_net = key_by %quakes on net
  %swarms = window %by_net session gap 20 min { quakes = count(), worst = max(mag) }
  %large  = filter %swarms where quakes >= 5
  sink %large to stdout as table
}
