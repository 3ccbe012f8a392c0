// What several aggregates of the same values keep alike is kept once.
// RUN: millrace-opt %s --millrace-transform --remarks-filter=state-share-members --remark-policy=all 2>&1 | FileCheck %s
// RUN: millrace-opt %s --millrace-transform="share-members=false" | FileCheck %s --check-prefix=OFF
// OFF-NOT: kept_with

// CHECK-DAG: Function=numbers | Remark="`total` is read out of what `mean` keeps"
stream.pipeline @p {
  %in = source stdin as json { k: i64, a: i64, b: i64?, f: f64, s: string, t: timestamp } watermark t ascending
  %by_k = key_by %in on k

  // The mean has sum and count; without nulls every count is the same.
  // CHECK: state.table @numbers
  // CHECK-SAME: <"n" = "count"(none) : i64, {kept_with = "mean"}>, <"given" = "count"(i64) : i64, {kept_with = "mean"}>, <"total" = "sum"(i64) : i64, {kept_with = "mean"}>, <"mean" = "avg"(i64) : f64>, <"clamped" = "sum"(i64) : i64, {kept_with = "mean", overflow_saturate}>)
  %numbers = window %by_k tumbling 1 min { n = count(), given = count(a), total = sum(a), mean = avg(a), clamped = sum(a on_overflow saturate) }
  sink %numbers to null

  // A variance of integers has both, and its kind does not matter; what can be null is counted by itself.
  // CHECK: state.table @spread
  // CHECK-SAME: <"n" = "count"(none) : i64>, <"given" = "count"(!expr.nullable<i64>) : i64, {kept_with = "v"}>, <"mean" = "avg"(!expr.nullable<i64>) : !expr.nullable<f64>, {kept_with = "v"}>, <"v" = "var_pop"(!expr.nullable<i64>) : !expr.nullable<f64>>, <"d" = "stddev_samp"(!expr.nullable<i64>) : !expr.nullable<f64>, {kept_with = "v"}>)
  %spread = window %by_k sliding 1 min every 10 s { n = count(), given = count(b), mean = avg(b), v = var_pop(b), d = stddev_samp(b) }
  sink %spread to null

  // Of floats a variance adds in another way; it counts all the same.
  // CHECK: state.table @floats
  // CHECK-SAME: <"n" = "count"(none) : i64, {kept_with = "total"}>, <"total" = "avg"(f64) : f64>, <"sum" = "sum"(f64) : f64, {kept_with = "total"}>, <"v" = "var_pop"(f64) : f64>, <"exactly" = "sum"(f64) : f64, {exact}>)
  %floats = window %by_k session gap 1 min { n = count(), total = avg(f), sum = sum(f), v = var_pop(f), exactly = sum(exact f) }
  sink %floats to null

  // One list of values, one set, one greatest value; a condition, `distinct` or another argument make others of them.
  // CHECK: state.table @values
  // CHECK-SAME: <"middle" = "median"(i64) : f64>, <"high" = "quantile"(i64) : f64, {fraction = 9.{{0*}}e-01 : f64, kept_with = "middle"}>
  // CHECK-SAME: <"some" = "median"(i64) : f64, {distinct}>
  // CHECK-SAME: <"large" = "median"(i64) : !expr.nullable<f64>>
  // CHECK-SAME: <"there" = "quantile_disc"(i64) : i64, {fraction = 5.{{0*}}e-01 : f64, kept_with = "middle"}>
  // CHECK-SAME: <"most" = "max"(i64) : i64>, <"same" = "max"(i64) : i64, {distinct, kept_with = "most"}>, <"other" = "max"(!expr.nullable<i64>) : !expr.nullable<i64>>)
  %values = window %by_k count 100 { middle = median(a), high = quantile(a, 0.9), some = median(distinct a), large = median(a) where a > 5, there = quantile_disc(a, 0.5), most = max(a), same = max(distinct a), other = max(b) }
  sink %values to null

  // CHECK: state.table @sets
  // CHECK-SAME: <"n" = "count_distinct"(i64) : i64, {kept_with = "mean"}>, <"total" = "sum"(i64) : i64, {distinct, kept_with = "mean"}>, <"mean" = "avg"(i64) : f64, {distinct}>, <"all" = "count"(i64) : i64, {kept_with = "line"}>, <"products" = "covar_pop"(i64, f64) : f64, {kept_with = "line"}>, <"line" = "corr"(i64, f64) : !expr.nullable<f64>>)
  %sets = running %by_k { n = count(distinct a), total = sum(distinct a), mean = avg(distinct a), all = count(a), products = covar_pop(a, f), line = corr(a, f) }
  sink %sets to null
}
