// A module as the lowering leaves it, with a description of a pipeline that has nothing in it: every form that codegen
// makes of it, and both ways to run it.
//
// RUN: millrace run %s --from=lower --emit=ll --cpu=x86-64-v3 | FileCheck %s --check-prefix=LL
// RUN: millrace run %s --from=lower --emit=asm --cpu=x86-64-v3 | FileCheck %s --check-prefix=ASM
// RUN: millrace run %s --from=lower --emit=bc -o %t.bc && llvm-dis %t.bc -o - | FileCheck %s --check-prefix=BC
// RUN: millrace run %s --from=lower --emit=obj -o %t.o && llvm-nm %t.o | FileCheck %s --check-prefix=OBJ
// RUN: millrace run %s --from=lower

// LL: target triple = "x86_64-pc-linux-gnu"
// LL: @mr_manifest = internal constant [{{.*}}] c"{\22name\22:\22trivial\22}\00", section ".millrace.manifest"
// LL: @llvm.used = {{.*}}@mr_manifest
// LL: define {{.*}}ptr @mr_pipeline()
// LL: attributes #0 = { {{.*}}sspstrong{{.*}}"target-cpu"="x86-64-v3"
// ASM: mr_pipeline:
// ASM: endbr64
// BC: define {{.*}}ptr @mr_pipeline()
// OBJ: T mr_pipeline

module {
  llvm.mlir.global internal constant @name("trivial\00") {addr_space = 0 : i32}
  llvm.mlir.global internal constant @mr_manifest("{\22name\22:\22trivial\22}\00") {addr_space = 0 : i32}
  llvm.mlir.global internal constant @description()
      : !llvm.struct<(i32, i32, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i32, i32, i32, i32, i32, i32)> {
    %0 = llvm.mlir.zero : !llvm.struct<(i32, i32, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i32, i32, i32, i32, i32, i32)>
    %version = llvm.mlir.constant(7 : i32) : i32
    %size = llvm.mlir.constant(96 : i32) : i32
    %name = llvm.mlir.addressof @name : !llvm.ptr
    %manifest = llvm.mlir.addressof @mr_manifest : !llvm.ptr
    %1 = llvm.insertvalue %version, %0[0] : !llvm.struct<(i32, i32, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i32, i32, i32, i32, i32, i32)>
    %2 = llvm.insertvalue %size, %1[1] : !llvm.struct<(i32, i32, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i32, i32, i32, i32, i32, i32)>
    %3 = llvm.insertvalue %name, %2[2] : !llvm.struct<(i32, i32, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i32, i32, i32, i32, i32, i32)>
    %4 = llvm.insertvalue %manifest, %3[3] : !llvm.struct<(i32, i32, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i32, i32, i32, i32, i32, i32)>
    llvm.return %4 : !llvm.struct<(i32, i32, ptr, ptr, ptr, ptr, ptr, ptr, ptr, ptr, i32, i32, i32, i32, i32, i32)>
  }
  llvm.func @mr_pipeline() -> !llvm.ptr {
    %0 = llvm.mlir.addressof @description : !llvm.ptr
    llvm.return %0 : !llvm.ptr
  }
}
