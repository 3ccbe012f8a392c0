// Which networks contributed to the most reports: `sources` is a list in text, ",us,at,pt,", one record each.
stream.pipeline @contributors {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    sources: string    at properties.sources,
    time:    timestamp at properties.time in ms
  } watermark time ascending
  %each    = flat_map %quakes each s in split(sources, ",") { network = s }
  %named   = filter %each where network <> ""
  %by_name = key_by %named on network
  %total   = window %by_name global { reports = count() }
  sink %total to stdout as csv
}
