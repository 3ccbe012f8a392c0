// Names: more before a statement than the streams it gives, and fields that are there without being written.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{`top` gives one stream: its late records are counted and dropped; only `window` hands them on}}
  %y, %late = top %numbers by n desc limit 3 tumbling 1 h
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{`over` gives one stream: its late records are counted and dropped; only `window` hands them on}}
  %y, %late = over %numbers last 1 h { *, c = count() }
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{`filter` gives one stream, so one name stands before it}}
  %y:2 = filter %numbers where n > 3
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{`window` gives two streams at most: its rows and the records that came too late}}
  %y, %late, %more = window %numbers tumbling 1 h { c = count() }
}
// -----
stream.pipeline @p {
  // expected-error@+1 {{`param` gives one value, so one name stands before it}}
  %a, %b = param 5
}
// -----
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  // expected-error@+1 {{`sink` gives no stream, so no name stands before it}}
  %out = sink %numbers to null
}
// -----
// All in one run: what stands behind is read, too.
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  %keyed = key_by %numbers on n
  // expected-error@+1 {{the name `pane` is taken: rows of a window that may fire more than once have it, as which of them they are}}
  %a = window %numbers tumbling 1 h lateness 1 min { c = count(), pane = count() }
  // expected-error@+1 {{the name `timing` is taken: rows of a window that may fire before its end or behind it have it, as when they came}}
  %b = window %numbers tumbling 1 h in processing_time { timing = count() }
  // expected-error@+2 {{the name `n` is taken: each row has the keys, and this is one}}
  // expected-error@+1 {{two aggregates are called `c`}}
  %c = window %keyed tumbling 1 h { n = count(), c = count(), c = sum(n) }
  // expected-error@+1 {{the name `n` is taken: the input's field of that name goes on}}
  %d = over %keyed all { *, n = count() }
  %e = window %numbers global { pane = count(), timing = count() }
  // expected-error@+1 {{the name `n` is taken: each row has the keys, and this is one}}
  %f = running %keyed { n = count() }
}
// -----
// Late records have no event time, and no `watermark` gives them one.
stream.pipeline @p {
  %numbers = source sequence(count = 1000, rate = 10)
  %rows, %late = window %numbers tumbling 1 h { c = count() }
  %some = filter %late where n > 3
  %keyed = key_by %some on n
  // expected-error@+1 {{a window in event time needs a stream with event time; late records, as `rows` hands them on, are behind the watermark and have none; a longer `lateness` there makes fewer of them, or `in processing_time` here}}
  %a = window %late tumbling 1 h { c = count() }
  // expected-error@+1 {{`over` goes by event time, and this stream has none; late records, as `rows` hands them on, are behind the watermark and have none}}
  %b = over %some last 1 h { c = count() }
  // expected-error@+1 {{`top` by a window in event time needs a stream with event time; late records, as `rows` hands them on,}}
  %c = top %late by n desc limit 3 tumbling 1 h
  // expected-error@+1 {{`ttl` goes by event time, and this stream has none; late records, as `rows` hands them on,}}
  %d = running %keyed ttl 1 h { c = count() }
  // expected-error@+1 {{`within` goes by event time, and this stream has none; late records, as `rows` hands them on,}}
  %e = deduplicate %keyed keep first within 1 h
  // expected-error@+1 {{`emit every 1 min` goes by event time, and this stream has none; late records, as `rows` hands them on, are behind the watermark and have none; a longer `lateness` there makes fewer of them, or `emit every 1 min in processing_time`}}
  %f = window %keyed global emit every 1 min { c = count() }
}
// -----
stream.pipeline @p {
  %in, %bad = source file("x") as json { n: i64 } on_bad dead_letter
  // expected-error@+1 {{a window in event time needs a stream with event time; bad records have none}}
  %a = window %bad tumbling 1 h { c = count() }
}
