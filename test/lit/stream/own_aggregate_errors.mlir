// What is wrong with an aggregate of a pipeline's own, or with its use.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @parts {
  // expected-error@+1 {{expected `identity`, the state of no record, as in `identity { n = 0 }`; did you mean `identity`?}}
  %a = aggregate (x: i64) -> i64 identty { n = 0 } lift { n = x } combine { n = a.n + b.n } lower n
}
// -----
stream.pipeline @missing {
  // expected-error@+1 {{`lift` does not give `m` of the state}}
  %a = aggregate (x: i64) -> i64 identity { n = 0, m = 0 } lift { n = x } combine { n = a.n + b.n, m = 0 } lower n
}
// -----
stream.pipeline @unknown {
  // expected-error@+1 {{no `total` in the state that `identity` gives}}
  %a = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = x } combine { n = a.n + b.n, total = 1 } lower n
}
// -----
stream.pipeline @names {
  // expected-error@+2 {{no field `n` here}}
  // expected-note@+1 {{the fields are a.n, b.n}}
  %a = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = x } combine { n = n + b.n } lower n
}
// -----
stream.pipeline @types {
  // expected-error@+1 {{`n` of the state is i64 in `identity`, but string here}}
  %a = aggregate (x: string) -> i64 identity { n = 0 } lift { n = x } combine { n = a.n } lower n
  // expected-error@+1 {{`n` of the state is i64, but this is f64}}
  %b = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = x } combine { n = a.n + 0.5 } lower n
  // expected-error@+1 {{what it gives is i64, but this is string}}
  %c = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = x } combine { n = a.n + b.n } lower "x"
  // expected-error@+1 {{what it gives is i64, but this may be null; write `-> i64?`, or `coalesce`}}
  %d = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = x } combine { n = a.n + b.n } lower try(100 / n)
  // expected-error@+1 {{`n` of the state is i64, but this may be null; begin with `cast(null as i64)` in `identity`, or write `coalesce`}}
  %e = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = x } combine { n = try(a.n + b.n) } lower n
}
// -----
stream.pipeline @parameters {
  // expected-error@+1 {{a record whose argument is null is passed over (rule 28), so here it never is; write `x: i64`}}
  %a = aggregate (x: i64?) -> i64 identity { n = 0 } lift { n = 1 } combine { n = a.n + b.n } lower n
  // expected-error@+1 {{an aggregate takes scalars, not [i64]}}
  %b = aggregate (x: [i64]) -> i64 identity { n = 0 } lift { n = 1 } combine { n = a.n + b.n } lower n
  // expected-error@+1 {{`x` stands here twice}}
  %c = aggregate (x: i64, x: i64) -> i64 identity { n = 0 } lift { n = 1 } combine { n = a.n + b.n } lower n
}
// -----
stream.pipeline @facts {
  // expected-error@+1 {{expected a fact, one of order_free, idempotent, exact_inverse; did you mean `order_free`?}}
  %a = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = 1 } combine { n = a.n + b.n } lower n facts orderfree
}
// -----
stream.pipeline @no_inverse {
  // expected-error@+1 {{claims `exact_inverse`, but has no `inverse`}}
  %a = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = 1 } combine { n = a.n + b.n } lower n facts order_free, exact_inverse
}
// -----
stream.pipeline @idle_inverse {
  // expected-error@+1 {{has an `inverse`, but does not claim `exact_inverse`: what is not exact is never taken away}}
  %a = aggregate (x: i64) -> i64 identity { n = 0 } lift { n = 1 } combine { n = a.n + b.n } inverse { n = a.n - b.n } lower n
}
// -----
stream.pipeline @inverse_of_floats {
  // expected-error@+1 {{claims `exact_inverse`, but `s` of its state is a float, from which nothing can be taken away exactly (rule 24)}}
  %a = aggregate (x: f64) -> f64 identity { s = 0.0 } lift { s = x } combine { s = a.s + b.s } inverse { s = a.s - b.s } lower s facts order_free, exact_inverse
}
// -----
stream.pipeline @inverse_of_texts {
  // expected-error@+1 {{claims `exact_inverse`, but `s` of its state is a text, from which nothing can be taken away}}
  %a = aggregate (x: string) -> string identity { s = "" } lift { s = x } combine { s = a.s || b.s } inverse { s = substring(a.s, length(b.s)) } lower s facts order_free, exact_inverse
}
// -----
stream.pipeline @inverse_in_order {
  // expected-error@+1 {{claims `exact_inverse` without `order_free`: what is taken away came before what stays}}
  %a = aggregate (x: i64) -> i64 identity { s = 0 } lift { s = x } combine { s = a.s + b.s } inverse { s = a.s - b.s } lower s facts exact_inverse
}
// -----
stream.pipeline @both {
  // expected-error@+1 {{cannot be `idempotent` and have an `exact_inverse`}}
  %a = aggregate (x: i64) -> i64 identity { s = 0 } lift { s = x } combine { s = a.s + b.s } inverse { s = a.s - b.s } lower s facts order_free, exact_inverse, idempotent
}
// -----
stream.pipeline @uses {
  %limit = param 5
  %sum = aggregate (x: i64) -> i64 identity { s = 0 } lift { s = x } combine { s = a.s + b.s } lower s
  %in = source stdin as json { k: i64, x: f64, s: string, n: i16, u: u64 }
  // expected-error@+1 {{`%sum` takes i64 here, but this is f64}}
  %a = window %in global { n = %sum(x) }
  // expected-error@+1 {{`%sum` takes i64 here, but this is u64}}
  %b = window %in global { n = %sum(u) }
  // expected-error@+1 {{`%sum` takes 1 argument, but got 2}}
  %c = window %in global { n = %sum(k, k) }
  // expected-error@+1 {{`distinct` is not there for `%sum`: its state has no values left that could be told apart}}
  %d = window %in global { n = %sum(distinct k) }
}
// -----
stream.pipeline @no_aggregate {
  %limit = param 5
  %in = source stdin as json { k: i64 }
  // expected-error@+1 {{`%limit` is no aggregate; one is made by `%limit = aggregate (x: f64) -> f64 ...`}}
  %a = window %in global { n = %limit(k) }
}
// -----
stream.pipeline @not_above {
  %in = source stdin as json { k: i64 }
  // expected-error@+1 {{`%sum` is not defined above}}
  %a = window %in global { n = %sum(k) }
}
// -----
stream.pipeline @no_value {
  %sum = aggregate (x: i64) -> i64 identity { s = 0 } lift { s = x } combine { s = a.s + b.s } lower s
  %in = source stdin as json { k: i64 }
  // expected-error@+1 {{expected a param, but this is an aggregate}}
  %a = filter %in where k > %sum
  // expected-error@+1 {{expected a stream, but `%sum` is an aggregate}}
  %b = filter %sum where k > 1
}
// -----
stream.pipeline @points {
  // expected-error@+1 {{has `s.t` in its state, whose names are without a point}}
  %a = aggregate (x: i64) -> i64 identity { s.t = 0 } lift { s.t = x } combine { s.t = a.s.t + b.s.t } lower s.t
}
// -----
stream.pipeline @identity_fails {
  %p = param 4
  // expected-error@+1 {{`identity` is the state of no record and may not fail, but `10 / %p` can; make it a constant or a param, or write `coalesce(try(...), ...)`}}
  %a = aggregate (x: i64) -> i64 identity { s = 10 / %p } lift { s = x } combine { s = case when a.s > b.s then a.s else b.s end } lower s
}
// -----
stream.pipeline @identity_is_no_constant {
  // expected-error@+1 {{but `10 / 0` can}}
  %b = aggregate (x: i64) -> i64 identity { s = 10 / 0 } lift { s = x } combine { s = a.s + b.s } lower s
}
// -----
stream.pipeline @identity_overflows {
  %p = param 4
  // expected-error@+1 {{but `%p + 1` can}}
  %c = aggregate (x: i64) -> i64 identity { n = 0, s = 2 * (%p + 1) } lift { n = 1, s = x } combine { n = 0, s = a.s + b.s } lower s
}
// -----
stream.pipeline @identity_cannot_fail {
  %p = param 4
  %a = aggregate (x: i64) -> i64 identity { s = coalesce(try(10 / %p), 0), n = cast(6 as i32), f = 10.0 / 0.0 } lift { s = x, n = cast(1 as i32), f = 1.0 }
    combine { s = case when a.s > b.s then a.s else b.s end, n = b.n, f = a.f } lower s
}
// -----
stream.pipeline @identity_is_cast_to_a_wider_type {
  %a = aggregate (x: i64) -> i64 identity { n = cast(0 as i32) } lift { n = case when x > 0 then 1 else 0 end } combine { n = a.n + b.n } lower n
}
