// Which networks report now: running totals since each began to, forgotten when it has been silent for half a day. On a
// terminal the table changes in place, a line for each network; elsewhere each change is a row that says what it does.
stream.pipeline @active_networks {
  %min = param 2.5 "smallest magnitude that counts"
  %quakes = source file("examples/data/quakes.jsonl") as json {
    mag:  f64?      at properties.mag,
    net:  string    at properties.net,
    time: timestamp at properties.time in ms
  } watermark time bounded 10 min
  %felt   = filter %quakes where mag >= %min
  %by_net = key_by %felt on net
  %active = running %by_net ttl 12 h delete on expiry { quakes = count(), worst = max(mag), newest = last(time) }
  sink %active to stdout as table
}
