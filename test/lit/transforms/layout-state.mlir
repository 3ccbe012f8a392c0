// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state,state-verify-resolved))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state{layout=dense}))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s --check-prefix=DENSE
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state{layout=packed}))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s --check-prefix=PACKED
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state{layout=by-id}))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s --check-prefix=ID

// CHECK-DAG: Function=by_key | Remark="inline: hashed, with the key in the slot"
// CHECK-DAG: Function=all | Remark="inline: one slot, because there is no key"
// CHECK: state.table @by_key : {{.*}} layout inline>
// CHECK: state.table @all : {{.*}} layout inline>

// DENSE-DAG: Function=by_key | Remark="not dense, which is forced: the range of `k` is not known, which an array would need"
// DENSE-DAG: Function=wide | Remark="not dense, which is forced: an array would have more than 2097152 positions"
// DENSE: state.table @by_key : {{.*}} layout inline>
// DENSE: state.table @all : {{.*}} layout dense>
// DENSE: state.table @small : {{.*}} layout dense<0 to 1, -128 to 127>>
// DENSE: state.table @wide : {{.*}} layout inline>
// DENSE: state.table @text : {{.*}} layout inline>

// PACKED-DAG: Function=text | Remark="not packed, which is forced: `s` has no fixed size"
// PACKED-DAG: Function=long | Remark="not packed, which is forced: the key is longer than 64 bits"
// PACKED: state.table @by_key : {{.*}} layout packed<*>>
// PACKED: state.table @all : {{.*}} layout inline>
// PACKED: state.table @small : {{.*}} layout packed<0 to 1, -128 to 127>>
// PACKED: state.table @text : {{.*}} layout inline>

// ID-DAG: Function=by_key | Remark="not by_id, which is forced: no field of the key is a text, so a number would save nothing"
// ID: state.table @text : {{.*}} layout by_id>
exec.program @p sites [] terminals [] {
  state.table @by_key : !state.table<(k: !expr.nullable<i64>) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @all : !state.table<() (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @small : !state.table<(b: i1, c: !expr.nullable<i8>) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @wide : !state.table<(c: ui16, d: i8) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @long : !state.table<(c: i64, d: i8) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @text : !state.table<(s: !expr.string) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
}
