// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec-verify-formed)' --remarks-filter=stream-form-steps --remark-policy=all 2>&1 | FileCheck %s

// Rules 10, 24 and 27: rows of one firing arrive in the order of their keys, which `first` and sums of floats see and a
// count does not.
// CHECK-DAG: Function=minutes | Remark="its rows come in the order of keys, because `hours` depends on arrival"
// CHECK-LABEL: exec.program @chain
// CHECK: state.table @minutes {{.*}} inputs [@in] ordered
// CHECK: state.table @hours {{.*}} inputs [@minutes]{{$}}
// CHECK: state.table @days {{.*}} inputs [@hours]{{$}}
// CHECK: exec.fire @minutes
// CHECK: exec.keep %{{.*}} filter "some"
// CHECK: state.fold @hours terminal 1 keys(%[[K:.*]] : i64) at %{{.*}} args(%{{.*}}, %{{.*}} : i64, i64) filters [false, true](%{{.*}} : i1)
// CHECK: exec.fire @hours
// CHECK: state.fold @days terminal 2
stream.pipeline @chain {
  %in = source stdin as json { a: i64, t: timestamp in ms } watermark t bounded 10 s
  %k = key_by %in on a
  %minutes = window %k tumbling 1 min { n = count() }
  %some = filter %minutes where n > 1
  %k2 = key_by %some on a
  %hours = window %k2 tumbling 1 h { n = first(n), s = sum(n) where n > 5 }
  %days = window %hours tumbling 1 d { n = count(), s = sum(s) }
  sink %days to stdout as json
}

// CHECK-LABEL: exec.program @two_ways_in
// CHECK: state.table @w {{.*}} (<"n" = "count"(!expr.nullable<f64>) : i64>, <"s" = "sum"(!expr.nullable<f64>) : !expr.nullable<f64>>) {{.*}} inputs [@a, @b]
stream.pipeline @two_ways_in {
  %a = source stdin as json { x: f64?, t: timestamp in ms } watermark t bounded 10 s
  %b = source file("b") as json { x: f64?, t: timestamp in ms } watermark t bounded 10 s
  %u = union %a, %b
  %k = key_by %u on x
  %w = window %k global { n = count(x), s = sum(x) }
  sink %w to stdout as json
}

// Dead letters are a source of their own; nobody's are none.
// CHECK-LABEL: exec.program @dead_letters
// CHECK: exec.source @in
// CHECK: exec.source @bad : {{.*}}dead_of = @in
// CHECK-SAME: used = array<i1: false, false, false, false, false, true>
// CHECK: exec.source @other
// CHECK-NOT: exec.source
// CHECK: exec.step @bad fields [5]
stream.pipeline @dead_letters {
  %in, %bad = source stdin as json { a: i64 } on_bad dead_letter
  %other, %ignored = source file("b") as json { a: i64 } on_bad dead_letter
  sink %in to stdout as json
  sink %other to stdout as json
  %why = map %bad { reason }
  sink %why to file("bad.jsonl") as json
}
