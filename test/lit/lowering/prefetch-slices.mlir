// Tables of slices share the cache: slots of sixty are asked for from a sixtieth of the size on (docs/decisions/0020). 3 MiB of
// one window's slots of 16 bytes are 196608; a sixtieth, of 24 bytes as records are counted too, is 2184.
// RUN: millrace build %s --emit=llvm-mlir | FileCheck %s
// RUN: sed 's/sliding 60 s every 1 s/tumbling 60 s/' %s > %t.mlir
// RUN: millrace build %t.mlir --emit=llvm-mlir | FileCheck %t.mlir --check-prefix=ALONE

stream.pipeline @slices {
  %in = source memory("in") as binary { k: i64, v: i64, t: timestamp } watermark t ascending
  %keyed = key_by %in on k
  %out = window %keyed sliding 60 s every 1 s { s = sum(v) }
  sink %out to null
}

// CHECK: %[[FEW:.*]] = llvm.mlir.constant(2184 : i64)
// CHECK-NEXT: llvm.icmp "uge" %{{.*}}, %[[FEW]]
// CHECK: rw = 1 : i32

// ALONE: %[[MANY:.*]] = llvm.mlir.constant(196608 : i64)
// ALONE-NEXT: llvm.icmp "uge" %{{.*}}, %[[MANY]]
// ALONE: rw = 1 : i32
