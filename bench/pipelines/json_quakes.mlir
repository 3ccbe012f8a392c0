// GeoJSON lines to four fields
stream.pipeline @json_quakes {
  %quakes = source memory("lines") as json {
    mag:   f64?      at properties.mag,
    time:  timestamp at properties.time in ms,
    net:   string    at properties.net,
    depth: f64       at geometry.coordinates[2]
  }
  sink %quakes to null
}
