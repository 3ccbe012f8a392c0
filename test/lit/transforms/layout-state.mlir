// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state,state-verify-resolved))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state{layout=dense}))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s --check-prefix=DENSE
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state{layout=packed}))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s --check-prefix=PACKED
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state{layout=inline}))' | FileCheck %s --check-prefix=INLINE
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state{layout=by-id}))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s --check-prefix=ID
// RUN: millrace-opt %s --pass-pipeline='builtin.module(exec.program(stream-layout-state{memory=4000}))' --remarks-filter=stream-layout-state --remark-policy=all 2>&1 | FileCheck %s --check-prefix=MEMORY

// CHECK-DAG: Function=by_key | Remark="not dense: the range of `k` is not known, which an array would need"
// CHECK-DAG: Function=by_key | Remark="packed<*>: hashed by one word, which holds the whole key"
// CHECK-DAG: Function=all | Remark="dense: one slot, because there is no key"
// CHECK-DAG: Function=small | Remark="dense<0 to 1, -128 to 127>: an array of 514 positions, because all values of the key are known"
// CHECK-DAG: Function=wide | Remark="not dense: an array would have more than 2097152 positions"
// CHECK-DAG: Function=long | Remark="not packed: the key is longer than 64 bits"
// CHECK-DAG: Function=long | Remark="not by_id: no field of the key is a text, so a number would save nothing"
// CHECK-DAG: Function=long | Remark="inline: hashed, with the key in the slot"
// CHECK-DAG: Function=text | Remark="not packed: `s` has no fixed size"
// CHECK-DAG: Function=text | Remark="not by_id: there is one table, so a dictionary beside it would be a second place to look"
// CHECK-DAG: Function=text | Remark="inline: hashed, with the key in the slot"
// CHECK-DAG: Function=texts | Remark="not by_id: a look into a dictionary with each record takes longer than a key in the slot, though less memory"
// CHECK-DAG: Function=texts | Remark="inline: hashed, with the key in the slot"
// CHECK-DAG: Function=sliced | Remark="by_id: an array by the numbers that a dictionary gives to keys"
// CHECK-DAG: Function=filled | Remark="not packed: each window would get each key anew, and all of them fire"
// CHECK-DAG: Function=filled | Remark="by_id: an array by the numbers that a dictionary gives to keys"
// CHECK: state.table @by_key : {{.*}} layout packed<*>> {{.*}} {state.reason = "hashed by one word, which holds the whole key; not dense: the range of `k` is not known, which an array would need"}
// CHECK: state.table @all : {{.*}} layout dense>
// CHECK: state.table @small : {{.*}} layout dense<0 to 1, -128 to 127>>
// CHECK: state.table @wide : {{.*}} layout packed<*, *>>
// CHECK: state.table @long : {{.*}} layout inline>
// CHECK: state.table @text : {{.*}} layout inline>
// CHECK: state.table @texts : {{.*}} layout inline>
// CHECK: state.table @sliced : {{.*}} layout by_id>
// CHECK: state.table @filled : {{.*}} layout by_id>
// CHECK: state.table @hashed : {{.*}} layout inline>

// What is kept aside so that a slot is a cache line: first what is written once, then texts; no more than is needed.
// CHECK: state.table @full : {{.*}} layout dense> window
// CHECK: state.table @cold : {{.*}} layout packed<*> cold [a, f]> window
// A count of texts keeps none.
// CHECK: state.table @counts : {{.*}} layout packed<*>> window

// DENSE-DAG: Function=by_key | Remark="not dense, which is forced: the range of `k` is not known, which an array would need"
// DENSE-DAG: Function=by_key | Remark="packed<*>: hashed by one word, which holds the whole key"
// DENSE-DAG: Function=wide | Remark="not dense, which is forced: an array would have more than 2097152 positions"
// DENSE-DAG: Function=small | Remark="dense<0 to 1, -128 to 127>: forced; an array of 514 positions, because all values of the key are known"
// DENSE: state.table @by_key : {{.*}} layout packed<*>>
// DENSE: state.table @all : {{.*}} layout dense>
// DENSE: state.table @small : {{.*}} layout dense<0 to 1, -128 to 127>>
// DENSE: state.table @wide : {{.*}} layout packed<*, *>>
// DENSE: state.table @text : {{.*}} layout inline>
// DENSE: state.table @texts : {{.*}} layout inline>

// MEMORY-DAG: Function=small | Remark="not dense: an array of 514 positions would have 4112 bytes, and --memory allows 4000"
// MEMORY: state.table @all : {{.*}} layout dense>
// MEMORY: state.table @small : {{.*}} layout packed<*, *>>

// PACKED-DAG: Function=text | Remark="not packed, which is forced: `s` has no fixed size"
// PACKED-DAG: Function=long | Remark="not packed, which is forced: the key is longer than 64 bits"
// PACKED-DAG: Function=filled | Remark="packed<*>: forced; hashed by one word, which holds the whole key"
// PACKED: state.table @by_key : {{.*}} layout packed<*>>
// PACKED: state.table @all : {{.*}} layout dense>
// PACKED: state.table @small : {{.*}} layout packed<*, *>>
// PACKED: state.table @text : {{.*}} layout inline>

// INLINE: state.table @by_key : {{.*}} layout inline>
// INLINE: state.table @all : {{.*}} layout inline>
// INLINE: state.table @small : {{.*}} layout inline>
// INLINE: state.table @text : {{.*}} layout inline>
// INLINE: state.table @texts : {{.*}} layout inline>

// ID-DAG: Function=filled | Remark="by_id: forced; an array by the numbers that a dictionary gives to keys"
// ID-DAG: Function=by_key | Remark="not by_id, which is forced: no field of the key is a text, so a number would save nothing"
// ID: state.table @by_key : {{.*}} layout packed<*>>
// ID: state.table @text : {{.*}} layout by_id>
// ID: state.table @texts : {{.*}} layout by_id>
exec.program @p sites [] terminals [] {
  state.table @by_key : !state.table<(k: !expr.nullable<i64>) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @all : !state.table<() (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @small : !state.table<(b: i1, c: !expr.nullable<i8>) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @wide : !state.table<(c: ui16, d: i8) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @long : !state.table<(c: i64, d: i8) (<"n" = "count"(none) : i64>) layout ?> window <global> inputs [@in]
  state.table @text : !state.table<(s: !expr.string) (<"n" = "count"(none) : i64>) layout ?> keep <running> inputs [@in]
  state.table @texts : !state.table<(s: !expr.string, k: i64) (<"n" = "count"(none) : i64>) layout ?> window <tumbling 1 h> inputs [@in]
  state.table @sliced : !state.table<(s: !expr.string) (<"n" = "count"(none) : i64>) layout ?> window <sliding 60 s every 1 s> inputs [@in]
  state.table @filled : !state.table<(k: i64) (<"n" = "count"(none) : i64>) layout ?> window <tumbling 1 h> inputs [@in] {state.fill}
  state.table @hashed : !state.table<(k: i64) () layout inline> window <tumbling 1 h> inputs [@in]
  state.table @full : !state.table<() (<"a" = "first"(f64) : f64>, <"b" = "first"(f64) : f64>, <"c" = "first"(f64) : f64>, <"d" = "first"(f64) : f64>) layout ?> window <global> inputs [@in]
  state.table @cold : !state.table<(k: i64) (<"n" = "count"(none) : i64>, <"a" = "first"(f64) : f64>, <"t" = "min"(i32) : i32>, <"f" = "min"(!expr.string) : !expr.string>, <"g" = "last"(i64) : i64>, <"h" = "sum"(i64) : i64>) layout ?> window <global> inputs [@in]
  state.table @counts : !state.table<(k: i64) (<"a" = "count"(!expr.string) : i64>, <"b" = "count"(!expr.string) : i64>, <"c" = "count"(!expr.string) : i64>, <"d" = "count"(!expr.string) : i64>, <"e" = "count"(!expr.string) : i64>, <"f" = "count"(!expr.string) : i64>, <"g" = "count"(!expr.string) : i64>, <"h" = "count"(!expr.string) : i64>) layout ?> window <global> inputs [@in]
}
