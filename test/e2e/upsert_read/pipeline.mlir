// What an upsert stream wrote as binary (even.bin, of the case upsert_formats) is a source with a field `op`: u8, 1 is a delete.
stream.pipeline @upsert_read {
  %in = source file("even.bin") as binary { op: u8, key: string?, count: i64, sum: i64, word: string? }
  sink %in to stdout as csv
}
