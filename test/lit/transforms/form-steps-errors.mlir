// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written),stream-form-steps)' --split-input-file --verify-diagnostics -o /dev/null

stream.pipeline @too_many_ways {
  %in = source stdin as json { a: i64 }
  %u1 = union %in, %in, %in, %in, %in, %in
  %u2 = union %u1, %u1, %u1, %u1, %u1, %u1
  %u3 = union %u2, %u2, %u2, %u2, %u2, %u2
  %u4 = union %u3, %u3, %u3, %u3, %u3, %u3
  // expected-error @below {{a record would reach `u4_stdout` on more than 1024 ways}}
  sink %u4 to stdout as json
}
// -----
// Rule 10 asks for what `p` has of a record, then `y`, then `q`, but `once` takes it once.
stream.pipeline @before_and_behind {
  %in = source stdin as json { k: i64, v: i64 }
  %y = filter %in where v > 1
  %keyed = key_by %in on k
  // expected-error @below {{rows of `once` would have to reach a union before and behind others of the same record: write its operands so that these come one behind the other}}
  %once = deduplicate %keyed keep first
  %p = filter %once where v < 5
  %q = filter %once where v < 10
  %u = union %p, %y, %q
  sink %u to stdout as json
}
// -----
stream.pipeline @several_rows {
  %in = source stdin as json { k: i64, text: string }
  %words = flat_map %in each word in split(text, " ") { k, word }
  %keyed = key_by %words on word
  // expected-error @below {{`once` gives several rows for one record here, whose copies would have to reach a union before and behind others of the same record: unite before `deduplicate`, or give each way a sink of its own}}
  %once = deduplicate %keyed keep first
  %p = filter %once where k < 5
  %q = filter %once where k < 10
  %u = union %p, %q
  sink %u to stdout as json
}
// -----
stream.pipeline @two_copies {
  %in = source stdin as json { k: i64, v: i64 }
  %more = filter %in where v > 1
  %both = union %in, %more
  %keyed = key_by %both on k
  // expected-error @below {{rows of `totals` would have to reach a union before and behind others of the same record: write its operands so that these come one behind the other}}
  %totals = running %keyed { n = count() }
  %p = filter %totals where n < 5
  %q = filter %totals where n < 10
  %u = union %p, %q
  sink %u to stdout as json
}
