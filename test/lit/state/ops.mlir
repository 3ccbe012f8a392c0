// RUN: millrace-opt %s | millrace-opt | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | millrace-opt | FileCheck %s
// RUN: millrace-opt %s -emit-bytecode | millrace-opt | FileCheck %s

exec.program @p sites [] terminals [] {
  // CHECK: state.table @hourly : !state.table<(net: !expr.string, "odd name": !expr.nullable<i64>) (<"n" = "count"(none) : i64>, <"worst" = "max"(f64) : f64>) layout ?> window <tumbling 1 h> inputs [@quakes]{{$}}
  state.table @hourly : !state.table<(net: !expr.string, "odd name": !expr.nullable<i64>) (<"n" = "count"(none) : i64>, <"worst" = "max"(f64) : f64>) layout ?>
    window #stream.window<tumbling 3600 s> inputs [@quakes]
  // CHECK: state.table @all : !state.table<() (<"n" = "count"(none) : i64>) layout inline> window <global> inputs [@hourly, @other] ordered
  state.table @all : !state.table<() (<"n" = "count"(none) : i64>) layout inline> window #stream.window<global> inputs [@hourly, @other] ordered
  // CHECK: layout dense<0 to 9999, -1 to 1> cold [newest, "odd name"]> window
  state.table @dense : !state.table<(a: i64, b: i8) (<"newest" = "last"(f64) : f64>, <"odd name" = "last"(f64) : f64>) layout dense<0 to 9999, -1 to 1> cold [newest, "odd name"]> window #stream.window<global> inputs [@other]
  // CHECK: layout packed<*, 0 to 7>> window
  state.table @packed : !state.table<(a: i32, b: i64) () layout packed<*, 0 to 7>> window #stream.window<global> inputs [@other]
  // CHECK: layout dense> window
  state.table @one : !state.table<() () layout dense> window #stream.window<global> inputs [@other]
  // CHECK: layout by_id> window
  state.table @text : !state.table<(a: !expr.string) () layout by_id> window #stream.window<global> inputs [@other]
  // CHECK: layout ?> keep <running, ttl 1 h, delete> inputs [@other]
  state.table @running : !state.table<(a: !expr.string) (<"n" = "count"(none) : i64>) layout ?> keep #state.keep<running, ttl 60 min, delete> inputs [@other]
  // CHECK: layout ?> keep <first> inputs [@other]
  state.table @first : !state.table<(a: !expr.string) () layout ?> keep <first> inputs [@other]
  // CHECK: layout ?> keep <last, ttl 1 d> inputs [@other]
  state.table @last : !state.table<(a: !expr.string) () layout ?> keep <last, ttl 1 d> inputs [@other]
}
