// One source, two branches, two files; the table on standard output is the third.
stream.pipeline @two_files {
  %rows = source file("rows.jsonl") as json { id: i64, kind: string, value: f64? }
  %odd  = filter %rows where id mod 2 = 1
  %known = filter %rows where value is not null
  %doubled = map %known { id, twice = value * 2.0 }
  sink %odd to file("out/odd.jsonl") as json
  sink %doubled to file("out/doubled.csv") as csv(header = true)
  sink %rows to stdout as csv
}
