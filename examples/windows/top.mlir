// Top: the best records of a window, whole. Here: the three strongest earthquakes of each day; with ties, so there may be more.
stream.pipeline @top {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:   f64?      at properties.mag,
    place: string    at properties.place,
    time:  timestamp at properties.time in ms
  } watermark time bounded 10 min
  %best = top %quakes by mag desc limit 3 with ties tumbling 1 d
  sink %best to stdout as table
}
