// The constraints of statements, for IR that was not read from their own syntax. Each is numbered as in the reference.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

// source 1
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{no source `fiel`; did you mean `file`?}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "fiel", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 1
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{`file` has no option `pth`; did you mean `path`?}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x", pth = "y"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 1
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{`file` needs the option `path`}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 1
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{option `path` of `file` needs a text in quotes}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = 5 : i64}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 1
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has 0 params as options, but option `path` names number 0}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = #stream.arg<0 : !expr.string>}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 1
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{no format of a source `jsno`; did you mean `json`?}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "jsno", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 2
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{`file` needs a format: `as` json, binary}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 2
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{`sequence` takes no format}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "sequence", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 2
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{`sequence` declares other fields than the result has}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "sequence", fields = [], on_bad = #stream<on_bad fail>, options = {}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 3
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has 2 columns for 1 fields}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"m", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 3
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{needs columns that are #stream.column}}
  %s = "stream.source"() <{columns = ["n"], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 3
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{reads `n` at `a]`, which is no path: a `]` has no `[`}}
  %s = "stream.source"() <{columns = [#stream.column<"a]", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 3
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{reads `n`, which is i64, in the unit `ms`}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "ms">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 4
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has an event time, a watermark and a timed result, or none of them}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64 timed>
}) : () -> ()
// -----
// source 4
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has an event time, a watermark and a timed result, or none of them}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 4
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{needs an event time that is a timestamp, but it is i64}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = ["n"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }, {}) : () -> !stream.of<n: i64 timed>
}) : () -> ()
// -----
// source 5
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{gives a stream that is not keyed and only inserts, but its result is '!stream.of<n: i64 keyed by n>'}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64 keyed by n>
}) : () -> ()
// -----
// source 6
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has a second result if and only if it is `on_bad dead_letter`}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad dead_letter>, options = {path = "x"}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 6
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{needs dead letters of type '!stream.of<raw: bytes, file: string?, line: i64?, byte: i64?, op: string, reason: string>'}}
  %s:2 = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad dead_letter>, options = {path = "x"}}> ({}, {}) : () -> (!stream.of<n: i64>, !stream.of<n: i64>)
}) : () -> ()
// -----
// source 7
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has both a number and a percentage as max_bad}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad drop>, options = {path = "x"}, max_bad = 1, max_bad_percent = 1}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 7
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has max_bad, which needs `on_bad drop` or `on_bad dead_letter`}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, max_bad = 1}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 7
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{needs a max_bad of 0 or more records, or of 1 to 100 percent}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad drop>, options = {path = "x"}, max_bad_percent = 0}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// labels
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has 2 labels for 1 results}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "">], connector = "file", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, labels = ["a", "b"]}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// filter 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{reads the field `m`, which its input does not have; did you mean `n`?}}
  %f = "stream.filter"(%in) <{fields = ["m"]}> ({
  ^bb0(%n: i1):
    "expr.yield"(%n) : (i1) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp timed>
}) : () -> ()
// -----
// filter 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{reads `n` as bool, but it is i64}}
  %f = "stream.filter"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i1):
    "expr.yield"(%n) : (i1) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp timed>
}) : () -> ()
// -----
// filter 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{reads 0 fields, but its region has 1 arguments for them}}
  %f = "stream.filter"(%in) <{fields = []}> ({
  ^bb0(%n: i1):
    "expr.yield"(%n) : (i1) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp timed>
}) : () -> ()
// -----
// filter 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs a condition, but its region yields i64}}
  %f = "stream.filter"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp timed>
}) : () -> ()
// -----
// filter 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs 1 value, but its region yields 2}}
  %f = "stream.filter"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n, %n) : (i64, i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp timed>
}) : () -> ()
// -----
// filter 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  %f = "stream.filter"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    // expected-error@+1 {{'stream.param' op does not belong into an expression: only ops of `expr` do}}
    %c = "stream.param"() <{value = true}> : () -> i1
    "expr.yield"(%c) : (i1) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp timed>
}) : () -> ()
// -----
// filter 3
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{keeps the type of its input, but its result is '!stream.of<n: i64>'}}
  %f = "stream.filter"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    %c = "expr.cmp"(%n, %n) <{predicate = #expr<cmp eq>}> : (i64, i64) -> i1
    "expr.yield"(%c) : (i1) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64>
}) : () -> ()
// -----
// map 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{reads `n` as i32, but it is i64}}
  %m = "stream.map"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i32):
    "expr.yield"(%n) : (i32) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i32 timed>
}) : () -> ()
// -----
// map 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{yields i64 for `x`, which is i32}}
  %m = "stream.map"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<x: i32 timed>
}) : () -> ()
// -----
// map 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs 2 values, but its region yields 1}}
  %m = "stream.map"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<x: i64, y: i64 timed>
}) : () -> ()
// -----
// map 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs at least one field}}
  %m = "stream.map"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    "expr.yield"() : () -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<timed>
}) : () -> ()
// -----
// map 3
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{gives a stream that is not keyed; use key_by behind it}}
  %m = "stream.map"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<x: i64 keyed by x timed>
}) : () -> ()
// -----
// map 3
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{keeps event time and changes of its input}}
  %m = "stream.map"(%in) <{fields = ["n"]}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<x: i64>
}) : () -> ()
// -----
// flat_map 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs a list, but its first region yields i64}}
  %x = "stream.flat_map"(%in) <{element = "e", fields = ["n"], body_fields = []}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }, {
  ^bb0(%e: i64):
    "expr.yield"(%e) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<e: i64 timed>
}) : () -> ()
// -----
// flat_map 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs the element, i64, as the first argument of its second region}}
  %x = "stream.flat_map"(%in) <{element = "e", fields = ["l"], body_fields = []}> ({
  ^bb0(%l: !expr.list<i64>):
    "expr.yield"(%l) : (!expr.list<i64>) -> ()
  }, {
  ^bb0(%e: i32):
    "expr.yield"(%e) : (i32) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<e: i32 timed>
}) : () -> ()
// -----
// flat_map 3
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{reads `n` as i32, but it is i64}}
  %x = "stream.flat_map"(%in) <{element = "e", fields = ["l"], body_fields = ["n"]}> ({
  ^bb0(%l: !expr.list<i64>):
    "expr.yield"(%l) : (!expr.list<i64>) -> ()
  }, {
  ^bb0(%e: i64, %n: i32):
    "expr.yield"(%e) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<e: i64 timed>
}) : () -> ()
// -----
// flat_map 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{yields other types than its result names}}
  %x = "stream.flat_map"(%in) <{element = "e", fields = ["l"], body_fields = []}> ({
  ^bb0(%l: !expr.list<i64>):
    "expr.yield"(%l) : (!expr.list<i64>) -> ()
  }, {
  ^bb0(%e: i64):
    "expr.yield"(%e) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<e: i32 timed>
}) : () -> ()
// -----
// flat_map 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs at least one field}}
  %x = "stream.flat_map"(%in) <{element = "e", fields = ["l"], body_fields = []}> ({
  ^bb0(%l: !expr.list<i64>):
    "expr.yield"(%l) : (!expr.list<i64>) -> ()
  }, {
  ^bb0(%e: i64):
    "expr.yield"() : () -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<timed>
}) : () -> ()
// -----
// flat_map 5
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{gives a stream that is not keyed and as timed as its input, but its result is '!stream.of<e: i64>'}}
  %x = "stream.flat_map"(%in) <{element = "e", fields = ["l"], body_fields = []}> ({
  ^bb0(%l: !expr.list<i64>):
    "expr.yield"(%l) : (!expr.list<i64>) -> ()
  }, {
  ^bb0(%e: i64):
    "expr.yield"(%e) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<e: i64>
}) : () -> ()
// -----
// key_by 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs a result that is keyed, but it is '!stream.of<n: i64, l: [i64], t: timestamp timed>'}}
  %k = "stream.key_by"(%in) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp timed>
}) : () -> ()
// -----
// key_by 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{changes nothing but the key of}}
  %k = "stream.key_by"(%in) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64 keyed by n timed>
}) : () -> ()
// -----
// key_by 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{`n` is in the key twice}}
  %k = "stream.key_by"(%in) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp keyed by n, n timed>
}) : () -> ()
// -----
// key_by 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{a key cannot be a list or a record, but `l` is [i64]}}
  %k = "stream.key_by"(%in) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp keyed by l timed>
}) : () -> ()
// -----
// union 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs at least two streams}}
  %u = "stream.union"(%in) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64, l: [i64], t: timestamp timed>
}) : () -> ()
// -----
// union 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs streams of one type: expected {n: i64} as the first one has, but found {n: i64, l: [i64], t: timestamp}}}
  %u = "stream.union"(%in, %in) : (!stream.of<n: i64, l: [i64], t: timestamp timed>, !stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<n: i64>
}) : () -> ()
// -----
// window 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{expected the size of a window to be above zero, but found 0 s}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = [], window = #stream.window<tumbling 0 s>}> ({
  ^bb0():
    "expr.yield"() : () -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, n: i64 timed>
}) : () -> ()
// -----
// window 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{reads `n` as i32, but it is i64}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"sum", 1, false>], fields = ["n"], window = #stream.window<tumbling 1 h>}> ({
  ^bb0(%n: i32):
    "expr.yield"(%n) : (i32) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, s: i64 timed>
}) : () -> ()
// -----
// window 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{`sum` does not work on timestamp}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"sum", 1, false>], fields = ["t"], window = #stream.window<tumbling 1 h>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, s: i64 timed>
}) : () -> ()
// -----
// window 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs a condition behind `where`, but its region yields i64}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"count", 0, true>], fields = ["n"], window = #stream.window<tumbling 1 h>}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, s: i64 timed>
}) : () -> ()
// -----
// window 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{`sum` takes one argument, but has 0}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"sum", 0, false>], fields = [], window = #stream.window<tumbling 1 h>}> ({
  ^bb0():
    "expr.yield"() : () -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, s: i64 timed>
}) : () -> ()
// -----
// window 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{yields fewer values than its aggregates take}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"sum", 1, false>], fields = [], window = #stream.window<tumbling 1 h>}> ({
  ^bb0():
    "expr.yield"() : () -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, s: i64 timed>
}) : () -> ()
// -----
// window 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{yields more values than its aggregates take}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = ["n"], window = #stream.window<tumbling 1 h>}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, s: i64 timed>
}) : () -> ()
// -----
// window 4
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{which is none of count, count_distinct, approx_count_distinct, sum,}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"medium", 1, false>], fields = ["n"], window = #stream.window<tumbling 1 h>}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, s: i64 timed>
}) : () -> ()
// -----
// window 5
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{needs at least one aggregate}}
  %w = "stream.window"(%in) <{aggregates = [], fields = [], window = #stream.window<tumbling 1 h>}> ({
  ^bb0():
    "expr.yield"() : () -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp timed>
}) : () -> ()
// -----
// window 6
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{gives a stream of window_start: timestamp, window_end: timestamp, i64 timed, but its result is}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"sum", 1, false>], fields = ["n"], window = #stream.window<tumbling 1 h>}> ({
  ^bb0(%n: i64):
    "expr.yield"(%n) : (i64) -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, s: f64 timed>
}) : () -> ()
// -----
// window 7
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{gives a stream of window_start: timestamp, window_end: timestamp, i64 timed, but its result is}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = [], window = #stream.window<tumbling 1 h>}> ({
  ^bb0():
    "expr.yield"() : () -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, n: i64>
}) : () -> ()
// -----
// window 7
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{gives a stream of window_start: timestamp, window_end: timestamp, i64 timed, but its result is}}
  %w = "stream.window"(%in) <{aggregates = [#stream.agg<"count", 0, false>], fields = [], window = #stream.window<tumbling 1 h>}> ({
  ^bb0():
    "expr.yield"() : () -> ()
  }) : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> !stream.of<window_start: timestamp, window_end: timestamp, n: i64 keyed by n timed>
}) : () -> ()
// -----
// sink 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{no sink `nul`; did you mean `null`?}}
  "stream.sink"(%in) <{connector = "nul", options = {}}> : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> ()
}) : () -> ()
// -----
// sink 1
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{`null` has no option `path`}}
  "stream.sink"(%in) <{connector = "null", options = {path = "x"}}> : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> ()
}) : () -> ()
// -----
// sink 2
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{`stdout` needs a format: `as` json, csv, binary, table}}
  "stream.sink"(%in) <{connector = "stdout", options = {}}> : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> ()
}) : () -> ()
// -----
// sink 3
"stream.pipeline"() <{sym_name = "p"}> ({
  %in = "stream.source"() <{columns = [#stream.column<"n", "">, #stream.column<"l", "">, #stream.column<"t", "rfc3339">], connector = "file", fields = ["t"], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {path = "x"}, watermark = #stream.watermark<ascending>}> ({
  ^bb0(%t: !expr.timestamp):
    "expr.yield"(%t) : (!expr.timestamp) -> ()
  }, {}) : () -> !stream.of<n: i64, l: [i64], t: timestamp timed>
  // expected-error@+1 {{a field in the binary format is no list and no record, but `l` is [i64]; write it `as json`, take it apart with flat_map, or leave it out with map}}
  "stream.sink"(%in) <{connector = "file", options = {path = "y"}, format = "binary", format_options = {}}> : (!stream.of<n: i64, l: [i64], t: timestamp timed>) -> ()
}) : () -> ()
// -----
// param 1
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{needs a scalar type that is not nullable, but it is i64?}}
  %p = "stream.param"() <{value = 5 : i64}> : () -> !expr.nullable<i64>
}) : () -> ()
// -----
// param 2
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{has a default 5 : i64 that does not fit its type i32}}
  %p = "stream.param"() <{value = 5 : i64}> : () -> i32
}) : () -> ()
// -----
// pipeline 1
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{'expr.constant' op does not belong into a pipeline: only ops of `stream` do}}
  %c = "expr.constant"() <{value = 5 : i64}> : () -> i64
}) : () -> ()
// -----
// pipeline 2
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-note@+1 {{the other one}}
  %a = "stream.param"() <{value = 5 : i64, labels = ["a"]}> : () -> i64
  // expected-error@+1 {{is named `a`, as another op of this pipeline}}
  %b = "stream.param"() <{value = 5 : i64, labels = ["a"]}> : () -> i64
}) : () -> ()
