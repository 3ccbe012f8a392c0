// Rule 34: each format says first what a row does; a delete has the key alone. Null keys and nullable fields too.
stream.pipeline @upsert_formats {
  %in = source file("in.jsonl") as json { key: string?, n: i32, word: string?, at: timestamp in s } watermark at ascending
  %keyed = key_by %in on key
  %totals = running %keyed { count = count(), sum = sum(n), word = last(word) }
  %even = filter %totals where sum mod 2 = 0
  sink %even to stdout as json
  sink %even to file("out/even.csv") as csv(delimiter = ";")
  sink %even to file("out/even.txt") as table
  sink %even to file("out/even.bin") as binary
}
