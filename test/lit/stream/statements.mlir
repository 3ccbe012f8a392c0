// Every statement with every clause reads, prints and reads back the same.
// RUN: %python %inputs/roundtrip.py %s | FileCheck %s

// CHECK-LABEL: stream.pipeline @statements
stream.pipeline @statements {
  // CHECK: %min = param 4.5 "smallest magnitude that counts"
  %min = param 4.5 "smallest magnitude that counts"
  // CHECK-NEXT: %small = param 5 : i32
  %small = param 5 : i32
  // CHECK-NEXT: %pause = param 1 min 30 s
  %pause = param 90 s
  // CHECK-NEXT: %path = param "a \"b\".jsonl" "where to"
  %path = param "a \"b\".jsonl" "where to"
  // CHECK-NEXT: %from = param "in.jsonl"
  %from = param "in.jsonl"
  // CHECK-NEXT: %since = param timestamp "2018-01-01T00:00:00Z"
  %since = param timestamp "2018-01-01T00:00:00Z"
  %on = param true
  %down = param -5
  %many = param 7 : u64
  %few = param 0.1 : f32

  // CHECK-NEXT: %on = param true
  // CHECK: %quakes, %bad = source file("quakes/*.jsonl", order = name) as json(max_nesting = 10) {
  // CHECK-NEXT: mag: f64? at properties.mag,
  // CHECK-NEXT: time: timestamp at properties.time in ms,
  // CHECK-NEXT: net: string at properties.net,
  // CHECK-NEXT: depth: f64? at geometry.coordinates[2],
  // CHECK-NEXT: odd: i64 at "a[2].b c",
  // CHECK-NEXT: "two words": string,
  // CHECK-NEXT: "and": string,
  // CHECK-NEXT: lasted: duration in s,
  // CHECK-NEXT: tags: [string?]?
  // CHECK-NEXT: } watermark time + 1 s bounded 10 min on_bad dead_letter max_bad 5 percent
  %quakes, %bad = source file("quakes/*.jsonl", order = name) as json(max_nesting = 10) {
    mag:   f64?      at properties.mag,
    time:  timestamp at properties.time in ms,
    net:   string    at "properties.net",
    depth: f64?      at geometry.coordinates[2],
    odd:   i64       at "a[2].b c",
    "two words": string,
    "and": string,
    lasted: duration in s,
    tags:  [string?]?
  } watermark time + 1 s bounded 10 min on_bad dead_letter max_bad 5 percent
  // CHECK-NEXT: %in = source file("in.bin") as binary { n: i64 } on_bad drop max_bad 100
  %in = source file("in.bin") as binary { n: i64 } on_bad drop max_bad 100
  // CHECK: watermark t ascending
  %up = source file(%from) as json { t: timestamp, n: i64 } watermark t ascending
  // CHECK: watermark t none
  %never = source file("x") as json { t: timestamp, n: i64 } watermark t none on_bad fail
  // CHECK: %bids = source nexmark(stream = bid, events = 1000, seed = %down) watermark dateTime bounded 4 s
  %bids = source nexmark(stream = bid, events = 1000, seed = %down)
  // CHECK-NEXT: %auctions = source nexmark(stream = auction) watermark expires none
  %auctions = source nexmark(stream = auction) watermark expires none
  // CHECK-NEXT: %people = source nexmark(stream = person, rate = 100, group = 10, pace = true)
  %people = source nexmark(stream = person, rate = 100, group = 10, pace = true)
  // CHECK-NEXT: %count = source sequence(count = 10, from = 5, rate = 2, start = %since) watermark time ascending
  %count = source sequence(start = %since, count = 10, from = 5, rate = 2)

  // CHECK-NEXT: %strong = filter %quakes where mag >= %min and net <> "us"
  %strong = filter %quakes where mag >= %min and net <> "us"
  // CHECK-NEXT: %slim = map %strong {
  // CHECK-NEXT: mag,
  // CHECK-NEXT: "two words",
  // CHECK-NEXT: "and",
  // CHECK-NEXT: place = field("two words"),
  %slim = map %strong { mag, "two words", "and", place = field("two words"), net, time, both = field("and") || net }
  // CHECK: %more = map %slim { *, mag = coalesce(mag, 0.0), size = length(place) }
  %more = map %slim { *, mag = coalesce(mag, 0), size = length(place) }
  // What is computed first is written first, so that it is built in the same order again.
  // CHECK: %order = map %slim {
  // CHECK-NEXT: *,
  // CHECK-NEXT: let long = length(place),
  // CHECK-NEXT: size = long,
  // CHECK-NEXT: mag = coalesce(mag, 0.0),
  // CHECK-NEXT: let twice = long * 2,
  // CHECK-NEXT: double = twice,
  // CHECK-NEXT: five = 5,
  // CHECK-NEXT: let six = 6,
  // CHECK-NEXT: number = six,
  // CHECK-NEXT: net = upper(net)
  %order = map %slim {
    *, let long = length(place), size = long, mag = coalesce(mag, 0), let twice = long * 2, double = twice, five = 5, let six = 6, number = six, net = upper(net)
  }
  // CHECK: %by_net = key_by %more on net, "two words"
  %by_net = key_by %more on net, "two words"
  // CHECK-NEXT: %hourly = window %by_net tumbling 1 h offset -5 min {
  // CHECK-NEXT: n = count(),
  // CHECK-NEXT: rated = count(mag) where size > 3 and mag > %min,
  %hourly = window %by_net tumbling 1 h offset -5 min {
    n = count(), rated = count(mag) where size > 3 and mag > %min, least = min(mag), most = max(mag), total = sum(size),
    mean = avg(size), a = first(place), z = last(time)
  }
  // CHECK: %live = window %by_net tumbling 10 s in processing_time { n = count() }
  %live = window %by_net tumbling 10 s in processing_time { n = count() }
  // CHECK: %all = window %in global { n = count(), most = max(n) }
  %all = window %in global { n = count(), most = max(n) }
  // CHECK-NEXT: %words = flat_map %quakes each tag in tags { net, tag }
  %words = flat_map %quakes each tag in tags { net, tag }
  // CHECK-NEXT: %parts = flat_map %quakes each part in split(net, ",") { net, tag = coalesce(try(part), "") }
  %parts = flat_map %quakes each part in split(net, ",") { net, tag = coalesce(try(part), "") }
  %less = filter %up where n < 5
  // CHECK: %united = union %up, %less, %up
  %united = union %up, %less, %up
  // CHECK-NEXT: sink %hourly to stdout as table
  sink %hourly to stdout as table
  // CHECK-NEXT: sink %live to file(%path) as csv(header = true, delimiter = ";")
  sink %live to file(%path) as csv(header = true, delimiter = ";")
  // CHECK-NEXT: sink %bad to file("bad.jsonl") as json
  sink %bad to file("bad.jsonl") as json
  // CHECK-NEXT: sink %all to file("all.bin") as binary
  sink %all to file("all.bin") as binary
  // CHECK-NEXT: sink %united to null
  sink %united to null
}
