// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec-verify-formed)' | FileCheck %s

// Rule 10: copies of one record come in the order of the operands, which is not the written order here.
// CHECK-LABEL: exec.program @operand_order
// CHECK: exec.step @in
// CHECK: exec.branch
// CHECK: exec.keep %{{.*}} filter "second"
// CHECK: exec.emit @u_stdout terminal 0
// CHECK: exec.branch
// CHECK: exec.keep %{{.*}} filter "first"
// CHECK: exec.emit @u_stdout terminal 0
stream.pipeline @operand_order {
  %in = source stdin as json { a: i64 }
  %first = filter %in where a > 1
  %second = filter %in where a > 2
  %u = union %second, %first
  sink %u to stdout as json
}

// The union's consumers are copied into each way that leads there; ways that share nothing stay one branch each.
// CHECK-LABEL: exec.program @two_sources
// CHECK: exec.step @a
// CHECK-NOT: exec.branch
// CHECK: exec.keep %{{.*}} filter "f"
// CHECK-NEXT: exec.emit @f_stdout terminal 0
// CHECK: exec.step @b
// CHECK: expr.neg
// CHECK: exec.keep %{{.*}} filter "f"
// CHECK-NEXT: exec.emit @f_stdout terminal 0
stream.pipeline @two_sources {
  %a = source stdin as json { n: i64 }
  %b = source file("b") as json { n: i64 }
  %m = map %b { n = -n }
  %u = union %a, %m
  %f = filter %u where n > 0
  sink %f to stdout as json
}

// Ways that part twice and meet in another order: `p`, then `y`, then `q`, each followed on its own.
// CHECK-LABEL: exec.program @interleaved
// CHECK: exec.step @in
// CHECK-NEXT: ^bb0
// CHECK-NEXT: exec.branch
// CHECK: filter "x"
// CHECK: filter "p"
// CHECK: exec.emit
// CHECK: exec.branch
// CHECK-NOT: filter "x"
// CHECK: filter "y"
// CHECK: exec.emit
// CHECK: exec.branch
// CHECK: filter "x"
// CHECK: filter "q"
// CHECK: exec.emit
// CHECK-NOT: exec.branch
stream.pipeline @interleaved {
  %in = source stdin as json { a: i64 }
  %x = filter %in where a > 0
  %y = filter %in where a > 1
  %p = filter %x where a > 2
  %q = filter %x where a > 3
  %u = union %p, %y, %q
  sink %u to stdout as json
}

// Two unions with contrary orders: no order of the two consumers serves both.
// CHECK-LABEL: exec.program @contrary
// CHECK: exec.step @in
// CHECK: filter "a"
// CHECK-NEXT: exec.emit @ab_stdout
// CHECK: filter "b"
// CHECK-NEXT: exec.emit @ab_stdout
// CHECK: filter "b"
// CHECK-NEXT: exec.emit @ba_stdout
// CHECK: filter "a"
// CHECK-NEXT: exec.emit @ba_stdout
stream.pipeline @contrary {
  %in = source stdin as json { n: i64 }
  %a = filter %in where n > 1
  %b = filter %in where n > 2
  %ab = union %a, %b
  %ba = union %b, %a
  sink %ab to stdout as json
  sink %ba to stdout as json
}

// Behind a flat_map: the first operand's elements, then the second's; each takes the list apart for itself.
// CHECK-LABEL: exec.program @elements
// CHECK: exec.step @in
// CHECK: exec.branch
// CHECK: exec.unnest
// CHECK-NOT: exec.branch
// CHECK: filter "short"
// CHECK: exec.emit
// CHECK: exec.branch
// CHECK: exec.unnest
// CHECK-NOT: exec.branch
// CHECK: filter "long"
// CHECK: exec.emit
stream.pipeline @elements {
  %in = source stdin as json { text: string }
  %w = flat_map %in each w in split(text, " ") { w }
  %short = filter %w where length(w) < 3
  %long = filter %w where length(w) > 1
  %u = union %short, %long
  sink %u to stdout as json
}
