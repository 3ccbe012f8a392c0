// `!stream.of`: every clause, and what it does not allow.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect | FileCheck %s

// CHECK: !stream.of<timed: i64, keyed: string keyed by keyed upsert by timed, keyed timed>
"t.a"() : () -> !stream.of<timed: i64, keyed: string keyed by keyed upsert by timed, keyed timed>
// CHECK: !stream.of<a: i64 changelog>
"t.b"() : () -> !stream.of<a: i64 changelog>
// CHECK: !stream.of<"a b": f64?, c: [i64] timed>
"t.c"() : () -> !stream.of<"a b": f64?, c: [i64] timed>
// -----
// expected-error@+1 {{field `a` is there twice}}
"t.a"() : () -> !stream.of<a: i64, a: i64>
// -----
// expected-error@+1 {{field `a` has the type '!t.x', which is no type of values}}
"t.a"() : () -> !stream.of<a: !t.x>
// -----
// expected-error@+1 {{the key `b` is no field of the stream}}
"t.a"() : () -> !stream.of<a: i64 keyed by b>
// -----
// expected-error@+1 {{the key `b` is no field of the stream}}
"t.a"() : () -> !stream.of<a: i64 upsert by b>
