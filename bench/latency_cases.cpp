//===- latency_cases.cpp - for how long what fires holds the input back ------------------===//
//
// Of all kinds of windows, with so many keys that what fires at once takes long: a
// million, of which most have records in a window. What counts is the longest batch. There is nothing to compare with:
// by hand all of it is done at once, which takes as long as it takes.
//
//===--------------------------------------------------------------------------------------===//
#include "bench/cases.h"

namespace bench {
namespace {

constexpr int64_t kSecond = 1'000'000;
constexpr uint64_t kKeys = 1'000'000;

Case base(const std::string &name, const char *pipeline, std::vector<std::pair<std::string, std::string>> replacements,
          const char *columns) {
  Case c;
  c.name = "latency " + name;
  c.pipeline = pipeline;
  c.replacements = std::move(replacements);
  c.columns = columns;
  c.checked = 20'000;
  c.checkedOn = [] { return spacedBids(20'000, 300, kSecond / 200, false); };
  c.rounds = 2;
  c.ideal = 16;
  c.keys = kKeys;
  return c;
}

/// A million keys, one record each so many microseconds, evenly.
Case flowing(const std::string &name, const std::string &window, const std::string &aggregate, const char *columns,
             int64_t spacing, uint64_t records) {
  Case c = base(name, "overlapping", {{"sliding 60 s every 1 s", window}}, columns);
  if (aggregate != "sum")
    c.replacements.push_back({"sum(price)", aggregate + "(price)"});
  c.input = [=] { return spacedBids(records, kKeys, spacing, false); };
  return c;
}

/// Where W jumps all that waits is due at once: two million records in two seconds (or eight), then nothing for twenty.
Case jumping(Case c, int64_t spacing) {
  c.input = [=] { return jumpingBids(6'000'000, kKeys, spacing, 2'000'000, 20 * kSecond); };
  return c;
}

} // namespace

std::vector<Case> latencyCases() {
  std::vector<Case> all = {
      flowing("tumbling 2 s, sum", "tumbling 2 s", "sum", "itti", 1, 8'000'000),
      flowing("sliding 2 s by 1 s, max", "sliding 2 s every 1 s", "max", "itti", 1, 8'000'000),
      flowing("sliding 10 s by 1 s, sum", "sliding 10 s every 1 s", "sum", "itti", 4, 8'000'000),
      flowing("sliding 10 s by 1 s, max", "sliding 10 s every 1 s", "max", "itti", 4, 10'000'000),
      flowing("sliding 10 s by 1 s, distinct", "sliding 10 s every 1 s", "count", "itti", 4, 6'000'000),
      flowing("cumulate 10 s by 1 s, sum", "cumulate 10 s every 1 s", "sum", "itti", 4, 8'000'000),
      flowing("calendar day, sum", "calendar day in \"UTC\"", "sum", "itti", 86'400, 5'000'000),
      flowing("tumbling 2 s, fill, sum", "tumbling 2 s fill", "sum", "itti", 1, 8'000'000),
      flowing("tumbling 2 s, lateness 1 s, sum", "tumbling 2 s lateness 1 s", "sum", "sittisi", 1, 8'000'000),
      flowing("tumbling 2 s, refire every 1 s, sum", "tumbling 2 s lateness 4 s refire every 1 s", "sum", "sittisi", 1,
              8'000'000),
      flowing("tumbling 2 s, emit every 500 ms, sum", "tumbling 2 s emit every 500 ms", "sum", "sittisi", 1, 8'000'000),
  };
  all[4].replacements[1].second = "count(distinct price)";
  Case top = base("top 10 of tumbling 2 s", "top", {{"tumbling 10 s", "tumbling 2 s"}}, "ifit");
  top.input = [] { return spacedBids(6'000'000, kKeys, 1, false); };
  all.push_back(std::move(top));
  all.push_back(jumping(base("session, jump", "sessions", {{"gap 25 s", "gap 5 s"}}, "itti"), 1));
  all.push_back(jumping(base("over last 60 s, sum, jump", "over", {}, "iti"), 4));
  return all;
}

} // namespace bench
