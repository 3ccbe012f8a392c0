// Strong earthquakes per hour and reporting network: how many, the worst, how deep on average.
stream.pipeline @strong_quakes {
  %input = param "examples/data/quakes.jsonl" "where the earthquakes are"
  %min   = param 4.5 "smallest magnitude that counts"
  %quakes = source file(%input) as json {
    mag:   f64?      at properties.mag,
    time:  timestamp at properties.time in ms,
    net:   string    at properties.net,
    depth: f64?      at geometry.coordinates[2]
  } watermark time bounded 10 min
  %strong = filter %quakes where mag >= %min
  %by_net = key_by %strong on net
  %hourly = window %by_net tumbling 1 h { quakes = count(), worst = max(mag), avg_depth = avg(depth) }
  sink %hourly to stdout as table
}
