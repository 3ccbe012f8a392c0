// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(state-verify-resolved))' --verify-diagnostics -o /dev/null

exec.program @p sites [] terminals [] {
  // expected-error @below {{the layout of `t` is not chosen; run stream-layout-state}}
  state.table @t : !state.table<() (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
}
