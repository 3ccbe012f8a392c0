// The border below: only the llvm dialect, and mr_pipeline.
// RUN: millrace-opt %s --exec-verify-lowered --split-input-file --verify-diagnostics

// expected-error @+1 {{has no function mr_pipeline after lowering}}
module {
}

// -----

// expected-error @+1 {{is left after lowering; only the llvm dialect may be}}
exec.program @p sites [] terminals [] {
}
