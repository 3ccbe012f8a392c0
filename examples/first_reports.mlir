// One report for each region in six hours: the first passes at once, those behind it within the time are left out.
stream.pipeline @first_reports {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:   f64?      at properties.mag,
    place: string    at properties.place,
    time:  timestamp at properties.time in ms
  } watermark time bounded 10 min
  %strong  = filter %quakes where mag >= 4.0
  %regions = map %strong {
    region = case when contains(place, ", ") then split_part(place, ", ", 2) else place end,
    time, mag, place
  }
  %by_region = key_by %regions on region
  %first     = deduplicate %by_region keep first within 6 h
  sink %first to stdout as csv
}
