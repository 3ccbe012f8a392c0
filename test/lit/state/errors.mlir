// RUN: millrace-opt %s --split-input-file --verify-diagnostics -o /dev/null

exec.program @inputs sites [] terminals [] {
  // expected-error @below {{needs an input}}
  state.table @t : !state.table<() () layout ?> window <global> inputs []
}

// -----

exec.program @itself sites [] terminals [] {
  // expected-error @below {{cannot be its own input}}
  state.table @t : !state.table<() () layout ?> window <global> inputs [@t]
}

// -----

exec.program @layout sites [] terminals [] {
  // expected-error @below {{no layout `dense`; expected ? or open_addressing}}
  state.table @t : !state.table<() () layout dense> window <global> inputs [@in]
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: f64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(f64) : f64>) layout ?> window <global> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%a: i64, %b: f64):
    // expected-error @below {{folds into @in, which is no table}}
    state.fold @in terminal 0 keys() args() filters [] ()
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: f64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(f64) : f64>) layout ?> window <global> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%a: i64, %b: f64):
    // expected-error @below {{must give the keys of @t, in order}}
    state.fold @t terminal 0 keys(%b : f64) args(%b : f64) filters [false] ()
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: f64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(f64) : f64>) layout ?> window <global> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%a: i64, %b: f64):
    // expected-error @below {{must give an argument for each member of @t that has one, in order}}
    state.fold @t terminal 0 keys(%a : i64) args() filters [false] ()
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: f64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(f64) : f64>) layout ?> window <global> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%a: i64, %b: f64):
    // expected-error @below {{must say of each of the 1 members whether it is filtered}}
    state.fold @t terminal 0 keys(%a : i64) args(%b : f64) filters [] ()
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: f64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(f64) : f64>) layout ?> window <global> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%a: i64, %b: f64):
    // expected-error @below {{has 0 conditions for 1 filtered members}}
    state.fold @t terminal 0 keys(%a : i64) args(%b : f64) filters [true] ()
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: f64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(f64) : f64>) layout ?> window <global> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%a: i64, %b: f64):
    // expected-error @below {{needs conditions, bool or bool?, found 'f64'}}
    state.fold @t terminal 0 keys(%a : i64) args(%b : f64) filters [true] (%b : f64)
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: f64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(f64) : f64>) layout ?> window <global> inputs [@in]
  exec.step @in fields [0, 1] {
  ^bb0(%a: i64, %b: f64):
    // expected-error @below {{needs a timestamp as its time, found 'i64'}}
    state.fold @t terminal 0 keys(%a : i64) at %a : i64 args(%b : f64) filters [false] ()
  }
}
