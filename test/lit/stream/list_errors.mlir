// What cannot be said of lists and records, and of the aggregates that give them.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{expected a literal here, as in `best = top(3, price) { shop, price }`: how many}}
  %a = window %in global { best = top(v) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{expected a whole number from 1 to 4294967295: how many}}
  %a = window %in global { best = top(0, v) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{`top` is by one value; what else the records have stands behind it, as in `best = top(3, price) { shop, price }`}}
  %a = window %in global { best = top(3, v, name) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{`top` needs no list, but this is [i64]}}
  %a = window %in global { best = top(3, v) { k, l } }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{field `k` is defined twice}}
  %a = window %in global { best = top(3, v) { k, k = v } }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{`collect` needs no list, but this is [i64]}}
  %a = window %in global { all = collect(l) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{no aggregate `array_agg`; it is called `collect` here}}
  %a = window %in global { all = array_agg(v) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{`with ties` is not there for `min`; it is for argmin, argmax, top}}
  %a = window %in global { all = min(v with ties) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  %w = window %in global { best = top(3, v) { name, v } }
  // expected-error@+1 {{no field `nam` in {name: string, v: i64?}; did you mean `name`?}}
  %b = flat_map %w each one in best { x = one.nam }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{only a record has fields, but this is string}}
  %b = map %in { x = name.first }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  %w = window %in global { best = top(3, v) { name, v } }
  // expected-error@+1 {{a key cannot be a list or a record, but `best` is [{name: string, v: i64?}]}}
  %b = key_by %w on best
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  %w = window %in global { best = top(3, v) { name, v } }
  // expected-error@+1 {{a field in the binary format is no list and no record, but `best` is [{name: string, v: i64?}]; write it `as json`, take it apart with flat_map, or leave it out with map}}
  sink %w to file("x") as binary
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, v: i64?, l: [i64], name: string }
  // expected-error@+1 {{expected a whole number from 1 to 4294967295: how many}}
  %a = window %in global { best = top(4294967296, v) }
}
