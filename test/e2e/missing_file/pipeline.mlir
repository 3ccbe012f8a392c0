// An input that is not there is the environment's failure, and is said.
stream.pipeline @missing_file {
  %rows = source file("no/such.jsonl") as json { a: i64 }
  sink %rows to stdout as json
}
