// RUN: millrace-opt %s | millrace-opt | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | millrace-opt | FileCheck %s
// RUN: millrace-opt %s -emit-bytecode | millrace-opt | FileCheck %s

exec.program @p sites [] terminals [] {
  // CHECK: state.table @hourly : !state.table<(net: !expr.string, "odd name": !expr.nullable<i64>) (<"n" = "count"(none) : i64>, <"worst" = "max"(f64) : f64>) layout ?> window <tumbling 1 h> inputs [@quakes]{{$}}
  state.table @hourly : !state.table<(net: !expr.string, "odd name": !expr.nullable<i64>) (<"n" = "count"(none) : i64>, <"worst" = "max"(f64) : f64>) layout ?>
    window #stream.window<tumbling 3600 s> inputs [@quakes]
  // CHECK: state.table @all : !state.table<() (<"n" = "count"(none) : i64>) layout open_addressing> window <global> inputs [@hourly, @other] ordered
  state.table @all : !state.table<() (<"n" = "count"(none) : i64>) layout open_addressing> window #stream.window<global> inputs [@hourly, @other] ordered
}
