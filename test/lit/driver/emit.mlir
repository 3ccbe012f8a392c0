// Every phase can be looked at.
//
// RUN: millrace run %s --until=import | FileCheck %s --check-prefix=IMPORT
// RUN: millrace run %s --emit=mlir | FileCheck %s --check-prefix=IMPORT
// RUN: millrace run %s --emit=mlir --until=optimize | FileCheck %s --check-prefix=PLAN
// RUN: millrace run %s --emit=mlir --until=llvm | FileCheck %s --check-prefix=PLAN
// RUN: millrace run %s --emit=exec --until=llvm | FileCheck %s --check-prefix=EXEC
// RUN: millrace run %s --until=optimize | FileCheck %s --check-prefix=EXEC
// RUN: millrace run %s --emit=exec --as-written --stage-mode=unfused | FileCheck %s --check-prefix=EXEC
// RUN: millrace run %s --until=lower | FileCheck %s --check-prefix=LOWER
// RUN: millrace run %s --until=llvm --cpu=x86-64-v3 | FileCheck %s --check-prefix=LLVM
// RUN: millrace run %s --emit=asm --cpu=x86-64-v3 | FileCheck %s --check-prefix=ASM
// RUN: millrace build %s --until=object -o %t.o && llvm-nm %t.o | FileCheck %s --check-prefix=OBJ
// RUN: millrace run %s --emit=ll --timing 2>&1 >/dev/null | FileCheck %s --check-prefix=TIMING
// RUN: millrace run %s --until=optimize --remarks 2>&1 >/dev/null | FileCheck %s --check-prefix=REMARKS

// IMPORT: stream.pipeline @emit {
// IMPORT: %big = filter %nums where n >= 10
// PLAN: stream.pipeline @emit
// PLAN: filter
// EXEC: exec.program @emit
// EXEC: exec.step
// EXEC: exec.keep
// EXEC: exec.emit
// LOWER: llvm.func @mr_pipeline
// LLVM: define {{.*}}@mr_pipeline()
// The runtime's functions are part of the loops: only the out-of-line ones are left.
// LLVM-NOT: call{{.*}}@mr_out_begin
// LLVM-NOT: call{{.*}}@mr_out_room(
// LLVM-NOT: call{{.*}}@mr_out_end
// ASM: mr_pipeline:
// OBJ: T mr_pipeline
// TIMING: ms  start
// TIMING: ms  import
// TIMING: ms  optimize
// TIMING: ms  lower
// TIMING: ms  llvm
// REMARKS: emit.mlir:{{[0-9]+}}:{{[0-9]+}}: remark: big: {{.*}}[exec-stage-loops]

stream.pipeline @emit {
  %nums = source sequence(count = 20) 
  %big = filter %nums where n >= 10
  sink %big to stdout as csv
}
