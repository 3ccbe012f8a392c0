// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec-verify-formed)' --verify-diagnostics -o /dev/null

// expected-error @below {{`stream.pipeline` is left after steps were formed}}
stream.pipeline @p {
  // expected-error @below {{`stream.source` is left after steps were formed}}
  %in = source stdin as json { a: i64 }
  // expected-error @below {{`stream.sink` is left after steps were formed}}
  sink %in to stdout as json
}
