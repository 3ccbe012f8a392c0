// Windows of all kinds written wrong: what is missing, what is out of range, what is meant.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{no windows are called `hop` here; did you mean `sliding 60 s every 10 s`?}}
  %b = window %a hop 60 s every 10 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{no windows are called `hopping` here; did you mean `sliding 60 s every 10 s`?}}
  %b = window %a hopping 60 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{no windows are called `tumble` here; did you mean `tumbling 1 h`?}}
  %b = window %a tumble 1 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{no windows are called `month` here; did you mean `calendar month`?}}
  %b = window %a month { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a kind of window: tumbling, sliding, cumulate, session, count, calendar, global, same; did you mean `sliding`?}}
  %b = window %a slidin 1 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a kind of window: tumbling, sliding, cumulate, session, count, calendar, global, same; did you mean `session`?}}
  %b = window %a sesion gap 1 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected `every DURATION`, as in `sliding 60 s every 1 s`}}
  %b = window %a sliding 1 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a duration, as in `10 s` or `1 h 30 min`}}
  %b = window %a sliding every 1 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the size of a window to be above zero, but found 0 s}}
  %b = window %a sliding 0 s every 1 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the duration between two windows to be above zero, but found 0 s}}
  %b = window %a sliding 1 s every 0 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the size of a window to lie within the years 0000 to 9999, but found 4000000 d}}
  %b = window %a sliding 4000000 d every 1 d { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the duration between two windows to lie within the years 0000 to 9999, but found 4000000 d}}
  %b = window %a sliding 1 d every 4000000 d { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected an offset below the duration between two windows 10 s, but found 10 s}}
  %b = window %a sliding 1 h every 10 s offset 10 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected an offset below the duration between two windows 10 s, but found -11 s}}
  %b = window %a sliding 1 h every 10 s offset -11 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{a tumbling window begins where the one before ends; did you mean `sliding`?}}
  %b = window %a tumbling 1 h every 10 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the size of a window to lie within the years 0000 to 9999, but found 4000000 d}}
  %b = window %a tumbling 4000000 d { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected `every DURATION`, as in `cumulate 1 d every 1 h`}}
  %b = window %a cumulate 1 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the duration of a step to be above zero, but found 0 s}}
  %b = window %a cumulate 1 h every 0 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a step of at most the window's size 1 h, but found 2 h}}
  %b = window %a cumulate 1 h every 2 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected an offset below the window's size 1 h, but found 1 h}}
  %b = window %a cumulate 1 h every 1 min offset 1 h { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected `gap DURATION`, as in `session gap 30 min`}}
  %b = window %a session 30 min { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the gap of a session to be above zero, but found 0 s}}
  %b = window %a session gap 0 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the longest session to be at least the gap 1 h, which each session ends with, but found 30 min}}
  %b = window %a session gap 1 h longest 30 min { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the longest session to be at least the gap 1 h, which each session ends with, but found 0 s}}
  %b = window %a session gap 1 h longest 0 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { n: i64, t: timestamp } watermark t bounded 1 s
  // expected-error@+1 {{the gap of a session is a duration, but this is i64; of a number `n` make one by `1 min * n`}}
  %b = window %a session gap (n) { x = count() }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { pause: duration in s, t: timestamp } watermark t bounded 1 s
  // expected-error@+2 {{no field `paus` here; did you mean `pause`?}}
  // expected-note@+1 {{the fields are pause, t}}
  %b = window %a session gap (paus) { x = count() }
}
// -----
stream.pipeline @p {
  %a = source stdin as json { pause: duration in s, t: timestamp } watermark t bounded 1 s
  // expected-error@+1 {{expected the longest session to be above zero, but found 0 s}}
  %b = window %a session gap (pause) longest 0 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a number of records, as in `count 100`}}
  %b = window %a count { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a window of at least one record, but found 0}}
  %b = window %a count 0 { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a window of at least one record, but found -5}}
  %b = window %a count -5 { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a whole number of records, as in `count 100`}}
  %b = window %a count 1.5 { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{a count window has a number of records; a window of that duration is `tumbling 10 s`}}
  %b = window %a count 10 s { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a result for every record or more of them, but found `every 0`}}
  %b = window %a count 10 every 0 { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected a result for every 10 records at most, the window's size, but found `every 11`: the records between would be in no window}}
  %b = window %a count 10 every 11 { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{a count window goes by the order of arrival; it has no `in processing_time`}}
  %b = window %a count 10 in processing_time { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected what a calendar window is one of: day, week, month, quarter, year}}
  %b = window %a calendar { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected what a calendar window is one of: day, week, month, quarter, year; did you mean `month`?}}
  %b = window %a calendar mont { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected what a calendar window is one of: day, week, month, quarter, year; an hour is always as long: `tumbling 1 h`}}
  %b = window %a calendar hour { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected `processing_time` or `event_time` after `in`}}
  %b = window %a calendar day in "Europe/Berlin" in UTC { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the zone in quotes, as in `in "Europe/Berlin"`, or `processing_time`}}
  %b = window %a calendar day in Berlin { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected the name of a zone, as in `in "Europe/Berlin"`; without `in` it is UTC}}
  %b = window %a calendar day in "" { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{there is no time zone `Europe/Berln`; did you mean `Europe/Berlin`?}}
  %b = window %a calendar day in "Europe/Berln" { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{there is no time zone `berlin`; did you mean `Europe/Berlin`?}}
  %b = window %a calendar day in "berlin" { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{there is no time zone `../passwd`}}
  %b = window %a calendar day in "../passwd" { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{there is no time zone `CET+1`}}
  %b = window %a calendar day in "CET+1" { x = count() }
}
// -----
stream.pipeline @p {
  %a = source sequence(count = 1)
  // expected-error@+1 {{expected `processing_time` or `event_time` after `in`}}
  %b = window %a sliding 1 h every 1 min in wall_time { x = count() }
}
// -----
// Only count and global windows do without event time.
stream.pipeline @p {
  %a = source stdin as json { n: i64 }
  // expected-error@+1 {{a window in event time needs a stream with event time; write `watermark time bounded 10 s` at its source, or `in processing_time` here}}
  %b = window %a sliding 1 h every 1 min { x = count() }
  // expected-error@+1 {{a window in event time needs a stream with event time; write `watermark time bounded 10 s` at its source, or `in processing_time` here}}
  %c = window %a cumulate 1 h every 1 min { x = count() }
  // expected-error@+1 {{a window in event time needs a stream with event time; write `watermark time bounded 10 s` at its source}}
  %d = window %a session gap 1 h { x = count() }
  // expected-error@+1 {{a window in event time needs a stream with event time; write `watermark time bounded 10 s` at its source}}
  %e = window %a calendar day { x = count() }
  %f = window %a sliding 1 h every 1 min in processing_time { x = count() }
  %g = window %a count 10 { x = count() }
}
