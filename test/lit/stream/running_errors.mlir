// Messages for running and deduplicate that are written wrong: where, what is near, what helps.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

// Mistakes that leave the rest readable: all are told in one run.
stream.pipeline @p {
  %in = source file("x") as json { net: string, v: f64, t: timestamp } watermark t ascending
  // expected-error@+1 {{`running` works by key, and this stream has none; write `%keyed = key_by %in on net` before it, with the fields that tell keys apart}}
  %a = running %in { n = count() }
  // expected-error@+1 {{`deduplicate` works by key, and this stream has none; write `%keyed = key_by %in on net` before it, with the fields that tell keys apart}}
  %b = deduplicate %in keep first
  %untimed = source stdin as json { k: i64 }
  %keyed = key_by %untimed on k
  // expected-error@+1 {{`ttl` goes by event time, and this stream has none; write `watermark time bounded 10 s` at its source}}
  %c = running %keyed ttl 1 h { n = count() }
  // expected-error@+1 {{`within` goes by event time, and this stream has none; write `watermark time bounded 10 s` at its source}}
  %d = deduplicate %keyed keep last within 1 h
  %timed = key_by %in on net
  // expected-error@+1 {{expected the duration behind `ttl` to be above zero}}
  %e = running %timed ttl 0 s { n = count() }
  // expected-error@+1 {{expected the duration behind `within` to be above zero}}
  %f = deduplicate %timed keep first within 0 s
  // expected-error@+2 {{no field `w` here; did you mean `v`?}}
  // expected-note@+1 {{the fields are net, v, t}}
  %g = running %timed { n = max(w) }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{`delete on expiry` needs a time to live before it, as in `ttl 1 h delete on expiry`}}
  %a = running %keyed delete on expiry { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{expected `delete on expiry`}}
  %a = running %keyed ttl 1 h delete { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{expected `delete on expiry` or the aggregates, `{ name = count(), ... }`; did you mean `delete`?}}
  %a = running %keyed ttl 1 h deleted on expiry { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{`within` is a clause of deduplicate; here it is `ttl`}}
  %a = running %keyed within 1 h { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{expected `ttl DURATION` or the aggregates, `{ name = count(), ... }`}}
  %a = running %keyed tumbling 1 h { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{expected the aggregates: `{ name = count(), ... }`}}
  %a = running %keyed
  sink %a to null
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{the name `net` is taken: each row has the keys, and this is one}}
  %a = running %keyed { net = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{expected `keep first` or `keep last`}}
  %a = deduplicate %keyed
  sink %a to null
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{expected `first` or `last` behind `keep`; did you mean `last`?}}
  %a = deduplicate %keyed keep latest
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{`ttl` is a clause of running; here it is `within`}}
  %a = deduplicate %keyed keep last ttl 1 d
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{expected `within` before the duration, as in `within 10 min`}}
  %a = deduplicate %keyed keep first 10 min
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  // expected-error@+1 {{expected `within DURATION` or the end of the line; did you mean `within`?}}
  %a = deduplicate %keyed keep first wthin 10 min
}
// -----
// Formats write a first field `op` (rule 34).
stream.pipeline @p {
  %in = source file("x") as json { op: string, t: timestamp } watermark t ascending
  %k = key_by %in on op
  %b = running %k { n = count() }
  // expected-error@+1 {{rows of upserts begin with a field `op`, which says upsert or delete, so none of their own can be called `op`; give it another name with `map` before `key_by`, as in `map %in { *, kind = op }` and `key_by ... on kind`}}
  sink %b to stdout as json
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { net: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on net
  %a = running %keyed { op = count() }
  // expected-error@+1 {{rows of upserts begin with a field `op`, which says upsert or delete, so none of their own can be called `op`; give it another name where it is made}}
  sink %a to stdout as json
  sink %a to null
  %b = deduplicate %keyed keep first
  sink %b to stdout as json
}
