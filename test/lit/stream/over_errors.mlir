// Messages for windows per record that are written wrong: where, what is near, what helps.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

// Mistakes that leave the rest readable: all are told in one run.
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  %plain = source file("a.jsonl") as json { v: i64, s: string }
  // expected-error@+1 {{`over` goes by event time, and this stream has none; write `watermark time bounded 10 s` at its source}}
  %no_time = over %plain last 1 h { n = count() }
  // expected-error@+1 {{`lag` looks 10 rows back, but a window of `last 10 rows` begins 9 before its record; write `last 11 rows`}}
  %far = over %numbers last 10 rows { n, before = lag(n, 10) }
  // expected-error@+1 {{`rank` compares a record with all of its window, which `all` would have to keep for ever; write `last 1 h` or `last 1000 rows`}}
  %ranked = over %numbers all { n, place = rank(n) }
  // expected-error@+1 {{`row_number` tells of one record, so there is no `where`; a `filter` before `over` chooses the records of all windows}}
  %where = over %numbers all { n, nth = row_number() where n > 5 }
  // expected-error@+1 {{`lag` tells of one record's place among others, and this has a row for all of them; write `over %stream last 10 rows { *, before = lag(price) }`}}
  %window = window %numbers tumbling 1 h { before = lag(n) }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{fields that go on stand before what is computed, as in `{ *, mean = avg(price) }`}}
  %order = over %numbers last 1 h { c = count(), n }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{expected which records before it a record looks at: `last 1 h`, `last 10 rows` or `all`; did you mean `last`?}}
  %x = over %numbers lst 10 rows { n }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{expected the duration behind `last` to be above zero, but found 0 s}}
  %x = over %numbers last 0 s { c = count() }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{expected 1 to 1000000 rows behind `last`, but found 0}}
  %x = over %numbers last 0 rows { c = count() }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{`records` is called `rows` here, as in `last 10 rows`}}
  %x = over %numbers last 3 records { c = count() }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{no aggregate `lead`; a record's window ends with it, so what comes behind it is not there yet. Write `lag` for what came before}}
  %x = over %numbers last 3 rows { c = lead(n) }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{`n` is no aggregate; a `map` before `over` computes with fields, as in `map %in { *, w = v + 1 }`, and one behind it with what it gives}}
  %x = over %numbers last 3 rows { next = n + 1, c = count() }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{expected something to compute of each record's window}}
  %x = over %numbers last 3 rows { * }
}
