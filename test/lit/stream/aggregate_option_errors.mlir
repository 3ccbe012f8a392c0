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
  // expected-error@+1 {{`distinct` is not there for `argmax`; it is for count, sum, avg}}
  %a = window %in global { n = argmax(distinct s, x) }
}

// -----
stream.pipeline @p {
  %in = source stdin as json { k: i64, x: f64, s: string, b: bytes }
  // expected-error@+1 {{expected a number with a point, as in `0.001`, but this is `1e-5`}}
  %a = window %in global { n = quantile(x, 1e-5) }
}
