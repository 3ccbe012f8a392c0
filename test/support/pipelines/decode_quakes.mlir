// For the tests of the decoders: their fields and generated decoders are used, the pipeline is never run.
stream.pipeline @decode_quakes {
  %quakes = source file("quakes.jsonl") as json {
    mag:    f64?      at properties.mag,
    time:   timestamp at properties.time in ms,
    net:    string    at properties.net,
    place:  string?   at properties.place,
    depth:  f64?      at geometry.coordinates[2],
    alert:  string?   at properties.alert,
    nst:    i16?      at properties.nst,
    felt:   f32?      at properties.felt,
    none:   i64?      at properties.none,
    fourth: i64?      at geometry.coordinates[3]
  } watermark time ascending
  sink %quakes to stdout as json
}
