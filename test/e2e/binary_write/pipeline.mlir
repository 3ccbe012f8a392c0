// Every type to a binary file; the expected file is what version 1 of the format is (runtime/io/binary/format.md).
stream.pipeline @binary_write {
  %in = source file("in.jsonl") as json {
    ok: bool, small: i8, n: i64?, u: u64, f: f32?, x: f64, s: string, raw: bytes?, at: timestamp, took: duration?, day: date?
  }
  sink %in to file("out/rows.bin") as binary
}
