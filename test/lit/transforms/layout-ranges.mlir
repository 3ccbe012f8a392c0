// What is known of keys, from where they come: the values of an array are declared, or follow from types, expressions,
// filters and the tables before.
// RUN: millrace-opt %s --millrace-transform | FileCheck %s

stream.pipeline @p {
  %in = source file("in.jsonl") as json {
    auction: i64  between 0 and 9999,
    region:  i32? between 1 and 50,
    n:       i64,
    small:   u8,
    at:      timestamp,
    huge:    u64 between 18446744073709551610 and 18446744073709551615
  } watermark at ascending
  // CHECK-DAG: state.table @declared : {{.*}} layout dense<0 to 9999>>
  %by_auction = key_by %in on auction
  %declared = window %by_auction tumbling 1 h { n = count() }
  sink %declared to stdout as json
  // Null is one value more: 50 and it, times 256.
  // CHECK-DAG: state.table @typed : {{.*}} layout dense<1 to 50, 0 to 255>>
  %by_types = key_by %in on region, small
  %typed = window %by_types tumbling 1 h { n = count() }
  sink %typed to file("a") as json
  // CHECK-DAG: state.table @computed : {{.*}} layout dense<0 to 23, -6 to 6>>
  %parts = map %in { hour = hour(at), rest = n mod 7, n }
  %by_parts = key_by %parts on hour, rest
  %computed = window %by_parts tumbling 1 h { top = max(hour), n = count() }
  sink %computed to file("b") as json
  // CHECK-DAG: state.table @filtered : {{.*}} layout dense<11 to 20>>
  %some = filter %in where n > 10 and n <= 20
  %by_some = key_by %some on n
  %filtered = window %by_some tumbling 1 h { c = count() }
  sink %filtered to file("c") as json
  // CHECK-DAG: state.table @clamped : {{.*}} layout dense<0 to 100>>
  %cut = map %in { c = case when n < 0 then 0 when n > 100 then 100 else n end }
  %by_cut = key_by %cut on c
  %clamped = window %by_cut tumbling 1 h { n = count() }
  sink %clamped to file("d") as json
  // The members of a window, and its keys, have ranges too.
  // CHECK-DAG: state.table @behind : {{.*}} layout dense<0 to 23, -6 to 6>>
  %by_top = key_by %computed on top, rest
  %behind = window %by_top tumbling 1 d { n = count() }
  sink %behind to file("e") as json
  // CHECK-DAG: state.table @big : {{.*}} layout packed<*>>
  %by_huge = key_by %in on huge
  %big = window %by_huge tumbling 1 h { n = count() }
  sink %big to file("f") as json
  // Two fields of 64 bits fit one word if their ranges are known.
  // CHECK-DAG: state.table @narrow : {{.*}} layout packed<0 to 9999, 0 to 999999999>>
  %bounded = filter %in where n >= 0 and n < 1000000000
  %by_two = key_by %bounded on auction, n
  %narrow = window %by_two tumbling 1 h { c = count() }
  sink %narrow to file("g") as json
  // CHECK-DAG: state.table @counted : {{.*}} layout dense<5 to 14>>
  %numbers = source sequence(from = 5, count = 10)
  %by_number = key_by %numbers on n
  %counted = window %by_number tumbling 1 h { c = count() }
  sink %counted to file("h") as json
  // CHECK-DAG: state.table @endless : {{.*}} layout packed<*>>
  %more = source sequence(from = 5)
  %by_more = key_by %more on n
  %endless = window %by_more tumbling 1 h { c = count() }
  sink %endless to file("i") as json
  // Both ways into a union count.
  // CHECK-DAG: state.table @joined : {{.*}} layout dense<0 to 30>>
  %left = map %in { k = hour(at) }
  %right = map %in { k = day(at) - 1 }
  %either = union %left, %right
  %by_either = key_by %either on k
  %joined = window %by_either tumbling 1 h { c = count() }
  sink %joined to file("j") as json
}
