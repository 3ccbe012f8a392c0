// Which windows are made of the same slices, and why others are not.
// RUN: millrace-opt %s --millrace-transform --remarks-filter=stream-share-slices --remark-policy=all 2>&1 | FileCheck %s
// RUN: millrace-opt %s --millrace-transform="share-slices=always" --remarks-filter=stream-share-slices --remark-policy=all 2>&1 | FileCheck %s --check-prefix=ALWAYS
// RUN: millrace-opt %s --millrace-transform="share-slices=off" | FileCheck %s --check-prefix=OFF

// CHECK-DAG: Function=tens | Remark="slices are shared by `tens`, `forties`, `steps`"
// CHECK-DAG: Function=forties | Remark="slices are shared by `tens`, `forties`, `steps`"
// CHECK-DAG: Function=steps | Remark="slices are shared by `tens`, `forties`, `steps`"
// CHECK-DAG: Function=sevens | Remark="no slices shared with `tens`: edges of the one would cut slices of the other, which costs more than folding twice"
// CHECK-DAG: Function=gaps | Remark="no slices shared with `tens`: it is not made of slices of time"
// CHECK-DAG: Function=kept | Remark="no slices shared with `tens`: it may fire again, or has late records"
// CHECK-DAG: Function=clock | Remark="no slices shared with `tens`: it is in processing time"
// CHECK-DAG: Function=filled | Remark="no slices shared with `tens`: it fills windows without records"
// CHECK-DAG: Function=second | Remark="no slices shared with `one`: there is one key, whose state is in the cache"
// CHECK-DAG: Function=wrong | Remark="no slices shared with `right`: a record can be bad for one of them alone, and go on to the other"
// ALWAYS-DAG: Function=sevens | Remark="slices are shared by `tens`, `forties`, `steps`, `sevens`"
// ALWAYS-DAG: Function=second | Remark="slices are shared by `one`, `second`"
// ALWAYS-DAG: Function=short | Remark="slices are shared by `short`, `same`"
// ALWAYS-DAG: Function=cut | Remark="no slices shared with `short`: edges of the one would cut slices of the other, and `%path` in `short` is not order_free"
// ALWAYS-DAG: Function=free | Remark="slices are shared by `cut`, `free`"
// ALWAYS-DAG: Function=wrong | Remark="no slices shared with `right`:

// Equal members are one; a name that is taken says whose it is.
// CHECK: state.table @tens : !state.table<(k: i64) (<"n" = "count"(none) : i64>, <"total" = "sum"(i64) : i64>, <"n_of_forties" = "max"(i64) : i64>, <"large" = "count"(none) : i64>)
// CHECK-SAME: slices of @tens own [0, 1]
// CHECK: state.table @forties : !state.table<(k: i64) (<"n" = "max"(i64) : i64>, <"s" = "sum"(i64) : i64>, <"large" = "count"(none) : i64>)
// CHECK-SAME: slices of @tens own [2, 1, 3]
// CHECK: state.table @steps
// CHECK-SAME: slices of @tens own [0]
// CHECK: exec.step @in
// CHECK: state.fold @tens terminal 0 {{.*}} filters [false, false, false, true]{{.*}} also [@forties, @steps] terminals [1, 2]
// CHECK-NOT: state.fold @forties
// CHECK: exec.fire @tens {
// CHECK-NEXT: ^bb0(%k: i64, %window_start: !expr.timestamp, %window_end: !expr.timestamp, %n: i64, %total: i64, %event_time: !expr.timestamp)
// CHECK: exec.fire @forties {
// CHECK-NEXT: ^bb0(%k: i64, %window_start: !expr.timestamp, %window_end: !expr.timestamp, %n: i64, %s: i64, %large: i64, %event_time: !expr.timestamp)

// OFF-NOT: slices of
// OFF-NOT: also
stream.pipeline @p {
  %in = source file("in") as binary { k: i64, v: i64, at: timestamp } watermark at bounded 1 s
  %by_k = key_by %in on k
  %tens = window %by_k tumbling 10 s { n = count(), total = sum(v) }
  %forties = window %by_k sliding 40 s every 10 s { n = max(v), s = sum(v), large = count() where v > 3 }
  %steps = window %by_k cumulate 1 min every 10 s { n = count() }
  %sevens = window %by_k tumbling 7 s { n = count() }
  %gaps = window %by_k session gap 1 s { n = count() }
  %kept = window %by_k tumbling 10 s lateness 1 s { n = count() }
  %clock = window %by_k tumbling 10 s in processing_time { n = count() }
  %filled = window %by_k tumbling 10 s fill { n = count() }
  %one = window %in tumbling 10 s { n = count() }
  %second = window %in sliding 20 s every 10 s { n = count() }
  // Records of `short` come as they arrive, whatever other windows there are (rule 24).
  %path = aggregate (x: string) -> string identity { t = "" } lift { t = x } combine { t = a.t || b.t } lower t
  %words = source file("words") as binary { k: i64, x: string, at: timestamp } watermark at bounded 20 s
  %by_word = key_by %words on k
  %short = window %by_word tumbling 10 s { p = %path(x) }
  %same = window %by_word sliding 20 s every 10 s { p = %path(x) }
  %cut = window %by_word tumbling 5 s { n = count() }
  %free = window %by_word sliding 10 s every 5 s { n = count() }
  sink %short to null
  sink %same to null
  sink %cut to null
  sink %free to null
  %text = source file("text") as json { k: i64, v: i64, w: i64, at: timestamp } watermark at bounded 1 s on_bad drop
  %by_text = key_by %text on k
  %right = window %by_text tumbling 10 s { n = count() }
  %wrong = window %by_text sliding 20 s every 10 s { total = sum(w) }
  sink %tens to null
  sink %forties to null
  sink %steps to null
  sink %sevens to null
  sink %gaps to null
  sink %kept to null
  sink %clock to null
  sink %filled to null
  sink %one to null
  sink %second to null
  sink %right to null
  sink %wrong to null
}
