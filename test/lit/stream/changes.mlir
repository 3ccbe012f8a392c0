// What a stream that replaces its results may feed (rule 34).
// RUN: millrace-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// window 3
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64, v: i64 upsert by k timed>
  // expected-error@+1 {{`window` needs a stream that only inserts, but this one replaces rows it gave before: let it stand before the op that does so}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = [], window = #stream.window<tumbling 1 h>}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64, v: i64 upsert by k timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, n: i64 timed>
}) : () -> ()
// -----
// window 2
"builtin.module"() ({
  %in = "test.untimed"() : () -> !stream.of<k: i64>
  // expected-error@+1 {{a window in event time needs a stream with event time; write `watermark time bounded 10 s` at its source, or `in processing_time` here}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = [], window = #stream.window<tumbling 1 h>}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64>) -> !stream.of<window_start: timestamp, window_end: timestamp, n: i64 timed>
}) : () -> ()
// -----
// flat_map 5
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64, l: [i64] upsert by k>
  // expected-error@+1 {{`flat_map` needs a stream that only inserts, but this one replaces rows it gave before: let it stand before the op that does so}}
  %w = "stream.flat_map"(%in) <{element = "e", fields = ["l"], body_fields = []}> ({
  ^bb0(%l: !expr.list<i64>):
    "expr.yield"(%l) : (!expr.list<i64>) -> ()
  }, {
  ^bb0(%e: i64):
    "expr.yield"(%e) : (i64) -> ()
  }) : (!stream.of<k: i64, l: [i64] upsert by k>) -> !stream.of<e: i64>
}) : () -> ()
// -----
// map 4, and what may be fed
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64, v: i64 upsert by k timed>
  %f = stream.filter %in where v > 5
  %m = stream.map %f { k, w = v + 1 }
  %u = stream.union %f, %in
  stream.sink %m to stdout as json
  // expected-error@+1 {{the stream replaces rows by `k`, so the map must keep that field under its name; add `k` to it; to rename it, do so with `map` before `key_by`}}
  %n = stream.map %f { v }
}) : () -> ()
// -----
// map 4
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64, v: i64 upsert by k timed>
  // expected-error@+1 {{the stream replaces rows by `k`, so the map must keep that field as it is; give what it computes another name}}
  %n = stream.map %in { v, k = k + 1 }
}) : () -> ()
// -----
// map 4, in IR that was not read from infix
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64, v: i64 upsert by k>
  // expected-error@+1 {{the stream replaces rows by `k`, so the map must keep that field as it is; give what it computes another name}}
  %n = "stream.map"(%in) <{fields = ["v"]}> ({
  ^bb0(%v: i64):
    "expr.yield"(%v) : (i64) -> ()
  }) : (!stream.of<k: i64, v: i64 upsert by k>) -> !stream.of<k: i64 upsert by k>
}) : () -> ()
// -----
// key_by 3
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64, v: i64 upsert by k>
  // expected-error@+1 {{`key_by` needs a stream that only inserts, but this one replaces rows it gave before: let it stand before the op that does so}}
  %n = "stream.key_by"(%in) : (!stream.of<k: i64, v: i64 upsert by k>) -> !stream.of<k: i64, v: i64 keyed by v upsert by k>
}) : () -> ()
// -----
// running 1
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64>
  // expected-error@+1 {{`running` works by key, and this stream has none; write `%keyed = key_by %in on k` before it, with the fields that tell keys apart}}
  %n = "stream.running"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = []}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64>) -> !stream.of<n: i64>
}) : () -> ()
// -----
// running 2
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64 keyed by k upsert by k>
  // expected-error@+1 {{`running` needs a stream that only inserts, but this one replaces rows it gave before: let it stand before the op that does so}}
  %n = "stream.running"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = []}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64 keyed by k upsert by k>) -> !stream.of<k: i64, n: i64 upsert by k>
}) : () -> ()
// -----
// running 3
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64 keyed by k>
  // expected-error@+1 {{`ttl` goes by event time, and this stream has none; write `watermark time bounded 10 s` at its source}}
  %n = "stream.running"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = [], ttl = 5 : i64}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64 keyed by k>) -> !stream.of<k: i64, n: i64 upsert by k>
}) : () -> ()
// -----
// running 3
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64 keyed by k timed>
  // expected-error@+1 {{expected the duration behind `ttl` to be above zero}}
  %n = "stream.running"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = [], ttl = 0 : i64}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64 keyed by k timed>) -> !stream.of<k: i64, n: i64 upsert by k timed>
}) : () -> ()
// -----
// running 3
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64 keyed by k timed>
  // expected-error@+1 {{`delete on expiry` needs a time to live before it, as in `ttl 1 h delete on expiry`}}
  %n = "stream.running"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = [], delete_on_expiry}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64 keyed by k timed>) -> !stream.of<k: i64, n: i64 upsert by k timed>
}) : () -> ()
// -----
// running 4
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64 keyed by k>
  // expected-error@+1 {{needs at least one aggregate}}
  %n = "stream.running"(%in) <{aggregates = [], fields = []}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64 keyed by k>) -> !stream.of<k: i64 upsert by k>
}) : () -> ()
// -----
// running 4
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64 keyed by k>
  // expected-error@+1 {{reads `k` as i32, but it is i64}}
  %n = "stream.running"(%in) <{aggregates = [#stream.agg<"sum", 1, false>], fields = ["k"]}> ({
  ^bb0(%k: i32):
    "expr.yield"(%k) : (i32) -> ()
  }) : (!stream.of<k: i64 keyed by k>) -> !stream.of<k: i64, s: i64 upsert by k>
}) : () -> ()
// -----
// running 5
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64 keyed by k timed>
  // expected-error@+1 {{gives a stream of k: i64, i64 upsert by k timed, but its result is '!stream.of<k: i64, n: i64 timed>'}}
  %n = "stream.running"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = []}> ({
    "expr.yield"() : () -> ()
  }) : (!stream.of<k: i64 keyed by k timed>) -> !stream.of<k: i64, n: i64 timed>
}) : () -> ()
// -----
// deduplicate 1
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<l: [i64], k: i64>
  // expected-error@+1 {{`deduplicate` works by key, and this stream has none; write `%keyed = key_by %in on k` before it, with the fields that tell keys apart}}
  %n = "stream.deduplicate"(%in) <{kept = #stream<kept first>}> : (!stream.of<l: [i64], k: i64>) -> !stream.of<l: [i64], k: i64>
}) : () -> ()
// -----
// deduplicate 2
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64 keyed by k upsert by k>
  // expected-error@+1 {{`deduplicate` needs a stream that only inserts, but this one replaces rows it gave before: let it stand before the op that does so}}
  %n = "stream.deduplicate"(%in) <{kept = #stream<kept first>}> : (!stream.of<k: i64 keyed by k upsert by k>) -> !stream.of<k: i64>
}) : () -> ()
// -----
// deduplicate 3
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64 keyed by k>
  // expected-error@+1 {{`within` goes by event time, and this stream has none; write `watermark time bounded 10 s` at its source}}
  %n = "stream.deduplicate"(%in) <{kept = #stream<kept first>, within = 5 : i64}> : (!stream.of<k: i64 keyed by k>) -> !stream.of<k: i64>
}) : () -> ()
// -----
// deduplicate 3
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64 keyed by k timed>
  // expected-error@+1 {{expected the duration behind `within` to be above zero}}
  %n = "stream.deduplicate"(%in) <{kept = #stream<kept last>, within = -5 : i64}> : (!stream.of<k: i64 keyed by k timed>) -> !stream.of<k: i64 upsert by k timed>
}) : () -> ()
// -----
// deduplicate 4
"builtin.module"() ({
  %in = "test.insert"() : () -> !stream.of<k: i64, v: i64 keyed by k timed>
  // expected-error@+1 {{gives a stream '!stream.of<k: i64, v: i64 upsert by k timed>', but its result is '!stream.of<k: i64, v: i64 timed>'}}
  %n = "stream.deduplicate"(%in) <{kept = #stream<kept last>}> : (!stream.of<k: i64, v: i64 keyed by k timed>) -> !stream.of<k: i64, v: i64 timed>
}) : () -> ()
// -----
// The remedy names the op that makes the stream one that replaces rows, through what stands between.
stream.pipeline @remedies {
  %in = source file("x") as json { k: i64, text: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on k
  %totals = running %keyed { n = count() }
  %most = filter %totals where n > 5
  %same = map %most { * }
  // expected-error@+1 {{`window` needs a stream that only inserts, but this one replaces rows it gave before: let it read what `%totals` reads, before `running`}}
  %w = window %same tumbling 1 h { all = count() }
  // expected-error@+1 {{`key_by` needs a stream that only inserts, but this one replaces rows it gave before: let it read what `%totals` reads, before `running`}}
  %again = key_by %totals on n
  // expected-error@+1 {{`running` needs a stream that only inserts, but this one replaces rows it gave before: let it read what `%totals` reads, before `running`}}
  %more = running %totals { all = count() }
  %last = deduplicate %keyed keep last
  // expected-error@+1 {{`flat_map` needs a stream that only inserts, but this one replaces rows it gave before: let it read what `%last` reads, before `deduplicate`}}
  %words = flat_map %last each word in split(text, " ") { word }
  // expected-error@+1 {{`deduplicate` needs a stream that only inserts, but this one replaces rows it gave before: let it read what `%last` reads, before `deduplicate`}}
  %once = deduplicate %last keep first
  // expected-error@+1 {{the streams of a union need one type: expected {k: i64, n: i64} as the first one has, but found {k: i64, text: string, t: timestamp}}}
  %u = union %totals, %last
}
// -----
// A union is of streams that carry the same changes.
stream.pipeline @unions {
  %in = source file("x") as json { a: i64, b: i64 }
  %by_a = key_by %in on a
  %by_b = key_by %in on b
  %last_a = deduplicate %by_a keep last
  %last_b = deduplicate %by_b keep last
  // expected-error@+1 {{the streams of a union need one type: the first one replaces rows by a, and this one replaces rows by b; give each a sink of its own}}
  %u = union %last_a, %last_b
}
// -----
stream.pipeline @unions {
  %in = source file("x") as json { a: i64, b: i64 }
  %by_a = key_by %in on a
  %last_a = deduplicate %by_a keep last
  // expected-error@+1 {{the streams of a union need one type: the first one only inserts, and this one replaces rows by a; give each a sink of its own}}
  %v = union %in, %last_a
}

// -----
// Rule 34: what replaces rows comes from one op. Ways of one op may meet again.
stream.pipeline @one_writer {
  %in = source file("x") as json { a: i64, b: i64 }
  %by_a = key_by %in on a
  // expected-note@+1 {{the first op}}
  %last = deduplicate %by_a keep last
  %few = filter %last where b < 5
  %same = map %last { * }
  %fine = union %few, %same, %last
  %again = union %fine, %few
  %other = deduplicate %by_a keep last
  // expected-error@+1 {{the rows of a union that replace each other come from one op: `%last` and `%other` both write rows by a, so a delete of one would delete the other's row; give each a sink of its own, let one op read a union of what both read, or add a field that tells them apart to the keys of both}}
  %u = union %again, %other
}
// -----
stream.pipeline @two_runnings {
  %in = source file("x") as json { a: i64, b: i64 }
  %keyed = key_by %in on a, b
  // expected-note@+1 {{the first op}}
  %n = running %keyed { n = count() }
  %small = running %keyed { n = count() where a < 5 }
  %few = filter %small where n < 5
  // expected-error@+1 {{the rows of a union that replace each other come from one op: `%n` and `%small` both write rows by a, b, so a delete of one}}
  %u = union %n, %n, %few
}
// -----
// union 3, in IR that was not read from infix
"builtin.module"() ({
  // expected-note@+1 {{the first op}}
  %a = "test.upsert"() : () -> !stream.of<k: i64 upsert by k>
  %b = "test.upsert"() : () -> !stream.of<k: i64 upsert by k>
  // expected-error@+1 {{the rows of a union that replace each other come from one op: `%in` and `%in` both write rows by k}}
  %u = "stream.union"(%a, %b) : (!stream.of<k: i64 upsert by k>, !stream.of<k: i64 upsert by k>) -> !stream.of<k: i64 upsert by k>
}) : () -> ()

// -----

// Rule 18: the row over no records has no time, by which nothing could be kept.
stream.pipeline @no_time {
  %in = source stdin as json { k: i64, ts: timestamp at ts in ms } watermark ts ascending
  %all = window %in global { k = count() }
  %keyed = key_by %all on k
  // expected-error@+1 {{`ttl` goes by event time, and the row that `all` gives over no records has none; use a window with a size, or key its input}}
  %r = running %keyed ttl 1 h { n = count() }
  sink %r to stdout as json
}

// -----

stream.pipeline @no_time_to_compare {
  %in = source stdin as json { k: i64, ts: timestamp at ts in ms } watermark ts ascending
  %all = window %in global { k = count() }
  %keyed = key_by %all on k
  // expected-error@+1 {{`keep last` goes by event time, and the row that `all` gives over no records has none}}
  %d = deduplicate %keyed keep last
  sink %d to stdout as json
}

// -----

// A count of records has the time of the last one, a global window the greatest of its records: they hand on that there is none.
stream.pipeline @no_time_of_a_count {
  %in = source stdin as json { k: i64, ts: timestamp at ts in ms } watermark ts ascending
  %all = window %in global { k = count() }
  %keyed = key_by %all on k
  %each = window %keyed count 1 { n = count() }
  %again = key_by %each on k
  // expected-error@+1 {{`over` goes by event time, and the row that `all` gives over no records has none; use a window with a size, or key its input}}
  %o = over %again all { n = count() }
  sink %o to stdout as json
}

// -----

stream.pipeline @no_time_of_a_global_window {
  %in = source stdin as json { k: i64, ts: timestamp at ts in ms } watermark ts ascending
  %all = window %in global { k = count() }
  %keyed = key_by %all on k
  %groups = window %keyed global { n = count() }
  %again = key_by %groups on n
  // expected-error@+1 {{`within` goes by event time, and the row that `all` gives over no records has none; use a window with a size, or key its input}}
  %d = deduplicate %again keep first within 1 s
  sink %d to stdout as json
}

// -----

stream.pipeline @no_time_of_the_best {
  %in = source stdin as json { k: i64, ts: timestamp at ts in ms } watermark ts ascending
  %all = window %in global { k = count() }
  %best = top %all by k desc limit 1 global
  %again = key_by %best on k
  // expected-error@+1 {{`over` goes by event time, and the row that `all` gives over no records has none; use a window with a size, or key its input}}
  %o = over %again all { n = count() }
  sink %o to stdout as json
}
