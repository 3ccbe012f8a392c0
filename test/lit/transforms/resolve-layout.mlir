// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(state-resolve-layout,state-verify-resolved))' --remarks-filter=state-resolve-layout --remark-policy=all 2>&1 | FileCheck %s

// CHECK-DAG: Function=by_key | Remark="open addressing: the range of the key is not known, which a dense array would need"
// CHECK-DAG: Function=all | Remark="open addressing with one slot: there is no key"
// CHECK: state.table @by_key : {{.*}} layout open_addressing>
// CHECK: state.table @all : {{.*}} layout open_addressing>
exec.program @p sites [] terminals [] {
  state.table @by_key : !state.table<(k: i64) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @all : !state.table<() (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
}
