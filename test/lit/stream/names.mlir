// Names survive: they come back in the text, and the passes see them as `labels`.
// RUN: millrace-opt %s --canonicalize --cse | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=IR

// CHECK: %strong_quakes, %bad.ones = source
// IR: "stream.source"{{.*}}labels = ["strong_quakes", "bad.ones"]
// CHECK: %kept = filter %strong_quakes where mag > 4.5
// IR: "stream.filter"{{.*}}labels = ["kept"]
// A number is no name.
// CHECK: %0 = filter %kept
// IR: "stream.filter"(%{{.*}}) <{fields = ["mag"]}>
stream.pipeline @names {
  %strong_quakes, %bad.ones = source stdin as json { mag: f64? } on_bad dead_letter
  %kept = filter %strong_quakes where mag > 4.5
  %0 = filter %kept where mag < 9.5
  sink %0 to null
  sink %bad.ones to null
}
