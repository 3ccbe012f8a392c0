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
  // expected-error @below {{no layout `hashed`; expected ?, dense, packed, inline or by_id}}
  state.table @t : !state.table<() () layout hashed> window <global> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{the layout `dense<0 to 3>` has 1 ranges for 2 keys}}
  state.table @t : !state.table<(a: i64, b: i64) () layout dense<0 to 3>> window <global> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{the layout `dense<*>` needs a known range for each key, and at most 2097152 positions in all}}
  state.table @t : !state.table<(a: i64) () layout dense<*>> window <global> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{the layout `dense<0 to 2097151>` needs a known range for each key, and at most 2097152 positions in all}}
  state.table @t : !state.table<(a: !expr.nullable<i64>) () layout dense<0 to 2097151>> window <global> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{expected `least to greatest`, or `*` for all of the type's values}}
  state.table @t : !state.table<(a: i64) () layout dense<3 to 2>> window <global> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{the layout `packed<*, *>` needs keys that fit one word of 64 bits}}
  state.table @t : !state.table<(a: i64, b: i1) () layout packed<*, *>> window <global> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{the layout keeps `x` aside, which is no member}}
  state.table @t : !state.table<() (<"n" = "count"(none) : i64>) layout inline cold [x]> window <global> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{needs either a window or a `keep`}}
  state.table @t : !state.table<(a: i64) () layout ?> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{needs either a window or a `keep`}}
  state.table @t : !state.table<(a: i64) () layout ?> window <global> keep <running> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{is never fired, so it cannot be ordered}}
  state.table @t : !state.table<(a: i64) () layout ?> keep <running> inputs [@in] ordered
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{is kept by key, but has no key}}
  state.table @t : !state.table<() () layout ?> keep <running> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{keeps a record's time alone, but has members}}
  state.table @t : !state.table<(a: i64) (<"n" = "count"(none) : i64>) layout ?> keep <first> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{expected running, first, last, count or over}}
  state.table @t : !state.table<(a: i64) () layout ?> keep <newest> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{a count of records is above zero, and stands behind `count` or `over` alone}}
  state.table @t : !state.table<(a: i64) () layout ?> keep <count 0> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{a count gives a row for each record or for more, but not for more than it counts}}
  state.table @t : !state.table<(a: i64) () layout ?> keep <count 3 every 4> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{a count of records has no time to live}}
  state.table @t : !state.table<(a: i64) () layout ?> keep <count 3, ttl 1 h> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{has no window, so it has no algorithm of one}}
  state.table @t : !state.table<(a: i64) () layout ?> algorithm <subtract> keep <first> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{`delete` needs a time to live, and is for running aggregates}}
  state.table @t : !state.table<(a: i64) () layout ?> keep <running, delete> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  // expected-error @below {{`delete` needs a time to live, and is for running aggregates}}
  state.table @t : !state.table<(a: i64) () layout ?> keep <last, ttl 1 h, delete> inputs [@in]
}

// -----

exec.program @p sites [] terminals [] {
  state.table @t : !state.table<(a: i64) () layout ?> keep <first> inputs [@in]
  // expected-error @below {{fires @t, which has no window}}
  exec.fire @t {
  ^bb0(%a: i64, %time: !expr.timestamp):
  }
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
    // expected-error @below {{must give the arguments of the members of @t, in order}}
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

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{keeps in @t, which is no table}}
    state.admit @t terminal 0 keys(%a : i64) {
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) () layout ?> keep <last> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{needs a table that keeps the first record, which @t does not}}
    state.admit @t terminal 0 keys(%a : i64) {
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) () layout ?> keep <first> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{needs a table that keeps running aggregates, the last record or a count, which @t does not}}
    state.update @t terminal 0 keys(%a : i64) args() filters [] () {
    ^bb0(%k: i64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{needs a table that keeps running aggregates, the last record or a count, which @t does not}}
    state.update @t terminal 0 keys(%a : i64) args() filters [false] () {
    ^bb0(%k: i64, %n: i64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i32) () layout ?> keep <first> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{must give the keys of @t, in order}}
    state.admit @t terminal 0 keys(%a : i64) {
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) () layout ?> keep <first, ttl 1 h> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{needs a time, for the keys of @t live for one}}
    state.admit @t terminal 0 keys(%a : i64) {
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) () layout ?> keep <first> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{needs a timestamp as its time, found 'i64'}}
    state.admit @t terminal 0 keys(%a : i64) at %a : i64 {
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) () layout ?> keep <first> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{has a block without arguments}}
    state.admit @t terminal 0 keys(%a : i64) {
    ^bb0(%k: i64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(i64) : i64>) layout ?> keep <running> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{must give the arguments of the members of @t, in order}}
    state.update @t terminal 0 keys(%a : i64) args() filters [false] () {
    ^bb0(%k: i64, %s: i64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(i64) : i64>) layout ?> keep <running> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{must say of each of the 1 members whether it is filtered}}
    state.update @t terminal 0 keys(%a : i64) args(%a : i64) filters [] () {
    ^bb0(%k: i64, %s: i64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(i64) : i64>) layout ?> keep <running> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{has 0 conditions for 1 filtered members}}
    state.update @t terminal 0 keys(%a : i64) args(%a : i64) filters [true] () {
    ^bb0(%k: i64, %s: i64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(i64) : i64>) layout ?> keep <running> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{needs conditions, bool or bool?, found 'i64'}}
    state.update @t terminal 0 keys(%a : i64) args(%a : i64) filters [true] (%a : i64) {
    ^bb0(%k: i64, %s: i64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) (<"s" = "sum"(i64) : i64>) layout ?> keep <running> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{must have a block with the arguments ('i64', 'i64'), found ('i64')}}
    state.update @t terminal 0 keys(%a : i64) args(%a : i64) filters [false] () {
    ^bb0(%k: i64):
    }
  }
}
