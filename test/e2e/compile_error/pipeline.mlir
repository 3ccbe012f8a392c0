// A mistake in the pipeline: both ways say the same and run nothing.
stream.pipeline @compile_error {
  %rows = source stdin as json { name: string, amount: i64 }
  %big = filter %rows where amuont > 10
  sink %big to stdout as json
}
