// Cumulate: windows that grow in steps until they are full, then begin anew. Here: each day so far, every six hours.
stream.pipeline @cumulate {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %strong = filter %quakes where mag >= 4.5
  %so_far = window %strong cumulate 1 d every 6 h { quakes = count(), worst = max(mag) }
  sink %so_far to stdout as table
}
