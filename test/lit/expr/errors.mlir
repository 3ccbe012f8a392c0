// What does not type is reported where it is, with the remedy; the parser goes on behind it.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @names {
  %q = source stdin as json { mag: f64?, net: string, time: timestamp }
  // expected-error@+2 {{no field `magn` here; did you mean `mag`?}}
  // expected-note@+1 {{the fields are mag, net, time}}
  %a = filter %q where magn >= 4.5
  // expected-error@+1 {{no function `lenght`; did you mean `length`?}}
  %b = map %a { x = lenght(net) }
  // expected-error@+2 {{no function `frobnicate`}}
  // expected-note@+1 {{the functions are coalesce, cast, try, length,}}
  %c = map %a { x = frobnicate(net) }
}

// -----

stream.pipeline @operators {
  %q = source stdin as json { s: string, t: timestamp, n: i64, u: u64, d: duration, day: date, b: bool, x: f64?, l: [i64] }
  // expected-error@+1 {{`-` does not work between timestamp and i64; give the number a unit, as in `10 s`}}
  %a = map %q { y = t - 3600 }
  // expected-error@+1 {{`+` does not work between duration and timestamp; write the timestamp first}}
  %b = map %q { y = d + t }
  // expected-error@+1 {{`*` does not work between i64 and duration; write the duration first}}
  %c = map %q { y = n * d }
  // expected-error@+1 {{`+` does not work between string and string; texts are joined by `||`}}
  %d = map %q { y = s + s }
  // expected-error@+1 {{`+` does not work between i64 and u64: no integer type holds both; cast one of them}}
  %e = map %q { y = n + u }
  // expected-error@+1 {{`>` does not work between timestamp and string; a time in quotes is written as in "2018-02-03T04:05:06Z", a date as in "2018-02-03"}}
  %f = filter %q where t > "yesterday"
  // expected-error@+1 {{`<` does not work between timestamp and date; cast the date to a timestamp}}
  %g = filter %q where t < day
  // expected-error@+1 {{`=` with null is always null; write `is null`}}
  %h = filter %q where x = null
  // expected-error@+1 {{`<>` with null is always null; write `is not null`}}
  %i = filter %q where x <> null
  // expected-error@+1 {{`mod` does not work between f64? and i64}}
  %j = map %q { y = x mod 2 }
  // expected-error@+1 {{`>` does not work between bool and bool}}
  %k = filter %q where b > b
  // expected-error@+1 {{`and` does not work between bool and i64}}
  %m = filter %q where b and n
  // expected-error@+1 {{`=` does not work between [i64] and [i64]}}
  %o = filter %q where l = l
  // expected-error@+1 {{`-` does not work on u64, which has no sign; cast it to a signed integer}}
  %p = map %q { y = -u }
  // expected-error@+1 {{`-` needs a number or a duration, but this is string}}
  %r = map %q { y = -s }
}

// -----

stream.pipeline @conditions {
  %q = source stdin as json { s: string, n: i64, x: f64? }
  // expected-error@+1 {{expected a condition, but this is i64}}
  %a = filter %q where n
  // expected-error@+1 {{expected a condition, but this is string}}
  %b = filter %q where not s
  // expected-error@+1 {{expected a condition, but this is i64}}
  %c = map %q { y = case when n then 1 else 2 end }
  // expected-error@+1 {{the branches of `case` need one type, but this is string and what is before it i64}}
  %d = map %q { y = case when n > 1 then n else s end }
  // expected-error@+1 {{`is null` can never hold: this is i64, which is not nullable}}
  %e = filter %q where n is null
}

// -----

stream.pipeline @literals {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{null has no type here; give it one, as in `cast(null as i64)`}}
  %a = map %q { y = null }
  // expected-error@+1 {{this integer is out of range: the largest is 18446744073709551615}}
  %b = map %q { y = 18446744073709551616 }
  // expected-error@+1 {{this integer is out of range}}
  %c = map %q { y = -9223372036854775809 }
  // expected-error@+1 {{an empty list has no type}}
  %d = map %q { y = size([]) }
  // expected-error@+1 {{the branches of `case` need a type, but all are null; write `cast(null as i64)`}}
  %e = map %q { y = case when n > 1 then null end }
}

// -----

stream.pipeline @calls {
  %q = source stdin as json { s: string, n: i64, t: timestamp, l: [i64] }
  // expected-error@+1 {{`length` needs a string here, but this is i64}}
  %a = map %q { y = length(n) }
  // expected-error@+1 {{`contains` takes 2 arguments, but got 1; for example contains("stream", "rea")}}
  %b = map %q { y = contains(s) }
  // expected-error@+1 {{`substring` takes 2 or 3 arguments, but got 1}}
  %c = map %q { y = substring(s) }
  // expected-error@+1 {{`truncate` needs one of the units second, minute, hour, day, week, month, quarter, year; did you mean `hour`?}}
  %d = map %q { y = truncate(t, "hours") }
  // expected-error@+1 {{`truncate` needs one of the units second, minute, hour, day, week, month, quarter, year}}
  %e = map %q { y = truncate(t, s) }
  // expected-error@+1 {{`coalesce` takes at least two values, but got 1}}
  %f = map %q { y = coalesce(n) }
  // expected-error@+1 {{the values of `coalesce` need one type, but this is string and what is before it i64}}
  %g = map %q { y = coalesce(n, s) }
  // expected-error@+1 {{there is no cast from timestamp to i64}}
  %h = map %q { y = cast(t as i64) }
  // expected-error@+1 {{`try` takes one value, as in `try(a / b)`}}
  %i = map %q { y = try(n, n) }
  // expected-error@+1 {{`size` needs a list here, but this is string}}
  %j = map %q { y = size(s) }
  // expected-error@+1 {{a list of lists is not supported}}
  %k = map %q { y = size([l]) }
  // expected-error@+1 {{the elements of a list need one type, but this is string and what is before it i64}}
  %m = map %q { y = size([n, s]) }
}
