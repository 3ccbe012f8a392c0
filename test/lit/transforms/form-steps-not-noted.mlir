// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream-form-steps)' --verify-diagnostics -o /dev/null

// expected-error @below {{needs stream-note-written before its steps can be formed}}
stream.pipeline @p {
  %in = source stdin as json { a: i64 }
  sink %in to stdout as json
}
