// RUN: millrace-opt %s --split-input-file --verify-diagnostics -o /dev/null

exec.program @order sites [] terminals [] {
  exec.sink @out : !stream.of<a: i64> {connector = "stdout", options = {}}
  // expected-error @below {{stands behind what must follow it: params, sources, sinks, tables, event times, steps, fires}}
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
}

// -----

exec.program @params sites [] terminals [] {
  // expected-error @below {{has index 3, but is number 0}}
  %a = exec.param "a" = 1 : i64 index 3 : i64
}

// -----

exec.program @used sites [] terminals [] {
  // expected-error @below {{has 1 fields, but `used` has 2}}
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true, true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
}

// -----

exec.program @columns sites [] terminals [] {
  // expected-error @below {{has 1 fields, but `columns` has 0}}
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
}

// -----

exec.program @time sites [] terminals [] {
  // expected-error @below {{has no field 1 to be its event time}}
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = 1 : i32, on_bad = #stream<on_bad fail>}
}

// -----

exec.program @no_source sites [] terminals [] {
  // expected-error @below {{reads @in, which is no source}}
  exec.step @in fields [] {
  ^bb0:
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  // expected-error @below {{must have a block with the arguments ('i64'), found ('f64')}}
  exec.step @in fields [0] {
  ^bb0(%b: f64):
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  // expected-error @below {{reads field 1, which @in says is not used}}
  exec.step @in fields [1] {
  ^bb0(%b: i1):
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  // expected-error @below {{reads field 2, which @in does not have}}
  exec.step @in fields [2] {
  ^bb0(%b: i1):
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  // expected-error @below {{gives the time of @in, which is no source with `event_time = -2`}}
  exec.event_time @in fields [0] {
  ^bb0(%a: i64):
    expr.yield %a : i64
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  // expected-error @below {{fires @t, which is no table}}
  exec.fire @t {
  ^bb0:
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(k: i64) (<"n" = "count"(none) : i64>) layout ?> window <tumbling 1 s> inputs [@in]
  // expected-error @below {{must have a block with the arguments ('i64', '!expr.timestamp', '!expr.timestamp', 'i64', '!expr.timestamp'), found ('i64')}}
  exec.fire @t {
  ^bb0(%k: i64):
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<a: f64> {connector = "stdout", options = {}}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{must give a value for each field of @out, in order}}
    exec.emit @out terminal 0 (%a : i64)
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{emits to @in, which is no sink}}
    exec.emit @in terminal 0 (%a : i64)
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{needs a condition, a bool or bool?, found 'i64'}}
    exec.keep %a : i64 filter "f"
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    %true = expr.constant(true) : i1
    // expected-error @below {{has `likely` 101; it is a percentage, or -1}}
    exec.keep %true : i1 filter "f" {likely = 101 : i32}
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{needs a list, found 'i64'}}
    exec.unnest %a : i64 {
    ^bb0:
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{has a block without arguments}}
    exec.branch {
    ^bb0(%c: i64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    %l = expr.list[%a] : (i64) -> !expr.list<i64>
    // expected-error @below {{must be the last of its block}}
    exec.unnest %l : !expr.list<i64> {
    ^bb0(%e: i64):
    }
    exec.demand %a : i64
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    %l = expr.list[%a] : (i64) -> !expr.list<i64>
    // expected-error @below {{must have a block with the arguments ('i64'), found ('f64')}}
    exec.unnest %l : !expr.list<i64> {
    ^bb0(%e: f64):
    }
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64, b: bool> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">, #stream.column<"b", "">], used = array<i1: true, false>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    %l = expr.list[%a] : (i64) -> !expr.list<i64>
    exec.unnest %l : !expr.list<i64> {
    ^bb0(%e: i64):
      // expected-error @below {{must stand in a step or in its branches}}
      exec.stage "here"
    }
  }
}

// -----

exec.program @sites sites [] terminals [] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{has the error site 4 of 0}}
    %b = expr.neg %a {expr.site = 4 : i32} : (i64) -> i64
    exec.demand %b : i64
  }
}

// -----

exec.program @terminals sites [] terminals ["out"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<a: i64> {connector = "stdout", options = {}}
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{has the number 1 of 1 terminals}}
    exec.emit @out terminal 1 (%a : i64)
  }
}

// -----

exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) () layout ?> keep <first> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{has the number 1 of 1 terminals}}
    state.admit @t terminal 1 keys(%a : i64) {
    }
  }
}

// -----

// A step that keeps state goes record by record.
exec.program @p sites [] terminals ["x"] {
  exec.source @in : !stream.of<a: i64> {connector = "stdin", options = {}, columns = [#stream.column<"a", "">], used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  state.table @t : !state.table<(a: i64) () layout ?> keep <first> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%a: i64):
    // expected-error @below {{must not stand in a step that keeps state, or behind whose records windows fire: it goes record by record}}
    exec.stage "because"
    state.admit @t terminal 0 keys(%a : i64) {
    }
  }
}
