// What cannot be `same`, and what top cannot be asked for.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @source {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  // expected-error@+1 {{`window` can be `same` only over results of windows, and `in` gives records that come from no window: write the window, as `tumbling 1 h`}}
  %all = window %in same { n = count() }
}
// -----
stream.pipeline @global {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  %one = window %in global { n = count() }
  // expected-error@+1 {{`window` can be `same` only over results of windows, and `one` has one window for all time: write `global` here, too}}
  %all = window %one same { n = count() }
}
// -----
stream.pipeline @count {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  %ten = window %in count 10 { n = count() }
  // expected-error@+1 {{`top` can be `same` only over results of windows, and `ten` counts records, so its results are of no interval of time}}
  %best = top %ten by n desc limit 3 same
}
// -----
stream.pipeline @session {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  %visit = window %in session gap 30 min { n = count() }
  // expected-error@+1 {{`window` can be `same` only over results of windows, and `visit` gives sessions, which each key has for itself: use a window that all keys share, as `tumbling 1 h`}}
  %all = window %visit same { n = count() }
}
// -----
stream.pipeline @different {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  %a = window %in tumbling 1 h { n = count() }
  %b = window %in tumbling 2 h { n = count() }
  %both = union %a, %b
  // expected-error@+1 {{`window` can be `same` only over results of windows, and `both` unites results of different windows, `tumbling 1 h` and `tumbling 2 h`}}
  %all = window %both same { n = count() }
}
// -----
stream.pipeline @again {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  %a = window %in tumbling 1 h emit every 1 min discarding { n = count() }
  // expected-error@+1 {{`window` can be `same` only over results of windows, and `a` gives a window's results more than once, and what is made of them would be out of date: let it be `final`}}
  %all = window %a same { n = count() }
}
// -----
stream.pipeline @direction {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  // expected-error@+1 {{expected `desc` (the greatest first) or `asc` behind what `top` goes by; did you mean `desc`?}}
  %best = top %in by n    descending limit 3 tumbling 1 h
}
// -----
stream.pipeline @limit {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  // expected-error@+1 {{expected a limit of at least one record, but found 0}}
  %best = top %in by n desc limit 0 tumbling 1 h
}
// -----
stream.pipeline @per {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  // expected-error@+1 {{`top` has a limit for each key: write `key_by` before it, instead of `per`}}
  %best = top %in by n desc limit 3 per n tumbling 1 h
}
// -----
stream.pipeline @list {
  %in = source file("x") as json { n: i64, tags: [string], t: timestamp } watermark t bounded 1 min
  // expected-error@+1 {{`tags` is [string], and `top` keeps scalars only: leave it out by a map before}}
  %best = top %in by n desc limit 3 tumbling 1 h
}
// -----
stream.pipeline @clock {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  // expected-error@+1 {{`top` goes by event time; over what a window in processing time gives, write `same`}}
  %best = top %in by n desc limit 3 tumbling 1 h in processing_time
}
// -----
stream.pipeline @field {
  %in = source file("x") as json { count: i64, t: timestamp } watermark t bounded 1 min
  // expected-error@+2 {{no field `cuont` here; did you mean `count`?}}
  // expected-note@+1 {{the fields are count, t}}
  %best = top %in by cuont desc limit 3 tumbling 1 h
}
// -----
stream.pipeline @late {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  %w = window %in tumbling 1 h { n = count() }
  // expected-error@+1 {{a window `same` fires right behind the rows that it is of: none is late}}
  %all = window %w same lateness 1 h { n = sum(n) }
}
// -----
stream.pipeline @emit {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  %w = window %in tumbling 1 h { n = count() }
  // expected-error@+1 {{a window `same` fires right behind the rows that it is of, so there is no `emit`}}
  %all = window %w same emit every 1 min { n = sum(n) }
}
