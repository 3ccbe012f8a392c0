// Rules 10 and 34: a union of upserts gives each record's rows in the order of its operands; a row that leaves by one way
// while it is there by the other stays, and is deleted when it has left by the last.
stream.pipeline @upsert_union {
  %left = source file("left.jsonl") as json { key: i64, v: i64 }
  %right = source file("right.jsonl") as json { key: i64, v: i64 }
  %all = union %left, %right
  %keyed = key_by %all on key
  %totals = running %keyed { n = count(), sum = sum(v) }
  %few = filter %totals where n < 3
  %rich = filter %totals where sum > 100
  %either = union %few, %rich
  sink %either to stdout as json
}
