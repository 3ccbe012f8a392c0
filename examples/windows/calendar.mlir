// Calendar: days, weeks, months, quarters and years as people in a place have them. Here: the days of Alaska, which begin at nine
// in the morning of UTC.
stream.pipeline @calendar {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:   f64?      at properties.mag,
    place: string    at properties.place,
    time:  timestamp at properties.time in ms
  } watermark time bounded 10 min
  %alaska  = filter %quakes where ends_with(place, "Alaska")
  %days    = window %alaska calendar day in "America/Anchorage" { quakes = count(), worst = max(mag) }
  sink %days to stdout as table
}
