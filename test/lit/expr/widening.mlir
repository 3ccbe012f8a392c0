// Numbers of different types meet by casts that need not be written (rule 46), literals take their neighbour's type.
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s --check-prefix=TEXT

stream.pipeline @widening {
  %in = source stdin as json { i8: i8, i16: i16, i32: i32?, i64: i64, u8: u8, u16: u16, u32: u32, u64: u64, f32: f32, f64: f64 }
  %m = map %in {
    // The wider of two integers.
    // CHECK: "expr.cast"(%{{.*}}) : (i8) -> i16
    // CHECK-NEXT: "expr.add"(%{{.*}}) : (i16, i16) -> i16
    // TEXT: a = i8 + i16,
    a = i8 + i16,
    // Null goes through; the cast keeps it.
    // CHECK: "expr.cast"(%{{.*}}) : (!expr.nullable<i32>) -> !expr.nullable<i64>
    // CHECK-NEXT: "expr.add"(%{{.*}}) : (!expr.nullable<i64>, i64) -> !expr.nullable<i64>
    // TEXT: b = i32 + i64,
    b = i32 + i64,
    // Unsigned and signed: the next wider signed one.
    // CHECK: "expr.cast"(%{{.*}}) : (ui8) -> i16
    // CHECK-NEXT: "expr.cast"(%{{.*}}) : (i8) -> i16
    // CHECK-NEXT: "expr.mul"(%{{.*}}) : (i16, i16) -> i16
    // TEXT: c = u8 * i8,
    c = u8 * i8,
    // CHECK: "expr.cast"(%{{.*}}) : (ui32) -> i64
    // CHECK-NEXT: "expr.sub"(%{{.*}}) : (i64, i64) -> i64
    // TEXT: d = u32 - i64,
    d = u32 - i64,
    // CHECK: "expr.cast"(%{{.*}}) : (ui8) -> ui16
    // CHECK-NEXT: "expr.mod"(%{{.*}}) : (ui16, ui16) -> ui16
    e = u8 mod u16,
    // Integer and float meet in f64, whatever the float.
    // CHECK: "expr.cast"(%{{.*}}) : (i8) -> f64
    // CHECK-NEXT: "expr.cast"(%{{.*}}) : (f32) -> f64
    // CHECK-NEXT: "expr.div"(%{{.*}}) : (f64, f64) -> f64
    f = i8 / f32,
    // CHECK: "expr.cast"(%{{.*}}) : (f32) -> f64
    // CHECK-NEXT: "expr.add"(%{{.*}}) : (f64, f64) -> f64
    // TEXT: g = f32 + f64,
    g = f32 + f64,
    // CHECK: "expr.add"(%{{.*}}) : (f32, f32) -> f32
    h = f32 + f32,
    // A literal that fits takes its neighbour's type …
    // CHECK: value = 200 : ui8
    // CHECK-NEXT: "expr.add"(%{{.*}}) : (ui8, ui8) -> ui8
    // TEXT: i = u8 + 200,
    i = u8 + 200,
    // … else both widen.
    // CHECK: "expr.cast"(%{{.*}}) : (ui8) -> i64
    // CHECK-NEXT: value = 300 : i64
    // CHECK-NEXT: "expr.add"(%{{.*}}) : (i64, i64) -> i64
    // TEXT: j = cast(u8 as i64) + 300,
    j = u8 + 300,
    // CHECK: "expr.cast"(%{{.*}}) : (i64) -> f64
    // CHECK-NEXT: value = 2.500000e+00 : f64
    // TEXT: k = i64 * 2.5,
    k = i64 * 2.5,
    // CHECK: value = 1.000000e-01 : f32
    // TEXT: l = f32 > 0.1,
    l = f32 > 0.1,
    // CHECK: value = 18446744073709551615 : ui64
    // TEXT: m = u64 = 18446744073709551615,
    m = u64 = 18446744073709551615,
    // Arguments widen too.
    // CHECK: "expr.cast"(%{{.*}}) : (i8) -> f64
    // CHECK-NEXT: callee = "sqrt"
    n = sqrt(i8),
    // CHECK: "expr.cast"(%{{.*}}) : (i8) -> i64
    // CHECK-NEXT: "expr.coalesce"
    // CHECK-SAME: (!expr.nullable<i64>, i64) -> i64
    o = coalesce(cast(i32 as i64), i8),
    // A cast that was written stays where the reader would not put one in the same place.
    // TEXT: p = cast(i8 as i64) * (i64 + 1),
    p = cast(i8 as i64) * (i64 + 1),
    // TEXT: q = 5 + i8 * i8,
    q = cast(5 as i8) + i8 * i8,
    // TEXT: r = cast(5 as i32),
    r = cast(5 as i32),
    // TEXT: s = cast(i8 as f64) + cast(i64 as f64) + (f32 + i64),
    s = (cast(i8 as f64) + i64) + (cast(f32 as f64) + i64),
    // TEXT: t = cast(cast(5 as i32) as i64) + i64 - -cast(3 as i64)
    t = cast(5 as i32) + i64 - -cast(3 as i64)
  }
  sink %m to null
}
