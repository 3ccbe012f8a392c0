// Rules 15, 19 to 22: sessions that fire before their end, again for late records, or once when they go; what a session that changes
// leaves is deleted, behind a filter and by both ways of a union, too. Texts, lists and sets move with their session.
stream.pipeline @sessions_again {
  %rows   = source stdin as json { k: string, v: i64?, t: timestamp in s, pause: i64 } watermark t bounded 10 s
  %by_k   = key_by %rows on k
  %kept, %too_late = window %by_k session gap 5 s lateness 20 s { n = count(), total = sum(v), since = first(v), until = last(v) }
  %early  = window %by_k session gap 5 s lateness 10 s emit every 2 s refire every 4 s { n = count(), names = count(distinct v), all = collect(v) }
  %new    = window %by_k session gap (1 s * pause) longest 20 s lateness 30 s emit every 2 records discarding { n = count(), text = min(k) }
  %last   = window %rows session gap 2 s lateness 15 s final { n = count(), total = sum(v) }
  %odd    = filter %kept where n mod 2 = 1
  %many   = filter %kept where n > 2
  %both   = union %odd, %many
  sink %kept to file("out/kept") as json
  sink %too_late to file("out/late") as json
  sink %early to file("out/early") as json
  sink %new to file("out/new") as json
  sink %last to file("out/last") as json
  sink %both to file("out/both") as json
}
