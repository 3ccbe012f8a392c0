// What is wrong with a watermark, said where it is written.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @punctuated {
  // expected-error@+1 {{expected `where` and the condition under which a record moves the watermark}}
  %a = source file("x") as json { t: timestamp, n: i64 } watermark t punctuated n
}
// -----
stream.pipeline @types {
  // expected-error@+1 {{a watermark must be a timestamp, but this is i64}}
  %a = source file("x") as json { t: timestamp, n: i64 } watermark t punctuated where n > 1 as n
  // expected-error@+1 {{a watermark must be a timestamp, but this is timestamp?; write what it is without one}}
  %b = source file("x") as json { t: timestamp, u: timestamp? } watermark t punctuated where true as u
  // expected-error@+2 {{no field `lst` here; did you mean `last`?}}
  // expected-note@+1 {{the fields are t, last}}
  %c = source file("x") as json { t: timestamp, last: bool } watermark t punctuated where lst
}
// -----
stream.pipeline @kinds {
  // expected-error@+1 {{behind the event time; did you mean `punctuated`?}}
  %a = source file("x") as json { t: timestamp } watermark t punctated where true
}
// -----
stream.pipeline @twice {
  // expected-error@+1 {{`idle` is written twice}}
  %a = source file("x") as json { t: timestamp } watermark t ascending idle 1 s idle 2 s
}
// -----
stream.pipeline @nothing {
  // expected-error@+1 {{`idle` needs a duration that is more than nothing}}
  %a = source file("x") as json { t: timestamp } watermark t ascending idle 0 s
}
// -----
stream.pipeline @none {
  // expected-error@+1 {{`align` needs a watermark that moves; `none` has only the end of input}}
  %a = source file("x") as json { t: timestamp } watermark t none align 1 h
}
