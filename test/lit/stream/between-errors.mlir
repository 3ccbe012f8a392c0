// What a declared range may not be.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @p {
  // expected-error@+1 {{only an integer has a range, but `n` is f64}}
  %in = source stdin as json { n: f64 between 0 and 1 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{only an integer has a range, but `n` is string?}}
  %in = source stdin as json { n: string? between 0 and 1 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{only an integer has a range, but `n` is bool}}
  %in = source stdin as json { n: bool between 0 and 1 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{no integer is between 9 and -9; the least value comes first}}
  %in = source stdin as json { n: i64 between 9 and -9 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`300` is no i8, which has -128 to 127}}
  %in = source stdin as json { n: i8? between 0 and 300 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`-1` is no u16, which has 0 to 65535}}
  %in = source stdin as json { n: u16 between -1 and 3 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`123456789012345678901234567890123456789012` is no i64, which has -9223372036854775808 to 9223372036854775807}}
  %in = source stdin as json { n: i64 between 0 and 123456789012345678901234567890123456789012 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected an integer, as in `between 0 and 9999`}}
  %in = source stdin as json { n: i64 between 0.5 and 3 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected an integer, as in `between 0 and 9999`}}
  %in = source stdin as json { n: i64 between 0 and 1e6 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected an integer, as in `between 0 and 9999`}}
  %in = source stdin as json { n: i64 between true and 3 }
}
// -----
stream.pipeline @p {
  %most = param 9
  // expected-error@+1 {{expected an integer, as in `between 0 and 9999`}}
  %in = source stdin as json { n: i64 between 0 and %most }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected `and` and the greatest value, as in `between 0 and 9999`}}
  %in = source stdin as json { n: i64 between 0 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected `,` or `}`; did you mean `between`?}}
  %in = source stdin as json { n: i64 betwen 0 and 9 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`at` is twice or too late: first `at path`, then `in unit`, then `between LO and HI`}}
  %in = source stdin as json { n: i64 between 0 and 9 at m }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`between` is twice or too late: first `at path`, then `in unit`, then `between LO and HI`}}
  %in = source stdin as json { n: i64 between 0 and 9 between 0 and 8 }
}
// -----
// source 3
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{reads `n`, which is i64, in a range of another type}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "", between 0 : i32 and 9 : i32>], connector = "stdin", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 3
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{reads `n` in a range that holds no value}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "", between 1 : i64 and 0 : i64>], connector = "stdin", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {}}> ({}, {}) : () -> !stream.of<n: i64>
}) : () -> ()
// -----
// source 3
"stream.pipeline"() <{sym_name = "p"}> ({
  // expected-error@+1 {{only an integer has a range, but `n` is f64}}
  %s = "stream.source"() <{columns = [#stream.column<"n", "", between 1 : i64 and 0 : i64>], connector = "stdin", fields = [], format = "json", format_options = {}, on_bad = #stream<on_bad fail>, options = {}}> ({}, {}) : () -> !stream.of<n: f64>
}) : () -> ()
