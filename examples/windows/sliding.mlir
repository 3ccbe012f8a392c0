// Sliding: windows of one length that overlap. Each record is in several. Here: every 12 hours, the strong earthquakes of the
// 24 hours before.
stream.pipeline @sliding {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %strong   = filter %quakes where mag >= 4.5
  %last_day = window %strong sliding 1 d every 12 h { quakes = count(), worst = max(mag) }
  sink %last_day to stdout as table
}
