// Average depth by region: the region is what follows the last comma's blank in "37km NNE of Amboy, Washington".
stream.pipeline @depth_by_region {
  %quakes = source file("examples/data/quakes.jsonl") as json {
    place: string    at properties.place,
    time:  timestamp at properties.time in ms,
    depth: f64       at geometry.coordinates[2]
  } watermark time ascending
  %regions = map %quakes {
    region = case when contains(place, ", ") then split_part(place, ", ", 2) else place end,
    depth
  }
  %by_region = key_by %regions on region
  %depths = window %by_region global { quakes = count(), shallowest = min(depth), avg_depth = avg(depth), deepest = max(depth) }
  %frequent = filter %depths where quakes >= 20
  sink %frequent to stdout as csv
}
