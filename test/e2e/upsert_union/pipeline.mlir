// Rules 10 and 34: a union of upserts gives each record's rows in the order of its operands; the key's row leaves one way and
// comes by the other.
stream.pipeline @upsert_union {
  %left = source file("left.jsonl") as json { key: i64, v: i64 }
  %right = source file("right.jsonl") as json { key: i64, v: i64 }
  %all = union %left, %right
  %keyed = key_by %all on key
  %totals = running %keyed { n = count(), sum = sum(v) }
  %many = filter %totals where n > 1
  %rich = filter %totals where sum > 100
  %either = union %many, %rich
  sink %either to stdout as json
}
