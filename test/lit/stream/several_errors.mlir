// One run reports all mistakes that are no broken syntax, each at its place.
// RUN: not millrace-opt %s 2>&1 | FileCheck %s
stream.pipeline @strong_quakes {
  %quakes = source file("quakes.jsonl") as json {
    mag: f64? at properties.mag, time: timestamp at properties.time in ms, net: string at properties.net, depth: f64?
  } watermark time bounded 10 min
  // CHECK: several_errors.mlir:[[@LINE+4]]:34: error: no field `magn` here; did you mean `mag`?
  // CHECK-NEXT: %strong = filter %quakes where magn >= 4.5 and net <> "us"
  // CHECK-NEXT: {{^ +\^$}}
  // CHECK-NEXT: several_errors.mlir:[[@LINE+1]]:34: note: the fields are mag, time, net, depth
  %strong = filter %quakes where magn >= 4.5 and net <> "us"
  // CHECK: several_errors.mlir:[[@LINE+3]]:43: error: `-` does not work between timestamp and i64; give the number a unit, as in `10 s`
  // CHECK: several_errors.mlir:[[@LINE+2]]:64: error: `>` does not work between f64? and string
  // CHECK: several_errors.mlir:[[@LINE+1]]:80: error: no function `lenght`; did you mean `length`?
  %wide   = map %strong { net, age = time - 3600, deep = depth > net, mag, x = lenght(net) }
  // CHECK: several_errors.mlir:[[@LINE+3]]:54: error: no field `mga` here; did you mean `mag`?
  // CHECK: several_errors.mlir:[[@LINE+2]]:72: error: `sum` needs a number, but this is string
  %keyed  = key_by %wide on net
  %hourly = window %keyed tumbling 1 h { worst = max(mga), total = sum(net) }
  // CHECK: several_errors.mlir:[[@LINE+2]]:35: error: `file` has no option `ordre`; did you mean `order`?
  // CHECK: several_errors.mlir:[[@LINE+1]]:56: error: option `header` of `csv` needs true or false
  sink %hourly to file("out.csv", ordre = name) as csv(header = 1)
  // CHECK-NOT: error
}
