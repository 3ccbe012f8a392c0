// What MLIR's lexer would stumble over with messages of its own is named before it does.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{`!=` is not an operator here; write `<>`}}
  %a = filter %q where n != 3
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{`&&` is not an operator here; write `and`}}
  %a = filter %q where n > 3 && n < 5
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{`%` is not an operator here; write `mod`}}
  %a = filter %q where n % 2 = 0
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{`!` is not an operator here; write `not`}}
  %a = filter %q where !(n = 3)
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{texts are written with double quotes}}
  %a = filter %q where s = 'us'
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{a field with an odd name is written `field("...")`}}
  %a = filter %q where n = `n`
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{a number starts with a digit: write `0.5`}}
  %a = filter %q where n > .5
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{unknown escape in a text; for a backslash write two: `\\d`}}
  %a = filter %q where s = "\d+"
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+2 {{a text must be UTF-8}}
  // expected-warning@+1 {{`\da` stands for one byte; for a backslash write two}}
  %a = filter %q where s = "\da"
}

// -----

stream.pipeline @p {
  %x = param 1
  %q = source stdin as json { n: i64, s: string }
  // expected-error@+1 {{`%x-1` is not defined above; a `-` belongs to the name: put blanks around it to subtract}}
  %a = filter %q where n > %x-1
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, d: duration }
  // expected-error@+1 {{write the parts of a duration apart, as in `1 h 30 min`}}
  %a = filter %q where d > 1h30min
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, d: duration }
  // expected-error@+1 {{unknown unit of time `hours`; did you mean `h`?}}
  %a = map %q { x = d + 1 h 2 hours }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, d: duration }
  // expected-error@+1 {{unknown unit of time `fortnights`: expected us, ms, s, min, h or d}}
  %a = map %q { x = d + 1 h 2 fortnights }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64, d: duration }
  // expected-error@+1 {{this duration is out of range}}
  %a = map %q { x = d + 9999999999999 d }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected an expression}}
  %a = filter %q where n > )
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected an expression before `and`}}
  %a = filter %q where and n > 3
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `null` after `is`}}
  %a = filter %q where n is 3
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `and`, as in `x between 1 and 3`}}
  %a = filter %q where n between 1, 3
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected a list in parentheses, as in `x in (1, 2)`}}
  %a = filter %q where n in [1, 2]
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{`in` needs at least one value}}
  %a = filter %q where n in ()
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `then`, as in `case when a > 0 then "yes" else "no" end`}}
  %a = map %q { x = case when n > 3 "big" end }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `end`, as in}}
  %a = map %q { x = case when n > 3 then "big" else "small" }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected `as` and a type, as in `cast(x as i64)`}}
  %a = map %q { x = cast(n, f64) }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{unknown type `double`; here it is `f64`}}
  %a = map %q { x = cast(n as double) }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{unknown type `strnig`; did you mean `string`?}}
  %a = map %q { x = cast(n as strnig) }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected an RFC 3339 time with its zone, as in timestamp "2018-02-03T04:05:06Z"}}
  %a = map %q { x = timestamp "2018-02-30T00:00:00Z" }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected a date, as in date "2018-02-03"}}
  %a = map %q { x = date "2018-13-01" }
}

// -----

stream.pipeline @p {
  %q = source stdin as json { n: i64 }
  // expected-error@+1 {{expected a param, but this is a stream}}
  %a = filter %q where n > %q
}
