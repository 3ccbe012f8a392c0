// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-note-written,stream-split-filters),stream-form-steps,exec-verify-formed)' | FileCheck %s

// Rule 3: event time stays with the record, hidden, when a map drops the field.
// CHECK-LABEL: exec.program @hidden
// CHECK: exec.source @in{{.*}}event_time = 1 : i32{{.*}}used = array<i1: true, true>{{.*}}bounded 10 s
// CHECK: state.table @w{{.*}}layout ?> window <tumbling 1 min> inputs [@in]{{$}}
// CHECK: exec.step @in fields [0] {
// CHECK-NEXT: ^bb0(%[[A:.*]]: i64, %[[TIME:.*]]: !expr.timestamp):
// CHECK-NEXT: state.fold @w terminal 0 keys() at %[[TIME]] : !expr.timestamp args(%[[A]] : i64) filters [false]()
// CHECK: exec.fire @w {
// CHECK-NEXT: ^bb0(%[[START:.*]]: !expr.timestamp, %[[END:.*]]: !expr.timestamp, %[[S:.*]]: i64, %{{.*}}: !expr.timestamp):
// CHECK-NEXT: exec.emit @w_stdout terminal 1(%[[START]], %[[END]], %[[S]] :
stream.pipeline @hidden {
  %in = source stdin as json { a: i64, t: timestamp in ms } watermark t bounded 10 s
  %m = map %in { a }
  %w = window %m tumbling 1 min { s = sum(a) }
  sink %w to stdout as json
}

// CHECK-LABEL: exec.program @expression
// CHECK: exec.source @in{{.*}}event_time = -2
// CHECK: exec.event_time @in fields [1, 2] {
// CHECK-NEXT: ^bb0(%[[T:.*]]: !expr.timestamp, %[[D:.*]]: !expr.duration):
// CHECK-NEXT: %[[SUM:.*]] = expr.add %[[T]], %[[D]] {expr.site = 3 : i32}
// CHECK-NEXT: expr.yield %[[SUM]]
// CHECK: exec.step @in fields [0] {
// CHECK-NEXT: ^bb0(%{{.*}}: i64, %{{.*}}: !expr.timestamp):
stream.pipeline @expression {
  %in = source stdin as json { a: i64, t: timestamp in ms, took: duration in ms } watermark t + took ascending
  %w = window %in tumbling 1 min { s = sum(a) }
  sink %w to stdout as json
}

// In processing time the pane is the clock's, whatever the time of a record is, and results say `timing`.
// CHECK-LABEL: exec.program @processing
// CHECK: state.table @w{{.*}}window <tumbling 1 s in processing_time>
// CHECK: state.fold @w terminal 0 keys(%{{.*}} : i64) args() filters [false]()
// CHECK: exec.fire @w {
// CHECK-NEXT: ^bb0(%{{.*}}: i64, %{{.*}}: !expr.timestamp, %{{.*}}: !expr.timestamp, %{{.*}}: !expr.string, %{{.*}}: i64, %{{.*}}: !expr.timestamp):
stream.pipeline @processing {
  %in = source stdin as json { a: i64 }
  %k = key_by %in on a
  %w = window %k tumbling 1 s in processing_time { n = count() }
  sink %w to stdout as json
}

// Rule 18: an unkeyed global window gives a row over empty input too, whose time is null.
// CHECK-LABEL: exec.program @global
// CHECK: exec.fire @w {
// CHECK-NEXT: ^bb0(%{{.*}}: i64, %{{.*}}: !expr.nullable<timestamp>):
stream.pipeline @global {
  %in = source stdin as json { a: i64 }
  %w = window %in global { n = count() }
  sink %w to stdout as json
}

// Rule 5: what moves a punctuated watermark, and to what, is asked of each record beside its event time.
// CHECK-LABEL: exec.program @punctuated
// CHECK: exec.source @in{{.*}}#stream.watermark<punctuated>
// CHECK: exec.punctuation @in fields [0, 1] {
// CHECK-NEXT: ^bb0(%[[LAST:.*]]: i1, %[[T:.*]]: !expr.timestamp):
// CHECK: %[[BACK:.*]] = expr.sub %[[T]], %{{.*}} {expr.site
// CHECK-NEXT: expr.yield %[[LAST]], %[[BACK]] : i1, !expr.timestamp
// CHECK: exec.step @in
stream.pipeline @punctuated {
  %in = source stdin as json { last: bool, t: timestamp in ms } watermark t punctuated where last as t - 10 s
  %w = window %in tumbling 1 min { n = count() }
  sink %w to stdout as json
}
