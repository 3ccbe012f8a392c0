// The largest earthquake of each day (UTC), and how much was measured that day.
stream.pipeline @largest_of_day {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    time: timestamp at properties.time in ms
  } watermark time ascending
  %days = window %quakes tumbling 1 d { quakes = count(), with_magnitude = count(mag), largest = max(mag) }
  sink %days to stdout as table
}
