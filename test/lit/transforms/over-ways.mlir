// Windows per record: each aggregate follows its window in its own way, and the plan says which (rule 30).
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows))' | FileCheck %s
// RUN: millrace-opt %s --pass-pipeline='builtin.module(stream.pipeline(stream-specialize-windows{algorithm=recompute}))' | FileCheck %s --check-prefix=FORCED

stream.pipeline @p {
  %longest = aggregate (x: string) -> string
    identity { best = "" }
    lift     { best = x }
    combine  { best = case when length(b.best) > length(a.best) then b.best else a.best end }
    lower    best
    facts    idempotent
  %s = source stdin as json { k: i64, v: i64, f: f64, name: string, t: timestamp } watermark t ascending
  %k = key_by %s on k

  // CHECK: {stream.algorithm = #stream.algorithm<subtract>
  // CHECK-SAME: "what leaves a record's window is taken away again, exactly"
  // FORCED: algorithm<recompute>
  // FORCED-SAME: gone through: forced
  %a = over %k last 3 rows { n = count(), total = sum(v), exact = sum(exact f), before = lag(v) }
  // CHECK: algorithm<two_stacks>
  // CHECK-SAME: exactly; `most` = max: two stacks, what suffixes of the older rows give and what the younger ones give; `middle` = median: each value with how often it is there; `different` = count_distinct: each value with how often it is there; `best` = rank: each value with how often it is there; `list` = collect: the rows are gone through for each record; `low` = min: the rows are gone through for each record"
  %b = over %k last 3 rows { n = count(), most = max(v), middle = median(v), different = count(distinct v), best = rank(v), list = collect(v), low = min(name) }
  // CHECK: algorithm<recompute>
  // CHECK-SAME: "the rows of each record's window are gone through; `names` = string_join: the rows are gone through for each record; `own` = %longest: the rows are gone through for each record"
  %c = over %k last 3 rows { names = string_join(name), own = %longest(name) }
  // CHECK: algorithm<in_place>
  %d = over %k all { most = max(v) }
  sink %a to null
  sink %b to null
  sink %c to null
  sink %d to null
}
