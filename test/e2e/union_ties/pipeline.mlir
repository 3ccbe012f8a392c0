// Rule 10: of bounded inputs whose watermarks tie, the union's first operand comes first, whatever was declared first;
// also where the operands are results of operators, and where a later union asks for the opposite.
stream.pipeline @union_ties {
  %a = source file("a.jsonl") as json { n: i64, at: timestamp in s } watermark at ascending
  %b = source file("b.jsonl") as json { n: i64, at: timestamp in s } watermark at ascending
  %m = map %b { n, at }
  %f = filter %m where n > 0
  %u = union %f, %a
  %late = filter %u where n mod 10 = 2
  %both = union %late, %b
  sink %u to stdout as json
  sink %both to file("out/both.jsonl") as json
}
