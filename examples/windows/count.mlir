// Count: a window is full after so many records, however long it takes. Here: how long 100 earthquakes of a network take, and the
// worst of them. What is not full at the end does not come out.
stream.pipeline @count {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    net:  string    at properties.net,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %by_net = key_by %quakes on net
  %full   = window %by_net count 100 { since = first(time), until = last(time), worst = max(mag) }
  sink %full to stdout as table
}
