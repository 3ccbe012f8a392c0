// Running aggregates and deduplicate: read, printed, and the types they give.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s
// RUN: millrace-opt %s --mlir-print-op-generic | FileCheck %s --check-prefix=TYPES

stream.pipeline @p {
  %low = param 5
  %in = source file("x") as json { k: string, g: i32?, v: f64?, n: i64, t: timestamp } watermark t bounded 1 min
  %keyed = key_by %in on k, g
  // Keys, then aggregates, typed as those of a keyed window; upsert by the keys, which are no keys of a key_by (rule 34).
  // CHECK: %plain = running %keyed { n = count(), most = max(v) }
  // TYPES: "stream.running"
  // TYPES: -> !stream.of<k: string, g: i32?, n: i64, most: f64? upsert by k, g timed>
  %plain = running %keyed { n = count(), most = max(v) }
  // CHECK-NEXT: %lives = running %keyed ttl 1 h 30 min { n = sum(n) where v > 1.0 }
  // TYPES: "stream.running"{{.*}}ttl = 5400000000 : i64
  // TYPES: -> !stream.of<k: string, g: i32?, n: i64? upsert by k, g timed>
  %lives = running %keyed ttl 90 min { n = sum(n) where v > 1 }
  // CHECK-NEXT: %deletes = running %keyed ttl 1 d delete on expiry {
  // CHECK-NEXT: let big = n > %low,
  // CHECK-NEXT: some = count() where big,
  // CHECK-NEXT: least = min(v) where big,
  // TYPES: "stream.running"{{.*}}delete_on_expiry
  %deletes = running %keyed ttl 1 d delete on expiry {
    let big = n > %low,
    some = count() where big, least = min(v) where big, mean = avg(n), newest = last(t)
  }
  // Written out.
  // CHECK: %written = running %keyed (%[[N:.*]] = n) -> (s = sum/1 where, c = count/0) {
  // CHECK-NEXT: %[[C:.*]] = cmp gt %[[N]], %low {expr.site = 0 : i32}
  // CHECK-NEXT: yield %[[N]], %[[C]] : i64, i1
  %written = running %keyed (%x = n) -> (s = sum/1 where, c = count/0) {
    %c = cmp gt %x, %low {expr.site = 0 : i32} : (i64, i64) -> i1
    yield %x, %c : i64, i1
  }
  // CHECK: %first = deduplicate %keyed keep first
  // TYPES: "stream.deduplicate"
  // TYPES-SAME: -> !stream.of<k: string, g: i32?, v: f64?, n: i64, t: timestamp timed>
  %first = deduplicate %keyed keep first
  // CHECK-NEXT: %within = deduplicate %keyed keep first within 10 min
  // TYPES: "stream.deduplicate"{{.*}}within = 600000000 : i64
  %within = deduplicate %keyed keep first within 600 s
  // CHECK-NEXT: %last = deduplicate %keyed keep last
  // TYPES: "stream.deduplicate"
  // TYPES-SAME: -> !stream.of<k: string, g: i32?, v: f64?, n: i64, t: timestamp upsert by k, g timed>
  %last = deduplicate %keyed keep last
  // CHECK-NEXT: %day = deduplicate %keyed keep last within 1 d
  %day = deduplicate %keyed keep last within 1 d
  // Upserts pass filter, map and union.
  // TYPES: "stream.map"
  // TYPES: -> !stream.of<g: i32?, twice: i64, k: string upsert by k, g timed>
  %some = filter %last where n > 3
  %slim = map %some { g, twice = n * 2, k }
  %more = map %last { g, twice = n * 2, k }
  // CHECK: %both = union %slim, %more
  %both = union %slim, %more
  // One behind the other: what only inserts may be keyed again.
  // CHECK: %again = key_by %within on n
  %again = key_by %within on n
  // CHECK-NEXT: %count = running %again { c = count() }
  %count = running %again { c = count() }
  // CHECK-NEXT: sink %both to stdout as csv
  sink %both to stdout as csv
  sink %day to null
  sink %count to null
  // Without event time.
  %untimed = source stdin as json { k: i64 }
  %by_k = key_by %untimed on k
  // TYPES: "stream.running"
  // TYPES: -> !stream.of<k: i64, n: i64, z: i64 upsert by k>
  %so_far = running %by_k { n = count(), z = last(k) }
  // TYPES: "stream.deduplicate"
  // TYPES-SAME: -> !stream.of<k: i64 upsert by k>
  %arrived = deduplicate %by_k keep last
  sink %so_far to null
  sink %arrived to null
}
