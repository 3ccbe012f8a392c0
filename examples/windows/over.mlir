// Over: a window for each record, with its own row. Here: how each earthquake compares with those of its network in the six hours before it.
stream.pipeline @over {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    net:  string    at properties.net,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %by_net = key_by %quakes on net
  %lately = over %by_net last 6 h { *, n = count(), worst = max(mag), place = rank(mag desc), before = lag(mag) }
  %strong = filter %lately where n > 20 and place = 1
  sink %strong to stdout as table
}
