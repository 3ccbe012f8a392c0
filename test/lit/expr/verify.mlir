// The constraints of expression ops, for IR that was not read from infix.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

// constant 1
// expected-error@+1 {{'expr.constant' op has a value 5 : i64 that does not fit its type i32}}
%a = expr.constant(5 : i64) : i32
// -----
// constant 2
// expected-error@+1 {{'expr.constant' op is null, so its type must be nullable, but it is i64}}
%a = expr.constant(unit) : i64
// -----
// constant 2
// expected-error@+1 {{'expr.constant' op has a value 5 : i64 that does not fit its type i64?}}
%a = expr.constant(5 : i64) : !expr.nullable<i64>
// -----
// add 1
%a = expr.constant(5 : i64) : i64
%b = expr.constant(5 : i32) : i32
// expected-error@+1 {{'expr.add' op needs operands widened to i64 and i64 by casts, but they are i64 and i32}}
%c = expr.add %a, %b : (i64, i32) -> i64
// -----
// add 1
%a = expr.constant("a") : !expr.string
// expected-error@+1 {{'expr.add' op does not work between string and string}}
%c = expr.add %a, %a : (!expr.string, !expr.string) -> !expr.string
// -----
// add 2
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.add' op gives i64 here, but its result is i32}}
%c = expr.add %a, %a : (i64, i64) -> i32
// -----
// add 2
%a = expr.constant(5 : i64) : i64
%n = expr.constant(unit) : !expr.nullable<i64>
// expected-error@+1 {{'expr.add' op gives i64? here, but its result is i64}}
%c = expr.add %a, %n : (i64, !expr.nullable<i64>) -> i64
// -----
// sub 1
%d = expr.constant(#expr.duration<1 s>) : !expr.duration
%t = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
// expected-error@+1 {{'expr.sub' op does not work between duration and timestamp}}
%c = expr.sub %d, %t : (!expr.duration, !expr.timestamp) -> !expr.timestamp
// -----
// sub 2
%t = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
// expected-error@+1 {{'expr.sub' op gives duration here, but its result is timestamp}}
%c = expr.sub %t, %t : (!expr.timestamp, !expr.timestamp) -> !expr.timestamp
// -----
// mul 1
%d = expr.constant(#expr.duration<1 s>) : !expr.duration
// expected-error@+1 {{'expr.mul' op does not work between duration and duration}}
%c = expr.mul %d, %d : (!expr.duration, !expr.duration) -> !expr.duration
// -----
// mul 2
%d = expr.constant(#expr.duration<1 s>) : !expr.duration
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.mul' op gives duration here, but its result is i64}}
%c = expr.mul %d, %a : (!expr.duration, i64) -> i64
// -----
// div 1
%a = expr.constant(true) : i1
// expected-error@+1 {{'expr.div' op does not work between bool and bool}}
%c = expr.div %a, %a : (i1, i1) -> i1
// -----
// div 2
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.div' op gives i64 here, but its result is f64}}
%c = expr.div %a, %a : (i64, i64) -> f64
// -----
// mod 1
%a = expr.constant(5.0 : f64) : f64
// expected-error@+1 {{'expr.mod' op does not work between f64 and f64}}
%c = expr.mod %a, %a : (f64, f64) -> f64
// -----
// mod 2
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.mod' op gives i64 here, but its result is i64?}}
%c = expr.mod %a, %a : (i64, i64) -> !expr.nullable<i64>
// -----
// neg 1
%a = expr.constant(5 : ui64) : ui64
// expected-error@+1 {{'expr.neg' op needs a signed number or a duration, but its operand is u64}}
%c = expr.neg %a : (ui64) -> ui64
// -----
// neg 2
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.neg' op gives i64 here, but its result is i32}}
%c = expr.neg %a : (i64) -> i32
// -----
// cmp 1
%a = expr.constant(5 : i64) : i64
%b = expr.constant(5.0 : f64) : f64
// expected-error@+1 {{'expr.cmp' op needs operands widened to f64 and f64 by casts, but they are i64 and f64}}
%c = expr.cmp eq %a, %b : (i64, f64) -> i1
// -----
// cmp 2
%a = expr.constant(true) : i1
// expected-error@+1 {{'expr.cmp' op does not work between bool and bool}}
%c = expr.cmp lt %a, %a : (i1, i1) -> i1
// -----
// cmp 3
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.cmp' op gives bool here, but its result is i64}}
%c = expr.cmp eq %a, %a : (i64, i64) -> i64
// -----
// and 1
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.and' op does not work between i64 and i64}}
%c = expr.and %a, %a : (i64, i64) -> i64
// -----
// and 2
%a = expr.constant(unit) : !expr.nullable<i1>
// expected-error@+1 {{'expr.and' op gives bool? here, but its result is bool}}
%c = expr.and %a, %a : (!expr.nullable<i1>, !expr.nullable<i1>) -> i1
// -----
// or 1
%a = expr.constant("a") : !expr.string
// expected-error@+1 {{'expr.or' op does not work between string and string}}
%c = expr.or %a, %a : (!expr.string, !expr.string) -> i1
// -----
// or 2
%a = expr.constant(true) : i1
// expected-error@+1 {{'expr.or' op gives bool here, but its result is bool?}}
%c = expr.or %a, %a : (i1, i1) -> !expr.nullable<i1>
// -----
// not 1
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.not' op needs a condition, but its operand is i64}}
%c = expr.not %a : (i64) -> i64
// -----
// not 2
%a = expr.constant(true) : i1
// expected-error@+1 {{'expr.not' op gives bool here, but its result is bool?}}
%c = expr.not %a : (i1) -> !expr.nullable<i1>
// -----
// is_null 1
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.is_null' op can never hold: its operand is i64, which is not nullable}}
%c = expr.is_null %a : i64
// -----
// coalesce 1
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.coalesce' op takes at least two values, but got 1}}
%c = expr.coalesce %a : (i64) -> i64
// -----
// coalesce 1
%a = expr.constant(5 : i64) : i64
%b = expr.constant(5.0 : f64) : f64
// expected-error@+1 {{'expr.coalesce' op the values need one type, but they are i64 and f64}}
%c = expr.coalesce %a, %b : (i64, f64) -> f64
// -----
// coalesce 2
%a = expr.constant(5 : i64) : i64
%n = expr.constant(unit) : !expr.nullable<i64>
// expected-error@+1 {{'expr.coalesce' op gives i64 here, but its result is i64?}}
%c = expr.coalesce %n, %a : (!expr.nullable<i64>, i64) -> !expr.nullable<i64>
// -----
// select 1
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.select' op needs a condition, but it is i64}}
%c = expr.select %a, %a, %a : (i64, i64, i64) -> i64
// -----
// select 2
%t = expr.constant(true) : i1
%a = expr.constant(5 : i64) : i64
%b = expr.constant(5.0 : f64) : f64
// expected-error@+1 {{'expr.select' op the branches need one type, but they are i64 and f64}}
%c = expr.select %t, %a, %b : (i1, i64, f64) -> f64
// -----
// select 3
%t = expr.constant(true) : i1
%a = expr.constant(5 : i64) : i64
%n = expr.constant(unit) : !expr.nullable<i64>
// expected-error@+1 {{'expr.select' op gives i64? here, but its result is i64}}
%c = expr.select %t, %a, %n : (i1, i64, !expr.nullable<i64>) -> i64
// -----
// try 1
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.try' op gives i64? here, but its result is i64}}
%c = expr.try %a : (i64) -> i64
// -----
// cast 1
%a = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
// expected-error@+1 {{'expr.cast' op cannot convert timestamp to i64}}
%c = expr.cast %a : !expr.timestamp to i64
// -----
// cast 2
%n = expr.constant(unit) : !expr.nullable<i64>
// expected-error@+1 {{'expr.cast' op gives null for null, so its result must be nullable, but it is f64}}
%c = expr.cast %n : !expr.nullable<i64> to f64
// -----
// list 1
// expected-error@+1 {{'expr.list' op needs at least one element}}
%c = expr.list [] : () -> !expr.list<i64>
// -----
// list 2
%a = expr.constant(5 : i64) : i64
%b = expr.constant(5.0 : f64) : f64
// expected-error@+1 {{'expr.list' op the elements need one type, but they are i64 and f64}}
%c = expr.list [%a, %b] : (i64, f64) -> !expr.list<i64>
// -----
// list 3
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.list' op gives [i64] here, but its result is [f64]}}
%c = expr.list [%a] : (i64) -> !expr.list<f64>
// -----
// call 1
%a = expr.constant("a") : !expr.string
// expected-error@+1 {{'expr.call' op calls `uper`, which is no function; did you mean `upper`?}}
%c = expr.call "uper"(%a) : (!expr.string) -> !expr.string
// -----
// call 2
%a = expr.constant("a") : !expr.string
// expected-error@+1 {{'expr.call' op calls `contains` with 1 arguments, but it takes 2}}
%c = expr.call "contains"(%a) : (!expr.string) -> i1
// -----
// call 2
%a = expr.constant(5 : i64) : i64
// expected-error@+1 {{'expr.call' op calls `length`, whose argument 1 is a string, but this is i64}}
%c = expr.call "length"(%a) : (i64) -> i64
// -----
// call 3
%t = expr.constant(#expr.timestamp<"2018-02-03T04:05:06Z">) : !expr.timestamp
%u = expr.constant("hours") : !expr.string
// expected-error@+1 {{'expr.call' op needs one of the units second, minute, hour, day, week, month, quarter, year as a constant}}
%c = expr.call "truncate"(%t, %u) : (!expr.timestamp, !expr.string) -> !expr.timestamp
// -----
// call 4
%a = expr.constant("a") : !expr.string
// expected-error@+1 {{'expr.call' op gives i64 here, but its result is i32}}
%c = expr.call "length"(%a) : (!expr.string) -> i32
// -----
// expected-error@+1 {{'expr.invalid' op stands for a mistake and cannot be compiled}}
%c = expr.invalid : !expr.invalid
// -----
// expected-error@+1 {{expected a type of values that is not nullable yet, but found i64?}}
%c = expr.constant(unit) : !expr.nullable<!expr.nullable<i64>>
// -----
// field 1
%a = expr.constant("a") : !expr.string
// expected-error@+1 {{'expr.field' op needs a record, but its operand is string}}
%c = expr.field %a "x" : (!expr.string) -> i64
// -----
// field 2
%r = expr.constant(unit) : !expr.nullable<!expr.record<{place: string, mag: f64?}>>
// expected-error@+1 {{'expr.field' op reads `x`, which is no field of {place: string, mag: f64?}?}}
%c = expr.field %r "x" : (!expr.nullable<!expr.record<{place: string, mag: f64?}>>) -> i64
// -----
// field 3
%r = expr.constant(unit) : !expr.nullable<!expr.record<{place: string}>>
// expected-error@+1 {{'expr.field' op gives string? here, but its result is string}}
%c = expr.field %r "place" : (!expr.nullable<!expr.record<{place: string}>>) -> !expr.string
// -----
// expected-error@+1 {{a field of a record that is a value is no list and no record itself}}
%c = expr.constant(unit) : !expr.nullable<!expr.record<{a: [i64]}>>
// -----
// expected-error@+1 {{the record has two fields called `a`}}
%c = expr.constant(unit) : !expr.nullable<!expr.record<{a: i64, a: i32}>>
// -----
// expected-error@+1 {{expected a record of at least one field, with a type for each name}}
%c = expr.constant(unit) : !expr.nullable<!expr.record<{}>>
// -----
// expected-error@+1 {{expected a list of scalars or records, but its elements are [i64]}}
%c = expr.list [] : () -> !expr.list<!expr.list<i64>>
// -----
// expected-error@+1 {{expected an RFC 3339 time with its zone, as in "2018-02-03T04:05:06Z"}}
%c = expr.constant(#expr.timestamp<"2018-02-03">) : !expr.timestamp
// -----
// expected-error@+1 {{expected a date, as in "2018-02-03"}}
%c = expr.constant(#expr.date<"2018-02-29">) : !expr.date
