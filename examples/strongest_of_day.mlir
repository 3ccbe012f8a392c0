// The three strongest earthquakes of each day (UTC) as a list of records, and the same as rows of their own.
stream.pipeline @strongest_of_day {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:   f64?      at properties.mag,
    place: string    at properties.place,
    time:  timestamp at properties.time in ms
  } watermark time ascending
  %days = window %quakes tumbling 1 d { strongest = top(3, mag) { place, mag }, above_five = collect(mag) where mag > 5 }
  %each = flat_map %days each quake in strongest { day = window_start, place = quake.place, mag = quake.mag }
  sink %days to stdout as json
  sink %each to file("strongest.csv") as csv
}
