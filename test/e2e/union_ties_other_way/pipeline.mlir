// Rule 10, as in union_ties, with the operands in the order in which the sources are declared.
stream.pipeline @union_ties {
  %a = source file("a.jsonl") as json { n: i64, at: timestamp in s } watermark at ascending
  %b = source file("b.jsonl") as json { n: i64, at: timestamp in s } watermark at ascending
  %u = union %a, %b
  sink %u to stdout as json
}
