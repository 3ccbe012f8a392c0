// Numbers with times: the first has the time `start`; windows over them close as usual.
stream.pipeline @sequence {
  %n = source sequence(count = 10, from = 7, rate = 3, start = timestamp "1969-12-31T23:59:58Z")
  sink %n to file("out/numbers.csv") as csv
  %sums = window %n tumbling 1 s { n = count(), first = min(n), mean = avg(n) }
  sink %sums to stdout as json
}
