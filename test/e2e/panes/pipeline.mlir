// Rules 12 and 19 to 22: rows before the end of a window, at it and behind it; late changes gathered for each key by itself; windows
// without records; what is too late even for that.
stream.pipeline @panes {
  %in = source stdin as json { k: string, t: timestamp in s, v: i64 } watermark t bounded 5 s
  %by_k = key_by %in on k
  %early, %late = window %by_k tumbling 10 s lateness 10 s emit every 4 s discarding fill { n = count(), total = sum(v) }
  %gathered = window %by_k tumbling 10 s lateness 30 s refire every 8 s { n = count(), total = sum(v) }
  sink %early to stdout as json
  sink %gathered to file("out/gathered.jsonl") as json
  sink %late to file("out/late.jsonl") as json
}
