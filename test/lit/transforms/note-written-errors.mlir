// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written))' --split-input-file --verify-diagnostics -o /dev/null

stream.pipeline @dead_operator {
  %in = source stdin as json { a: i64 }
  // expected-warning @below {{`unread` feeds no sink, so it is not run}}
  %unread = filter %in where a > 0
  sink %in to stdout as json
}

// -----

// expected-error @below {{nothing leaves this pipeline; give it a sink, such as `sink %x to stdout`}}
stream.pipeline @no_sink {
  // expected-warning @below {{`in` feeds no sink}}
  %in = source stdin as json { a: i64 }
}
