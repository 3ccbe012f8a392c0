// An algorithm that a window cannot have is not silently another one.
// RUN: split-file %s %t
// RUN: millrace-opt %t/max.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=subtract}))' --verify-diagnostics
// RUN: millrace-opt %t/steps.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=two-stacks}))' --verify-diagnostics
// RUN: millrace-opt %t/slide.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=prefix}))' --verify-diagnostics
// RUN: millrace-opt %t/unspecialized.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-note-written),stream-form-steps)' --verify-diagnostics

// RUN: millrace-opt %t/parts.mlir --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows))' --verify-diagnostics
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
  // expected-error @below {{`w` would keep 5000 parts of 2 records for each key, more than 1024: `every` needs a greater common divisor with 10000}}
  %w = window %in count 10000 every 6 { n = sum(v) }
  sink %w to stdout as json
}

//--- many.mlir
stream.pipeline @p {
  %in = source file("in") as json { v: i64, at: timestamp in ms } watermark at bounded 1 s
  // expected-error @below {{`b`: each record would be in 86400000 windows, more than 10000}}
  %b = window %in sliding 1 d every 1 ms lateness 1 h { n = count() }
  sink %b to stdout as json
}
