// Rules 11, 13: a slide above the size leaves gaps, in which records belong to no window and are counted apart; a size that is
// no multiple of the slide; times before 1970.
stream.pipeline @sliding_gaps {
  %rows = source stdin as json { k: string, v: i64?, t: timestamp in s } watermark t bounded 4 s
  %gaps = window %rows sliding 3 s every 7 s offset 1 s { n = count(), total = sum(v) }
  %uneven = window %rows sliding 7 s every 3 s { n = count(), hi = max(v) }
  sink %gaps to file("out/gaps") as json
  sink %uneven to file("out/uneven") as json
}
