// Windows that fire more than once, written wrong: where, what is near, what helps (rules 19 to 22).
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

// Mistakes that leave the rest readable: all are told in one run.
stream.pipeline @p {
  %in = source file("x") as json { k: string, reason: i64, t: timestamp } watermark t ascending
  %keyed = key_by %in on k
  %untimed = source stdin as json { n: i64 }
  // expected-error@+1 {{rows of a global window replace those before by key, and this stream has none; write `discarding`, which gives what is new in each row, or key its input}}
  %a = window %in global emit every 10 records { n = count() }
  // expected-error@+1 {{a global window fires at the end of the input: no record is late, so there is no `lateness`}}
  %b = window %keyed global lateness 1 h { n = count() }
  // expected-error@+1 {{in processing time no record is late, so there is no `lateness`}}
  %c = window %untimed tumbling 1 h in processing_time lateness 1 h { n = count() }
  // expected-error@+1 {{a window in processing time has no event time to emit by; write `emit every 1 min in processing_time`}}
  %d = window %untimed tumbling 1 h in processing_time emit every 1 min { n = count() }
  // expected-error@+1 {{`emit every 1 min` goes by event time, and this stream has none; write `watermark time bounded 10 s` at its source, or `emit every 1 min in processing_time`}}
  %e = window %untimed global emit every 1 min discarding { n = count() }
  // expected-error@+1 {{a count window fires after so many records: `count 100 every 10` gives a row for each 10 of them, so there is no `emit`}}
  %f = window %keyed count 100 emit every 10 records { n = count() }
  // expected-error@+1 {{expected `emit every` a duration below the window's size 1 h, but found 1 h: no row would come before the end}}
  %g = window %keyed tumbling 1 h emit every 60 min { n = count() }
  // expected-error@+1 {{late records have their fields and `reason`, which is a field already; rename it in a `map` before}}
  %h, %late = window %keyed tumbling 1 h { n = count() }
  // expected-error@+1 {{a global window fires at the end of the input: no record is late, so there is no stream of late records; give the window one name}}
  %i, %never = window %keyed global { n = count() }
  // expected-error@+1 {{a count window takes records in the order of arrival: none is late, so there is no stream of late records; give the window one name}}
  %j, %none = window %keyed count 10 { n = count() }
}
// -----
// What takes no changes says how to have none.
stream.pipeline @p {
  %in = source file("x") as json { k: string, t: timestamp } watermark t ascending
  %keyed = key_by %in on k
  %early = window %keyed tumbling 1 h emit every 1 min { n = count() }
  // expected-error@+1 {{`window` needs a stream that only inserts, but this one replaces rows it gave before: write `discarding` in the window `%early`, so that each row is of new records alone}}
  %a = window %early tumbling 1 d { n = count() }
  %kept = window %keyed tumbling 1 h lateness 1 d { n = count() }
  // expected-error@+1 {{`window` needs a stream that only inserts, but this one replaces rows it gave before: write `discarding` in the window `%kept`, so that each row is of new records alone, or `final`, which gives one row, when no record can come any more}}
  %b = window %kept tumbling 1 d { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{no `latenes` stands in a window; did you mean `lateness`?}}
  %a = window %in tumbling 1 h latenes 10 min { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{there is no `allowed_lateness` here; did you mean `lateness 10 min`?}}
  %a = window %in tumbling 1 h allowed_lateness 10 min { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{expected the lateness to be above zero, but found 0 s}}
  %a = window %in tumbling 1 h lateness 0 s { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{expected `every` behind `emit`, as in `emit every 1 min`}}
  %a = window %in tumbling 1 h emit 1 min { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{expected a row for every record or more of them, but found `every 0 records`}}
  %a = window %in tumbling 1 h emit every 0 records { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{expected `processing_time` or `event_time` after `in`; did you mean `processing_time`?}}
  %a = window %in tumbling 1 h emit every 1 min in procesing_time { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{`lateness` is there twice}}
  %a = window %in tumbling 1 h lateness 1 h lateness 2 h { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{`discarding` and `final` exclude each other: write one of them}}
  %a = window %in tumbling 1 h lateness 1 h discarding final { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{`refire` gathers what late records change, and there are none without `lateness`; write `lateness 1 h` before it}}
  %a = window %in tumbling 1 h emit every 1 min refire every 1 min { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{`discarding` says what a window's rows hold if there are several, but this window gives one; with `lateness 1 h` or `emit every 1 min` it would have a meaning}}
  %a = window %in tumbling 1 h discarding { n = count() }
}
// -----
stream.pipeline @p {
  %in = source file("x") as json { t: timestamp } watermark t ascending
  // expected-error@+1 {{`final` gives one row for a window, when no record can come any more, so there is no `emit` with it; `accumulating` and `discarding` give rows before}}
  %a = window %in tumbling 1 h lateness 1 h emit every 1 min final { n = count() }
}
