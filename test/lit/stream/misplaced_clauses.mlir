// Clauses where they cannot stand: where they belong, and near misses behind what is right.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @p {
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s
  // expected-error@+1 {{`lateness` is a clause of `window`, and `over` has none: how far records may be out of order is said at the source, as in `watermark at bounded 10 min`}}
  %o = over %in last 1 min lateness 5 s { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s
  // expected-error@+1 {{expected which records before it a record looks at: `last 1 h`, `last 10 rows` or `all`; `emit` is a clause of `window`, and `over` has none: each record gives its row once, when the watermark passes it}}
  %o = over %in emit every 5 s last 1 min { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s
  // expected-error@+1 {{`fill` is a clause of `window`, and `top` has none: it gives the records of a window once}}
  %o = top %in by v desc limit 3 tumbling 1 min fill
}
// -----
stream.pipeline @p {
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s
  // expected-error@+1 {{`with` stands behind the limit and before the window: `top %in by n desc limit 3 with ties tumbling 1 h`}}
  %o = top %in by v desc limit 3 tumbling 1 min with ties
}
// -----
stream.pipeline @p {
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s
  // expected-error@+1 {{expected `limit N`, as in `limit 10`, before the window}}
  %o = top %in by v desc tumbling 1 min limit 3
}
// -----
stream.pipeline @p {
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s
  // expected-error@+1 {{`lateness` stands before `fill`, which is the last before the braces}}
  %o = window %in tumbling 1 min fill lateness 5 s { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s
  // expected-error@+1 {{`offset` stands behind the window's length: `window %in tumbling 1 h offset 30 min { n = count() }`}}
  %o = window %in tumbling 1 min lateness 5 s offset 10 s { n = count() }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{no `algin` stands in `source`; did you mean `align`?}}
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s algin 1 min
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{no `on_bda` stands in `source`; did you mean `on_bad`?}}
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s on_bda drop
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`lateness` is a clause of `window`, and `source` has none}}
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s lateness 1 min
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`idle` stands in `watermark`, behind how it moves: `watermark at bounded 10 s idle 1 min`}}
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } idle 1 min watermark at bounded 5 s
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{expected `bounded DURATION`, `ascending`, `punctuated where ...` or `none` behind the event time; `idle` stands behind that}}
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at idle 1 min bounded 5 s
}
// -----
stream.pipeline @p {
  %pause = param 5 s
  %in = source file("a.jsonl") as json { v: i64, at: timestamp } watermark at bounded 5 s
  // expected-error@+1 {{the gap is a duration, as in `gap 30 min`, or in parentheses what each record gives, as in `gap (%pause)`}}
  %o = window %in session gap %pause { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("a.jsonl") as json { v: i64, at: timestamp, wait: duration } watermark at bounded 5 s
  // expected-error@+1 {{the gap is a duration, as in `gap 30 min`, or in parentheses what each record gives, as in `gap (wait)`}}
  %o = window %in session gap wait { n = count() }
}
