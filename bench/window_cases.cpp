//===- window_cases.cpp - windows of all kinds ----------------------------===//
//
// A matrix: the kind of the window, what is aggregated (which decides how slices
// are put together), how many keys there are, and whether records come in order.
// A slice has 50,000 records. The naive way puts a record into each of its windows.
//
//===----------------------------------------------------------------------===//
#include "bench/cases.h"

namespace bench {
namespace {

constexpr int64_t kSecond = 1'000'000;

struct Aggregate {
  const char *name, *text;
  twins::Over over;
};
constexpr Aggregate kSum = {"sum", "sum(price)", twins::Over::Sum}, kMax = {"max", "max(price)", twins::Over::Max},
                    kAverage = {"float avg", "avg(bidder)", twins::Over::Average},
                    kDistinct = {"distinct", "count(distinct price)", twins::Over::Distinct};

struct Amount {
  uint64_t keys;
  const char *text;
};
constexpr Amount k100 = {100, "100"}, k10K = {10'000, "10 K"}, k1M = {1'000'000, "1 M"};
constexpr twins::Overlap kSliding = {60 * kSecond, kSecond}, kCumulating = {60 * kSecond, kSecond, true},
                         kTumbling = {10 * kSecond, 10 * kSecond};
const char *const kSlidingText = "sliding 60 s every 1 s";

Case base(std::string name, const char *pipeline, Amount amount, bool disorder) {
  Case c;
  c.name = std::move(name) + ", " + amount.text + " keys" + (disorder ? ", disorder" : "");
  c.pipeline = pipeline;
  c.checked = 20'000;
  c.rounds = amount.keys > 100'000 ? 3 : 5;
  c.ideal = 16;
  c.group = "windows";
  return c;
}

/// A slice of a second has 50,000 records; what is compared spans many slices with few.
void read(Case &c, Amount amount, bool disorder, uint64_t records = 4'000'000, int64_t perSecond = 50'000) {
  c.input = [=] { return spacedBids(records, amount.keys, kSecond / perSecond, disorder); };
  c.checkedOn = [=] { return spacedBids(20'000, std::min<uint64_t>(amount.keys, 300), kSecond / 200, disorder); };
}

Rival twinOf(const twins::Overlap &overlap, const Aggregate &aggregate, bool isNaive) {
  return {isNaive ? "map for each window" : "hand-written", [=, over = aggregate.over](const Input &i) {
            return twins::overlapping(asBids(i), i.records, overlap, over, isNaive);
          }};
}

Case sliced(const char *name, const char *text, const twins::Overlap &overlap, const Aggregate &aggregate,
            Amount amount, bool disorder) {
  Case c = base(std::string(name) + ", " + aggregate.name, "overlapping", amount, disorder);
  c.replacements = {{"sum(price)", aggregate.text}, {kSlidingText, text}};
  c.columns = aggregate.over == twins::Over::Average ? "ittf" : "itti";
  read(c, amount, disorder);
  if (aggregate.over == twins::Over::Distinct) // 60 sets for each key
    read(c, amount, disorder, 1'000'000, 12'500);
  c.rivals = {twinOf(overlap, aggregate, false)};
  return c;
}

/// Against the naive way, which takes sixty times as long: of fewer records.
Case naive(Amount amount) {
  Case c = base("sliding 60 s by 1 s, sum, few records", "overlapping", amount, false);
  read(c, amount, false, 200'000, 2'500);
  c.columns = "itti";
  c.rivals = {twinOf(kSliding, kSum, true)};
  c.rounds = 1;
  c.group = "";
  return c;
}

/// What a record costs until its window fires, against windows that do not overlap: of the length of a slice, which
/// begin as many tables, and of a minute.
Case ingest(Amount amount) {
  Case c = base("sliding 60 s by 1 s, sum, ingest", "overlapping", amount, false);
  read(c, amount, false);
  c.columns = "itti";
  for (const char *text : {"tumbling 1 s", "tumbling 60 s"})
    c.rivals.push_back({text, {}, 99, {{kSlidingText, text}}});
  c.group = "ingest";
  return c;
}

/// The gap is 25 s. A key comes every 5 s, and a session has 150 records or so; of a million keys, every 27 s, and two
/// or three; or (`isShort`) every 250 s, and nearly each record begins a session.
Case sessions(Amount amount, bool isShort, bool disorder) {
  constexpr int64_t gap = 25 * kSecond;
  const int64_t every = (isShort ? 250 : amount.keys > 100'000 ? 27 : 5) * kSecond;
  Case c = base(isShort ? "session of a record, sum" : "session, sum", "sessions", amount, disorder);
  c.columns = "itti";
  c.input = [=] { return spacedBids(4'000'000, amount.keys, every / int64_t(amount.keys), disorder); };
  c.checkedOn = [=] { return spacedBids(20'000, 100, every / 100, disorder); };
  c.ideal = 32;
  c.rounds = amount.keys > 100'000 ? 3 : 5;
  c.rivals = {{"hand-written", [=](const Input &i) { return twins::sessions(asBids(i), i.records, gap); }}};
  return c;
}

/// Early rows: ten times as often as windows end.
Case again(Amount amount) {
  Case c = base("tumbling 10 s, emit every 1 s, sum", "overlapping", amount, false);
  c.replacements = {{kSlidingText, "tumbling 10 s emit every 1 s"}};
  c.columns = "sittisi";
  read(c, amount, false);
  c.rivals = {{"hand-written",
               [](const Input &i) { return twins::windowsAgain(asBids(i), i.records, 10 * kSecond, kSecond); }}};
  return c;
}

/// Each record has a row. Its window is of time, or of as many rows as nearly all keys have.
Case over(Amount amount, bool ofTime) {
  const int64_t length = ofTime ? 60 * kSecond : amount.keys > 1000 ? 100 : 1000;
  std::string text = ofTime ? "60 s" : std::to_string(length) + " rows";
  Case c = base("over last " + text + (ofTime ? ", sum" : ", max"), "over", amount, false);
  c.replacements = {{"last 60 s", "last " + text}};
  if (!ofTime)
    c.replacements.push_back({"sum(price)", "max(price)"});
  c.columns = "iti";
  read(c, amount, false);
  c.rivals = {{"hand-written", [=](const Input &i) {
                 return ofTime ? twins::overTime(asBids(i), i.records, length)
                               : twins::overRows(asBids(i), i.records, length);
               }}};
  c.rounds = 3;
  return c;
}

Case best(Amount amount) {
  Case c = base("top 10 of tumbling 10 s", "top", amount, false);
  c.columns = "ifit";
  read(c, amount, false);
  c.rivals = {{"hand-written", [](const Input &i) { return twins::topOfWindows(asBids(i), i.records, 10 * kSecond); }}};
  c.ideal = 8 + 10 * 32;
  return c;
}

/// In a window half of the keys have records, or less.
Case filled(Amount amount) {
  const int64_t size = int64_t(amount.keys) * 10;
  std::string text = "tumbling " + std::to_string(size) + " us fill";
  Case c = base("tumbling, fill, sum", "overlapping", amount, false);
  c.replacements = {{kSlidingText, text}};
  c.columns = "itti";
  read(c, amount, false, 2'000'000);
  c.checkedOn = [=] { return spacedBids(20'000, 100, std::max<int64_t>(size / 50, 1), false); };
  c.rivals = {{"hand-written", [=](const Input &i) { return twins::filledWindows(asBids(i), i.records, size); }}};
  return c;
}

/// What is measured begins when each key has had as many records as its window holds; a hundred keys have them soon
/// anyway. Of a million keys the window has a hundred records, so that filling it does not take minutes.
Case counts(Amount amount, bool disorder) {
  constexpr int64_t step = 10;
  const int64_t size = amount.keys > 100'000 ? 100 : 1000;
  Case c = base("count " + std::to_string(size) + " by 10, sum", "overlapping", amount, disorder);
  c.replacements = {{kSlidingText, "count " + std::to_string(size) + " every 10"}};
  c.columns = "ii";
  const uint64_t each = uint64_t(size + 7) / 8 * 8;
  read(c, amount, disorder);
  if (amount.keys >= 10'000) {
    c.warmUp = amount.keys * each;
    c.input = [=] { return filledBids(amount.keys, each, 4'000'000, kSecond / 50'000, disorder); };
  }
  c.rounds = std::min(c.rounds, 3);
  c.checkedOn = [=] { return spacedBids(20'000, 5, kSecond / 200, disorder); };
  c.rivals = {{"hand-written", [=](const Input &i) { return twins::countWindows(asBids(i), i.records, size, step); }}};
  return c;
}

} // namespace

std::vector<Case> windowCases() {
  std::vector<Case> all;
  for (bool disorder : {false, true})
    for (Amount amount : {k100, k10K, k1M}) {
      all.push_back(sliced("tumbling 10 s", "tumbling 10 s", kTumbling, kSum, amount, disorder));
      for (const Aggregate &aggregate : {kSum, kMax, kAverage, kDistinct})
        all.push_back(sliced("sliding 60 s by 1 s", kSlidingText, kSliding, aggregate, amount, disorder));
      all.push_back(sessions(amount, /*isShort=*/false, disorder));
      all.push_back(counts(amount, disorder));
    }
  for (Amount amount : {k100, k10K})
    all.push_back(sliced("cumulate 60 s by 1 s", "cumulate 60 s every 1 s", kCumulating, kSum, amount, false));
  for (Amount amount : {k100, k10K, k1M}) {
    all.push_back(again(amount));
    all.push_back(over(amount, /*ofTime=*/true));
    all.push_back(best(amount));
    all.push_back(filled(amount));
  }
  for (Amount amount : {k100, k10K})
    all.push_back(over(amount, /*ofTime=*/false));
  for (Amount amount : {k100, k10K, k1M}) {
    all.push_back(sessions(amount, /*isShort=*/true, false));
    all.push_back(naive(amount));
    all.push_back(ingest(amount));
  }
  return all;
}

} // namespace bench
