// An algorithm that a window cannot have is not silently another one.
// RUN: split-file %s %t
// RUN: millrace-opt %t/max.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=subtract}))' --verify-diagnostics
// RUN: millrace-opt %t/steps.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=two-stacks}))' --verify-diagnostics
// RUN: millrace-opt %t/slide.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=prefix}))' --verify-diagnostics
// RUN: millrace-opt %t/unspecialized.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-note-written),stream-form-steps)' --verify-diagnostics

// RUN: millrace-opt %t/parts.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows))' --verify-diagnostics
// RUN: millrace-opt %t/one.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows))' --verify-diagnostics
// RUN: millrace-opt %t/count.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=subtract}))' --verify-diagnostics
// RUN: millrace-opt %t/stacks.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=two-stacks}))' --verify-diagnostics
// RUN: not millrace-opt %t/stacks.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=daba}))' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: `daba` is no algorithm of windows
// RUN: millrace-opt %t/lag.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=two-stacks}))' --verify-diagnostics
// RUN: millrace-opt %t/many.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows))' --verify-diagnostics

//--- max.mlir
stream.pipeline @p {
  %in = source file("in") as json { v: i64, at: timestamp in ms } watermark at bounded 1 s
  // expected-error @below {{`w` cannot have the algorithm `subtract`, which is forced: what `hi` = max has taken in cannot be taken away exactly}}
  %w = window %in sliding 60 s every 1 s { n = count(), hi = max(v) }
  sink %w to stdout as json
}

//--- steps.mlir
stream.pipeline @p {
  %in = source file("in") as json { v: i64, at: timestamp in ms } watermark at bounded 1 s
  // expected-error @below {{`w` cannot have the algorithm `two-stacks`, which is forced: that is for windows of the kind `sliding`}}
  %w = window %in cumulate 60 s every 1 s { n = count() }
  sink %w to stdout as json
}

//--- slide.mlir
stream.pipeline @p {
  %in = source file("in") as json { v: i64, at: timestamp in ms } watermark at bounded 1 s
  // expected-error @below {{`w` cannot have the algorithm `prefix`, which is forced: that is for windows of the kind `cumulate`}}
  %w = window %in sliding 60 s every 1 s { n = count() }
  sink %w to stdout as json
}

//--- unspecialized.mlir
stream.pipeline @p {
  %in = source file("in") as json { v: i64, at: timestamp in ms } watermark at bounded 1 s
  // expected-error @below {{needs stream-specialize-windows before its steps can be formed}}
  %w = window %in sliding 60 s every 1 s { n = count() }
  sink %w to stdout as json
}

//--- parts.mlir
stream.pipeline @p {
  %in = source stdin as json { v: i64 }
  // expected-error @below {{`w` would keep 5000 parts of 2 records for each key, more than 1024: what it counts and `every` need a greater common divisor, as with `every 10`; a row for each record has `over … last 10000 rows`, which has no parts}}
  %w = window %in count 10000 every 6 { n = sum(v) }
  sink %w to stdout as json
}

//--- one.mlir
stream.pipeline @p {
  %in = source stdin as json { v: i64 }
  // expected-error @below {{`w` would keep 1025 parts of 1 record for each key, more than 1024: what it counts and `every` need a greater common divisor, as with `every 5`; a row}}
  %w = window %in count 1025 every 1 { n = sum(v) }
  sink %w to stdout as json
}

//--- count.mlir
stream.pipeline @p {
  %in = source stdin as json { v: i64, f: f64 }
  // expected-error @below {{`w` cannot have the algorithm `subtract`, which is forced: `m` = max cannot give back exactly what it has taken in}}
  %w = window %in count 100 every 10 { n = sum(v), m = max(v) }
  // expected-error @below {{`f` cannot have the algorithm `subtract`, which is forced: `s` = sum is exact, so that taking parts away makes it longer}}
  %f = window %in count 100 every 10 { s = sum(exact f) }
  sink %w to stdout as json
  sink %f to stdout as json
}

//--- stacks.mlir
stream.pipeline @p {
  %in = source stdin as json { v: i64, t: timestamp } watermark t ascending
  // expected-error @below {{`w` cannot have the algorithm `two-stacks`, which is forced: that is for windows of the kind `sliding`}}
  %w = window %in count 100 every 10 { n = sum(v) }
  // expected-error @below {{`o` cannot have the algorithm `two-stacks`, which is forced: `s` = sum: taken away}}
  %o = over %in last 10 s { s = sum(v) }
  sink %w to stdout as json
  sink %o to stdout as json
}

//--- many.mlir
stream.pipeline @p {
  %in = source file("in") as json { v: i64, at: timestamp in ms } watermark at bounded 1 s
  // expected-error @below {{`b`: each record would be in 86400000 windows, more than 10000}}
  %b = window %in sliding 1 d every 1 ms lateness 1 h { n = count() }
  sink %b to stdout as json
}

//--- lag.mlir
stream.pipeline @p {
  %in = source file("in") as json { v: i64, at: timestamp in ms } watermark at bounded 1 s
  %o = over %in last 10 s { before = lag(v) } // no aggregate has a choice
  sink %o to stdout as json
}
