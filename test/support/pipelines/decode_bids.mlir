// For the tests of the decoders: their fields and generated decoders are used, the pipeline is never run.
stream.pipeline @decode_bids {
  %bids = source file("bids.jsonl") as json {
    auction:  i64,
    bidder:   u32,
    price:    i64,
    channel:  string,
    dateTime: timestamp at date_time in ms,
    extra:    string?,
    note:     f64?,
    flag:     bool?
  } watermark dateTime ascending
  sink %bids to stdout as json
}
