// What the lowering refuses.
// RUN: millrace-opt %s --exec-lower-to-scf --split-input-file --verify-diagnostics

// expected-error @+1 {{expected one exec.program to lower, found 0}}
module {
}

// -----

exec.program @p sites [] terminals ["w"] {
  exec.source @in : !stream.of<n: i64> {connector = "stdin", options = {}, columns = [#stream.column<"n", "">],
    used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  // expected-error @+1 {{has no exec.fire}}
  state.table @w : !state.table<(n: i64) (<"c" = "count"(none) : i64>) layout inline> window #stream.window<global> inputs [@in]
}
