// Rules 47, 49: a dead letter that is bad itself is not lost: it stops the pipeline, after the letters before it.
stream.pipeline @bad_dead_letter {
  %in, %bad = source stdin as json { id: i64 } on_bad dead_letter
  sink %in to null
  %text = map %bad { raw = cast(raw as string), reason }
  sink %text to stdout as json
}
