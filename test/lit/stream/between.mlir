// The declared range of a field: every form reads, prints and reads back the same.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=GENERIC

// GENERIC: #stream.column<"n", "", between 0 : i64 and 9999 : i64>
// GENERIC: #stream.column<"c.d", "", between 0 : ui64 and 18446744073709551615 : ui64>
// CHECK-LABEL: stream.pipeline @ranges
stream.pipeline @ranges {
  // CHECK: %one = source stdin as json { n: i64 between 0 and 9999 }
  %one = source stdin as json { n: i64 between 0 and 9999 }
  // CHECK:      %in = source file("x") as json {
  // CHECK-NEXT:   a:         i8,
  // CHECK-NEXT:   b:         i8?       between -128 and 127,
  // CHECK-NEXT:   c:         u64       at c.d between 0 and 18446744073709551615,
  // CHECK-NEXT:   d:         i64       between -9223372036854775808 and -9223372036854775808,
  // CHECK-NEXT:   t:         timestamp in ms,
  // CHECK-NEXT:   "between": u8        between 15 and 20
  // CHECK-NEXT: } watermark t ascending
  %in = source file("x") as json {
    a: i8,
    b: i8?  between -128 and 127,
    c: u64 at c.d between 0 and 18446744073709551615,
    d: i64 between -9223372036854775808 and -9223372036854775808,
    t: timestamp in ms,
    "between": u8 between 15 and 20
  } watermark t ascending
  sink %one to stdout as json
  sink %in to stdout as json
}
