// Each statement's messages for text that is wrong.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

// What an option is, and what it may be.
stream.pipeline @options {
  // expected-error@+1 {{`file` needs the option `path`}}
  %a = source file as json { n: i64 }
  // expected-error@+1 {{option `path` of `file` needs a text in quotes}}
  %b = source file(5) as json { n: i64 }
  // expected-error@+1 {{option `order` of `file` needs one of name, mtime; did you mean `name`?}}
  %c = source file("x", order = nam) as json { n: i64 }
  // expected-error@+1 {{option `count` of `sequence` needs an integer, zero or more}}
  %d = source sequence(count = -1)
  // expected-error@+1 {{option `pace` of `sequence` needs true or false}}
  %e = source sequence(pace = "yes")
  // expected-error@+1 {{option `start` of `sequence` needs a time, as in timestamp "2018-02-03T04:05:06Z"}}
  %f = source sequence(start = 5)
  // expected-error@+1 {{`stdin` has no option `path`}}
  %g = source stdin(path = "x") as json { n: i64 }
  %p = param 5
  // expected-error@+1 {{option `path` of `file` needs a text in quotes}}
  %h = source file(%p) as json { n: i64 }
  // expected-error@+1 {{option `stream` of `nexmark` needs one of bid, auction, person; did you mean `bid`?}}
  %i = source nexmark(stream = bids)
  // expected-error@+1 {{`nexmark` has no option `evens`; did you mean `events`?}}
  %j = source nexmark(stream = bid, evens = 5)
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{no source `fiel`; did you mean `file`?}}
  %a = source fiel("x") as json { n: i64 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`stdout` is no source but a sink}}
  %a = source stdout as json { n: i64 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`csv` is no format of a source but a format of a sink; there are json, binary}}
  %a = source file("x") as csv { n: i64 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{no format of a source `jsno`; did you mean `json`?}}
  %a = source file("x") as jsno { n: i64 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected a format: `as` json, binary}}
  %a = source file("x") { n: i64 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`sequence` takes no format}}
  %a = source sequence(count = 1) as json
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected the fields: `{ name: type, ... }`}}
  %a = source file("x") as json
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected at least one field: `{ name: type, ... }`}}
  %a = source file("x") as json { }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`nexmark` declares its fields itself}}
  %a = source nexmark(stream = bid) { n: i64 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{option `path` is given twice}}
  %a = source file("x", path = "y") as json { n: i64 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected `option = value`}}
  %a = source file("x", "y") as json { n: i64 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{field `n` is declared twice}}
  %a = source stdin as json { n: i64, n: string }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`a..b` is no path: a part of it is empty}}
  %a = source stdin as json { n: i64 at a..b }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`a[x]` is no path: between `[` and `]` stands an index}}
  %a = source stdin as json { n: i64 at "a[x]" }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`a[1` is no path: a `[` has no `]`}}
  %a = source stdin as json { n: i64 at "a[1" }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{a path that goes on behind `]` is written in quotes, as in `at "a[2].b"`}}
  %a = source stdin as json { n: i64 at a[2].b }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{only a timestamp or a duration has a unit, but `n` is i64}}
  %a = source stdin as json { n: i64 in ms }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{unknown unit `min`: expected rfc3339, s, ms, us, ns}}
  %a = source stdin as json { n: timestamp in min }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{unknown unit `rfc3339`: expected s, ms, us, ns}}
  %a = source stdin as json { n: duration in rfc3339 }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{a record inside a record is reached by its path: `name: type at outer.inner`}}
  %a = source stdin as json { n: { m: i64 } }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{a list of lists is not supported}}
  %a = source stdin as json { n: [[i64]] }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{i64? is nullable already}}
  %a = source stdin as json { n: !expr.nullable<i64>? }
}
// -----
stream.pipeline @watermark {
  // expected-error@+1 {{the event time must be a timestamp, but this is i64}}
  %a = source stdin as json { n: i64 } watermark n ascending
  // expected-error@+1 {{the event time must be a timestamp, but this is timestamp?; declare the field as `timestamp`, so that a record without it is bad}}
  %b = source stdin as json { t: timestamp? } watermark t ascending
  // expected-error@+2 {{no field `tiem` here; did you mean `time`?}}
  // expected-note@+1 {{the fields are time}}
  %c = source stdin as json { time: timestamp } watermark tiem ascending
  // expected-error@+1 {{expected `bounded DURATION`, `ascending`, `punctuated where ...` or `none` behind the event time; did you mean `bounded`?}}
  %d = source stdin as json { t: timestamp } watermark t bonded 10 s
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected a duration, as in `10 s` or `1 h 30 min`}}
  %d = source stdin as json { t: timestamp } watermark t bounded
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected fail, drop or dead_letter behind `on_bad`; did you mean `dead_letter`?}}
  %d = source stdin as json { t: timestamp } on_bad deadletter
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`on_bad dead_letter` gives a second stream: write `%records, %bad = source ...`}}
  %d = source stdin as json { t: timestamp } on_bad dead_letter
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{a second stream comes of `on_bad dead_letter`}}
  %d, %e = source stdin as json { t: timestamp } on_bad drop
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`watermark` stands before `on_bad`}}
  %d = source stdin as json { t: timestamp } on_bad drop watermark t ascending
}
// -----
stream.pipeline @max_bad {
  // expected-error@+1 {{has max_bad, which needs `on_bad drop` or `on_bad dead_letter`}}
  %a = source stdin as json { t: timestamp } max_bad 5
}
// -----
stream.pipeline @max_bad {
  // expected-error@+1 {{needs a max_bad of 0 or more records, or of 1 to 100 percent}}
  %b = source stdin as json { t: timestamp } on_bad drop max_bad 101 percent
}
// -----
stream.pipeline @sinks {
  %a = source stdin as json { n: i64, l: [i64] }
  // expected-error@+1 {{a field in the binary format is no list and no record, but `l` is [i64]; write it `as json`, take it apart with flat_map, or leave it out with map}}
  sink %a to file("x") as binary
}
// -----
stream.pipeline @sinks {
  %a = source stdin as json { n: i64, l: [i64] }
  %b = map %a { n }
  // expected-error@+1 {{option `delimiter` of `csv` needs a text in quotes}}
  sink %b to file("x") as csv(delimiter = 5)
}
// -----
stream.pipeline @sinks {
  %b = source stdin as json { n: i64 }
  // expected-error@+1 {{writes one file, so `order` means nothing here}}
  sink %b to file("x", order = name) as json
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{expected a format: `as` json, csv, binary, table}}
  sink %a to stdout
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{`null` takes no format}}
  sink %a to null as json
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{no sink `stout`; did you mean `stdout`?}}
  sink %a to stout as json
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `to` and where: file, stdout, null}}
  sink %a into stdout as json
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`%b` is not defined above}}
  sink %b to null
}
// -----
stream.pipeline @p {
  %b = param 5
  // expected-error@+1 {{expected a stream, but `%b` is a param of type i64}}
  sink %b to null
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected a stream, as in `%quakes`}}
  sink quakes to null
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{this default does not fit the type i8}}
  %a = param 300 : i8
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{a param's default must be a literal}}
  %a = param 300 + 5
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `where` and a condition}}
  %b = filter %a n > 5
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `{ name = expression, ... }`}}
  %b = map %a n
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{expected a field: `name` or `name = expression`}}
  %b = map %a { }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{a computed field needs a name: write `name = n...`}}
  %b = map %a { n + 1 }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{field `n` is defined twice}}
  %b = map %a { n, n = 5 }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{`*` comes first; fields behind it replace or add}}
  %b = map %a { m = 5, * }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{`n` is the name of a field or of another `let` already}}
  %b = map %a { let n = 5, m = n }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64, m: i64 }
  // expected-error@+1 {{a comma is missing before `m`}}
  %b = map %a { x = n m }
}
// -----
stream.pipeline @flat_maps {
  %a = source stdin as json { n: i64, text: string, l: [i64] }
  // expected-error@+1 {{expected a list, but this is string}}
  %b = flat_map %a each w in text { w }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64, text: string }
  // expected-error@+1 {{`n` is the name of a field already}}
  %b = flat_map %a each n in split(text, " ") { n }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64, text: string }
  // expected-error@+1 {{expected `each NAME in LIST { ... }`, as in `each word in split(text, " ")`}}
  %b = flat_map %a split(text, " ") { n }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+2 {{no field `nn` here; did you mean `n`?}}
  // expected-note@+1 {{the fields are n}}
  %b = key_by %a on nn
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{`n` is in the key twice}}
  %b = key_by %a on n, n
}
// -----
stream.pipeline @p {
  %a = source stdin as json { l: [i64] }
  // expected-error@+1 {{a key cannot be a list or a record, but `l` is [i64]}}
  %b = key_by %a on l
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `on` and the fields of the key, as in `on net`}}
  %b = key_by %a by n
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{a union needs at least two streams}}
  %b = union %a
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  %b = source stdin as json { n: i32 }
  // expected-error@+1 {{the streams of a union need one type: expected {n: i64} as the first one has, but found {n: i32}}}
  %c = union %a, %b
}
// -----
stream.pipeline @p {
  %a = source stdin as json { t: timestamp } watermark t ascending
  %b = source stdin as json { t: timestamp }
  // expected-error@+1 {{the streams of a union need one type: one has an event time and the other has none; give both sources a `watermark`}}
  %c = union %a, %b
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  %b = key_by %a on n
  // expected-error@+1 {{the streams of a union need one type: they are keyed differently; use key_by behind the union}}
  %c = union %a, %b
}
// -----
stream.pipeline @windows {
  %untimed = source stdin as json { n: i64, s: string, b: bool, l: [i64] }
  // expected-error@+1 {{a window in event time needs a stream with event time; write `watermark time bounded 10 s` at its source, or `in processing_time` here}}
  %a = window %untimed tumbling 1 h { n = count() }
  // expected-error@+1 {{`sum` needs a number, but this is string}}
  %b = window %untimed global { x = sum(s) }
  // expected-error@+1 {{`avg` needs a number, but this is bool}}
  %c = window %untimed global { x = avg(b) }
  // expected-error@+1 {{`min` needs something ordered, but this is bool}}
  %d = window %untimed global { x = min(b) }
  // expected-error@+1 {{`first` needs no list, but this is [i64]}}
  %e = window %untimed global { x = first(l) }
  // expected-error@+1 {{`sum` takes one argument, but got 0}}
  %f = window %untimed global { x = sum() }
  // expected-error@+1 {{`max` takes one argument, but got 2}}
  %g = window %untimed global { x = max(n, n) }
  // expected-error@+1 {{expected a condition, but this is i64}}
  %h = window %untimed global { x = count() where n }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{no aggregate `maximum`; it is called `max` here}}
  %b = window %a global { x = maximum(n) }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{no aggregate `stddev`; it is called `stddev_samp` here}}
  %b = window %a global { x = stddev(n) }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{no aggregate `harmonic`; there are count, count_distinct, approx_count_distinct, sum, avg}}
  %b = window %a global { x = harmonic(n) }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{`argmax` takes two arguments, but got 1}}
  %b = window %a global { x = argmax(n) }
  // expected-error@+1 {{`count` takes one argument, but got 2}}
  %c = window %a global { x = count(n, n) }
  // expected-error@+1 {{`argmin` needs something ordered, but this is bool}}
  %d = window %a global { x = argmin(n, n > 1) }
  // expected-error@+1 {{`any` needs a bool, but this is i64}}
  %e = window %a global { x = any(n) }
  // expected-error@+1 {{`bit_or` needs an integer, but this is f64}}
  %f = window %a global { x = bit_or(1.5) }
  // expected-error@+1 {{`distinct` is not there for `first`: it gives one value, which is the same of different ones; leave it out}}
  %h = window %a global { x = first(distinct n) }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{`corr` needs a number, but this is string}}
  %g = window %a global { x = corr(n, "a") }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{no aggregate `cuont`; did you mean `count`?}}
  %b = window %a global { x = cuont(n) }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a kind of window: tumbling, sliding, cumulate, session, count, calendar, global, same; did you mean `tumbling`?}}
  %b = window %a tumblin 1 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the size of a window to be above zero, but found 0 s}}
  %b = window %a tumbling 0 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected an offset below the window's size 1 h, but found 2 h}}
  %b = window %a tumbling 1 h offset 2 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{a global window fires at the end of the input; it has no `in processing_time`}}
  %b = window %a global in processing_time { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected `processing_time` or `event_time` after `in`}}
  %b = window %a tumbling 1 h in time { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected `= AGGREGATE`, as in `x = count()`}}
  %b = window %a tumbling 1 h { x count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the aggregates: `{ name = count(), ... }`}}
  %b = window %a tumbling 1 h
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{the name `window_start` is taken: each row says with it which window it is of}}
  %b = window %a tumbling 1 h { window_start = count() }
}
// -----
stream.pipeline @p {
  // expected-note@+1 {{the other one}}
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{reads `stdin`, which another source reads already: one of them would get nothing; let both use one source}}
  %b = source stdin as json { n: i64 }
  %u = union %a, %b
  sink %u to stdout as json
}
// -----
stream.pipeline @p {
  %rows, %letters = source file("a") as json { n: i64 } on_bad dead_letter
  // expected-error@+1 {{`%leters` is not defined above; did you mean `%letters`?}}
  sink %leters to stdout as json
}
// -----
stream.pipeline @p {
  %a = source file("a") as json { n: i64 }
  // expected-error@+1 {{`%aa` is not defined above; did you mean `%a`?}}
  %union = union %a, %aa
}
