// Rule 49: by default a bad record stops the pipeline, with its place and reason; what came before it is written.
stream.pipeline @bad_record_fails {
  %rows = source stdin as json { n: i64 }
  %halves = map %rows { n, inverse = 100 / n }
  sink %halves to stdout as json
}
