// Rules 46 to 48: a value outside the declared range of its field is an error where it is used, as one that does not fit
// its type; null is none, and a field that nobody uses may hold anything. `try` makes it null. The ranges make arrays of
// the state, whose rows come in the order of keys.
stream.pipeline @declared_range {
  %rows, %bad = source file("rows.jsonl") as json {
    k: i64 between -1 and 2,
    m: i32? between 10 and 20,
    unused: i8 between 0 and 1
  } on_bad dead_letter
  %tried = map %rows { k = try(k), m }
  %wide = map %rows { k }
  %few = filter %rows where k >= 0 and m < 15
  %by_k = key_by %few on k
  %counts = window %by_k global { n = count(), most = max(m) }
  sink %wide to file("out/wide.jsonl") as json
  sink %tried to file("out/tried.jsonl") as json
  sink %counts to stdout as json
  sink %bad to file("out/bad.jsonl") as json
}
