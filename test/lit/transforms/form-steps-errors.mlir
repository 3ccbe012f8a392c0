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
