// What binary_write wrote, as JSON: the same values (rule 50).
stream.pipeline @binary_read {
  %in = source file("rows.bin") as binary {
    ok: bool, small: i8, n: i64?, u: u64, f: f32?, x: f64, s: string, raw: bytes?, at: timestamp, took: duration?, day: date?
  }
  sink %in to stdout as json
}
