// An aggregate of one's own: how deep earthquakes typically are, by the geometric mean, for each day.
stream.pipeline @geometric_mean {
  %geomean = aggregate (x: f64) -> f64
    identity { logs = 0.0, n = 0 }
    lift     { logs = log(x), n = 1 }
    combine  { logs = a.logs + b.logs, n = a.n + b.n }
    lower    exp(logs / n)
    facts    order_free
  %quakes = source file("examples/data/quakes.jsonl") as json {
    depth: f64       at geometry.coordinates[2],
    time:  timestamp at properties.time in ms
  } watermark time bounded 10 min
  %by_day = window %quakes tumbling 1 d { quakes = count(), mean = avg(depth), typical = %geomean(depth) where depth > 0.0 }
  sink %by_day to stdout as table
}
