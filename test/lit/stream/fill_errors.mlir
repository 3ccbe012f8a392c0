// Windows that cannot give rows where there are no records.
// RUN: millrace-opt %s --split-input-file --verify-diagnostics

stream.pipeline @kinds {
  %in = source file("x") as json { n: i64, t: timestamp } watermark t bounded 1 min
  // expected-error@+1 {{`fill` is for windows that lie side by side in event time: tumbling, sliding, cumulate or calendar}}
  %a = window %in global fill { n = count() }
  // expected-error@+1 {{`fill` is for windows that lie side by side in event time: tumbling, sliding, cumulate or calendar}}
  %b = window %in tumbling 1 min in processing_time fill { n = count() }
  // expected-error@+1 {{`fill` is for windows that lie side by side in event time: tumbling, sliding, cumulate or calendar}}
  %c = window %in session gap 1 min lateness 1 min fill { n = count() }
}
