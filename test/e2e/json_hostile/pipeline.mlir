// Hostile lines, each with its message (durability.md, "Bad input"); good ones between them come through.
stream.pipeline @json_hostile {
  %in, %bad = source file("in.jsonl") as json(max_nesting = 4, max_string = 40) { v: i64, s: string? at a.b[1] } on_bad dead_letter
  sink %in to stdout as json
  %reasons = map %bad { line, byte, reason }
  sink %reasons to file("out/bad.jsonl") as json
}
