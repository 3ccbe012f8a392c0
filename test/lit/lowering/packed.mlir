// A packed table: the key is one word, the last field lowest, each field less the least value it can have, a bit above it if
// it may be null; a firing takes the word apart. A single field of 64 bits has its null at a place of its own.
// RUN: millrace-opt %s --exec-lower-to-scf --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --millrace-lower | mlir-translate --mlir-to-llvmir | opt -O3 -disable-output

exec.program @p sites [#exec.site<"m", "x", 1, 1>] terminals ["w", "v", "out"] {
  exec.source @in : !stream.of<k: i32, b: !expr.nullable<i8>, j: !expr.nullable<i64>, t: !expr.timestamp timed> {connector = "stdin", options = {},
    columns = [#stream.column<"k", "">, #stream.column<"b", "">, #stream.column<"j", "">, #stream.column<"t", "us">],
    used = array<i1: true, true, true, true>, first_site = 0 : i32, event_time = 3 : i32, watermark = #stream.watermark<ascending>, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<k: i32, b: !expr.nullable<i8>, n: i64> {connector = "stdout", options = {}}
  exec.sink @out2 : !stream.of<j: !expr.nullable<i64>, n: i64> {connector = "stdout", options = {}}
  state.table @w : !state.table<(k: i32, b: !expr.nullable<i8>) (<"n" = "count"(none) : i64>) layout packed<*, 1 to 3>>
    window #stream.window<tumbling 1 h> inputs [@in]
  state.table @v : !state.table<(j: !expr.nullable<i64>) (<"n" = "count"(none) : i64>) layout packed<*>>
    window #stream.window<tumbling 1 h> inputs [@in]
  exec.step @in fields [0, 1, 2] {
  ^bb0(%k: i32, %b: !expr.nullable<i8>, %j: !expr.nullable<i64>, %t: !expr.timestamp):
    state.fold @w terminal 0 keys(%k, %b : i32, !expr.nullable<i8>) at %t : !expr.timestamp args() filters [false] ()
    state.fold @v terminal 1 keys(%j : !expr.nullable<i64>) at %t : !expr.timestamp args() filters [false] ()
  }
  exec.fire @w {
  ^bb0(%k: i32, %b: !expr.nullable<i8>, %s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %at: !expr.timestamp):
    exec.emit @out terminal 2 (%k, %b, %n : i32, !expr.nullable<i8>, i64)
  }
  exec.fire @v {
  ^bb0(%j: !expr.nullable<i64>, %s: !expr.timestamp, %e: !expr.timestamp, %n: i64, %at: !expr.timestamp):
    exec.emit @out2 terminal 2 (%j, %n : !expr.nullable<i64>, i64)
  }
}

// Three values take two bits, null the third: 4.
// CHECK-LABEL: llvm.func internal @step_in(
// CHECK-DAG: %[[NULL:.*]] = arith.constant 4 : i64
// CHECK-DAG: %[[BITS:.*]] = arith.constant 3 : i64
// A later record's slot is asked for, then this one's is looked up.
// CHECK: llvm.intr.prefetch
// CHECK: %[[LOW:.*]] = arith.select %{{.*}}, %{{.*}}, %[[NULL]] : i64
// CHECK: %[[HIGH:.*]] = arith.shli %{{.*}}, %[[BITS]]
// CHECK: %[[WORD:.*]] = arith.ori %[[HIGH]], %[[LOW]]
// What slots hold has the signed field's top bit turned, together with the mask; LLVM takes it as it is.
// CHECK: %[[TURNED:.*]] = arith.xori %[[WORD]],
// CHECK: %[[STORED:.*]] = llvm.inline_asm "", "=r,0" %[[TURNED]]
// CHECK: %[[AGAIN:.*]] = llvm.xor %[[STORED]],
// CHECK: %[[HASH:.*]] = llvm.call @mr_packed_hash(%[[AGAIN]])
// The key that would look like an empty slot lies aside; else the way of the hash is gone until its slot or an empty one.
// CHECK: llvm.call @mr_packed_insert(%{{.*}}, %[[HASH]],
// CHECK: scf.while
// CHECK: arith.cmpi eq
// CHECK: scf.condition
// CHECK: llvm.call @mr_packed_insert(%{{.*}}, %[[HASH]],
// After that the table's head may be another.
// CHECK: llvm.call @mr_table_slots
// CHECK: llvm.call @mr_table_mask
// CHECK: llvm.call @mr_table_marks
// CHECK: llvm.call @mr_packed_null
// CHECK-LABEL: llvm.func internal @fire_w(
// CHECK: llvm.call @mr_table_next
// CHECK: llvm.call @mr_packed_key
// CHECK: arith.shrui
// CHECK-LABEL: llvm.func internal @fire_v(
// CHECK: llvm.call @mr_packed_key
// CHECK: llvm.call @mr_packed_is_null
