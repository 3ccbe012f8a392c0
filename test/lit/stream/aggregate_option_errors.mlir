// What options of aggregates are not, each with what would be right.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`exact` is not there for `max`; it is for sum, avg}}
  %a = window %in global { n = max(exact x) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`exact` stands here twice}}
  %a = window %in global { n = sum(exact exact exact x) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`quantile` needs which part of the values lies below, from 0 to 1, as in `typical = quantile(price, 0.9)`}}
  %a = window %in global { n = quantile(x) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{expected a number from 0 to 1: which part of the values lies below}}
  %a = window %in global { n = quantile(x, 90) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{expected a number from 0 to 1: which part of the values lies below}}
  %a = window %in global { n = quantile_disc(x, -0.5) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{expected a literal here, as in `typical = quantile(price, 0.9)`: which part of the values lies below}}
  %a = window %in global { n = quantile(x, k) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`median` needs a number, but this is string}}
  %a = window %in global { n = median(s) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`quantile_disc` needs a number or a time, but this is string}}
  %a = window %in global { n = quantile_disc(s, 0.5) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`string_join` needs a string, but this is bytes}}
  %a = window %in global { n = string_join(b) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{expected a literal here, as in `shops = string_join(shop, "; ")`: what stands between them}}
  %a = window %in global { n = string_join(s, s) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{no aggregate `percentile_cont`; it is called `quantile` here}}
  %a = window %in global { n = percentile_cont(x, 0.5) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{no aggregate `string_agg`; it is called `string_join` here}}
  %a = window %in global { n = string_agg(s, ",") }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`distinct` is not there for `argmax`: it gives one value, which is the same of different ones; leave it out}}
  %a = window %in global { n = argmax(distinct s, x) }
}

// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{expected a number with a point, as in `0.001`, but this is `1e-5`}}
  %a = window %in global { n = quantile(x, 1e-5) }
}
// -----
stream.pipeline @misplaced {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes, t: timestamp } watermark t bounded 1 s
  // expected-error@+1 {{`exact` stands before what it is about, as in `sum(exact x)`}}
  %a = window %in global { n = sum(x exact) }
}
// -----
stream.pipeline @misplaced_distinct {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`distinct` stands before what it is about, as in `count(distinct x)`}}
  %a = window %in global { n = count(k distinct) }
}
// -----
stream.pipeline @idle_direction {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes, t: timestamp } watermark t bounded 1 s
  // expected-error@+1 {{`rank` has the least first as it is: leave out `asc`}}
  %a = over %in last 2 rows { k, n = rank(k asc) }
}
// -----
stream.pipeline @idle_direction_of_top {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`top` has the greatest first as it is: leave out `desc`}}
  %a = window %in global { n = top(2, k desc) }
}
// -----
stream.pipeline @called_otherwise {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{no aggregate `stdev`; it is called `stddev_samp` here}}
  %a = window %in global { n = stdev(x) }
}
// -----
stream.pipeline @of_another {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes, t: timestamp } watermark t bounded 1 s
  // expected-error@+1 {{`lag` is a value of its own of `over`, and no part of another: a `map` or a window behind computes with it, as in `over %x last 10 rows { *, a = lag(...) }`}}
  %a = over %in last 2 rows { n = sum(lag(x)) }
}
// -----
stream.pipeline @distinct_pairs {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`distinct` is not there for `corr`: it is of pairs, which are together as often as they are}}
  %a = window %in global { n = corr(distinct x, x) }
}
// -----
stream.pipeline @two_answers {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{expected `on_overflow null` or `on_overflow saturate`}}
  %a = window %in global { n = sum(k on_overflow wrap) }
}
// -----
stream.pipeline @two_answers_again {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`sum` has two answers to an overflow}}
  %a = window %in global { n = sum(k on_overflow null on_overflow saturate) }
}
// -----
stream.pipeline @field_of_a_call {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  %t = window %in global { best = top(2, x) { k, x } }
  // expected-error@+1 {{only what has a name has fields: write `let one = ...` before, and `one.k` here}}
  %m = map %t { one = element(best, 1).k }
}
// -----
stream.pipeline @distinct_behind_in_top {
  %in = source stdin as json { k: i64, x: f64 }
  // expected-error@+1 {{`distinct` is not there for `top`: of records with equal values the earliest are the best; `collect(distinct x)` has different ones}}
  %a = window %in global { n = top(3, x distinct) }
}
// -----
stream.pipeline @distinct_in_top {
  %in = source stdin as json { k: i64, x: f64 }
  // expected-error@+1 {{`distinct` is not there for `top`: of records with equal values the earliest are the best}}
  %a = window %in global { n = top(3, distinct x) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`on_overflow` is of sums of integers, but this is f64: a sum of floats that is too large is infinite; leave it out}}
  %a = window %in global { n = sum(x on_overflow null), m = sum(k on_overflow null) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`distinct` and a minus are read as a difference, and there is no field `distinct`; of the values with their sign turned write `collect(distinct (-x))`}}
  %a = window %in global { n = collect(distinct -k), m = collect(distinct (-k)) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{which records count stands behind `where` alone, as in `n = count() where price > 3`}}
  %a = window %in global { n = count() filter (where k > 3) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{no aggregate `count_if`; which records count stands behind an aggregate: `count() where price > 3`}}
  %a = window %in global { n = count_if(k > 3) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{no aggregate `sumIf`; which records count stands behind an aggregate: `sum(x) where price > 3`}}
  %a = window %in global { n = sumIf(x, k > 3) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`DISTINCT` is written in small letters: `sum(distinct x)`}}
  %a = window %in global { n = sum(DISTINCT x) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`distinct` needs what is to differ behind it, as in `count(distinct x)`}}
  %a = window %in global { n = count(distinct) }
}
// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{`count(distinct x)` takes one argument, but got 2}}
  %a = window %in global { n = count(distinct k, x) }
}
