// Firing: a window may give rows before its end, and take records behind it. Here: each day's strong earthquakes so far, every six hours, and again
// for each record that comes up to an hour late. A row replaces the one of the same day before it.
stream.pipeline @firing {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %strong = filter %quakes where mag >= 4.5
  %days = window %strong tumbling 1 d lateness 1 h emit every 6 h { quakes = count(), worst = max(mag) }
  sink %days to stdout as table
}
