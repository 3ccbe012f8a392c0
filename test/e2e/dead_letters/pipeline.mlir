// Rules 46 to 49: malformed records and records with an error go to the dead letters, each with its place and reason.
stream.pipeline @dead_letters {
  %rows, %bad = source file("rows.jsonl") as json { id: i64, a: i64, b: i64 } on_bad dead_letter
  %ratio = map %rows { id, r = a / b }
  sink %ratio to stdout as json
  sink %bad to file("out/bad.jsonl") as json
}
