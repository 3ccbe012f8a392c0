// The manifest names operators, places and schemas. The hash is of the schema, so it changes if and only if that does.
// RUN: millrace-opt %s --exec-lower-to-scf | FileCheck %s

exec.program @p sites [] terminals ["w", "out"] {
  exec.source @in : !stream.of<n: i64> {connector = "stdin", options = {}, columns = [#stream.column<"n", "">],
    used = array<i1: true>, first_site = 0 : i32, event_time = -1 : i32, on_bad = #stream<on_bad fail>}
  exec.sink @out : !stream.of<c: i64> {connector = "stdout", options = {}}
  state.table @w : !state.table<(n: i64) (<"c" = "count"(none) : i64>) layout inline> window #stream.window<global> inputs [@in]
  exec.step @in fields [0] {
  ^bb0(%n: i64):
    state.fold @w terminal 0 keys(%n : i64) args() filters [false] ()
  }
  exec.fire @w {
  ^bb0(%n: i64, %c: i64, %at: !expr.timestamp):
    exec.emit @out terminal 1 (%c : i64)
  }
}

// CHECK: @mr_manifest(
// CHECK-SAME: abi_version
// CHECK-SAME: \22kind\22:\22source\22
// CHECK-SAME: manifest.mlir
// CHECK-SAME: \22cold_bytes\22:0
// CHECK-SAME: \22ideal_bytes\22:16
// CHECK-SAME: \22kind\22:\22inline\22
// CHECK-SAME: \22name\22:\22c\22,\22offset\22:16,\22part\22:\22member\22,\22size\22:8
// CHECK-SAME: \22slot_bytes\22:24
// CHECK-SAME: \22aggregate\22:\22count\22
// CHECK-SAME: \22schema_hash\22:\22{{[0-9a-f]+}}\22
