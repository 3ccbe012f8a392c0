// One source, two sinks: the strong ones as JSON lines on the screen, all of California's to a file.
stream.pipeline @two_sinks {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:   f64?      at properties.mag,
    time:  timestamp at properties.time in ms,
    net:   string    at properties.net,
    place: string    at properties.place
  } watermark time ascending
  %strong     = filter %quakes where mag >= 6.0
  %california = filter %quakes where ends_with(place, ", California") and mag is not null
  sink %strong to stdout as json
  sink %california to file("california.jsonl") as json
}
