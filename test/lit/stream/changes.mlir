// What a stream that replaces its results may feed (rule 34).
// RUN: millrace-opt %s --split-input-file --verify-diagnostics --allow-unregistered-dialect

// window 3
"builtin.module"() ({
  %in = "test.upsert"() : () -> !stream.of<k: i64, v: i64 upsert by k timed>
  // expected-error@+1 {{a window needs a stream that only inserts; this one replaces results it gave before, so aggregate before the op that does so}}
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
  // expected-error@+1 {{needs a stream that only inserts, but its input is '!stream.of<k: i64, l: [i64] upsert by k>'}}
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
  // expected-error@+1 {{the input is upsert by `k`, so the map must keep that field}}
  %n = stream.map %f { v }
}) : () -> ()
