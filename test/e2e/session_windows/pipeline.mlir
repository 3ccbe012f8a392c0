// Rules 4, 7, 12, 15, 19: sessions that open, grow, meet and end, many of a key at once because the watermark is far behind; the same
// cut where they would be too long; rows of two ways in one sink; texts and sets that move with their session.
stream.pipeline @session_windows {
  %rows  = source stdin as json { k: string, v: i64?, t: timestamp in s, pause: i64 } watermark t bounded 40 s
  %by_k  = key_by %rows on k
  %gaps  = window %by_k session gap 5 s { n = count(), total = sum(v), since = first(v), until = last(v), names = count(distinct v) }
  %short = window %by_k session gap 7 s longest 12 s { n = count(), name = max(k) }
  %own   = window %rows session gap (1 s * pause) { n = count(), text = min(k) }
  %one   = map %gaps { k, window_end, n }
  %two   = map %short { k, window_end, n }
  %both  = union %one, %two
  sink %gaps to file("out/gaps") as json
  sink %short to file("out/short") as json
  sink %own to file("out/own") as json
  sink %both to file("out/both") as json
}
