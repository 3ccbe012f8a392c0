// Cleaning to CSV: some stations report the azimuthal gap as 38.5 where whole degrees are expected. Such records go, with
// the reason, to a file of their own instead of being dropped or rounded.
stream.pipeline @clean_to_csv {
  %quakes, %bad = source file("examples/data/quakes.jsonl") as json {
    id:     string,
    time:   timestamp at properties.time in ms,
    mag:    f64?      at properties.mag,
    type:   string    at properties.magType,
    gap:    i64?      at properties.gap,
    place:  string    at properties.place
  } watermark time ascending on_bad dead_letter
  %clean = map %quakes {
    id,
    time,
    magnitude = coalesce(mag, 0.0),
    kind      = upper(trim(type)),
    gap       = coalesce(gap, -1),
    near      = case when contains(place, " of ") then split_part(place, " of ", 2) else place end
  }
  %reasons = map %bad { line, op, reason }
  sink %clean to file("clean.csv") as csv
  sink %reasons to file("rejected.jsonl") as json
}
