//===- window_cases.cpp - overlapping windows -----------------------------===//
//
// Sessions; and a matrix: sliding or cumulating windows of a minute with a result each
// second, what is aggregated (which decides how slices are put together), how
// many keys there are, and whether records come in order.
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
                    kAverage = {"float avg", "avg(bidder)", twins::Over::Average};

struct Amount {
  uint64_t keys;
  const char *text;
};
constexpr Amount k100 = {100, "100"}, k10K = {10'000, "10 K"}, k1M = {1'000'000, "1 M"};

Case overlapping(const twins::Overlap &overlap, const Aggregate &aggregate, Amount amount, bool disorder) {
  Case c;
  c.name = std::string(overlap.cumulates ? "cumulate" : "sliding") + " 60 s by 1 s, " + aggregate.name + ", " +
           amount.text + " keys" + (disorder ? ", disorder" : "");
  c.pipeline = "overlapping";
  c.replacements = {{"sum(price)", aggregate.text}};
  if (overlap.cumulates)
    c.replacements.push_back({"sliding", "cumulate"});
  c.columns = aggregate.over == twins::Over::Average ? "ittf" : "itti";
  // A slice has 50,000 records; what is compared spans many slices with few.
  c.input = [=] { return spacedBids(4'000'000, amount.keys, kSecond / 50'000, disorder); };
  c.checkedOn = [=] { return spacedBids(20'000, std::min<uint64_t>(amount.keys, 300), kSecond / 200, disorder); };
  c.checked = 20'000;
  c.rounds = amount.keys > 100'000 ? 2 : 5;
  auto rival = [&](const char *against, bool isNaive, int rounds) {
    return Rival{against,
                 [=, over = aggregate.over](const Input &i) {
                   return twins::overlapping(asBids(i), i.records, overlap, over, isNaive);
                 },
                 rounds};
  };
  c.rivals = {rival("hand-written", false, 99)};
  if (amount.keys < 1000 && aggregate.over == twins::Over::Sum && !disorder) // takes as long as all else together
    c.rivals.push_back(rival("map for each window", true, 1));
  return c;
}

/// The gap is 25 s. A key comes every 5 s, and a session has 150 records or so; or (`isShort`) every 250 s, and nearly
/// each record begins a session.
Case sessions(Amount amount, bool isShort) {
  constexpr int64_t gap = 25 * kSecond;
  const int64_t every = (isShort ? 250 : 5) * kSecond;
  Case c;
  c.name = std::string(isShort ? "session of a record" : "session") + ", sum, " + amount.text + " keys";
  c.pipeline = "sessions";
  c.columns = "itti";
  c.input = [=] { return spacedBids(4'000'000, amount.keys, every / int64_t(amount.keys), false); };
  c.checkedOn = [=] { return spacedBids(20'000, 100, every / 100, false); };
  c.checked = 20'000;
  c.rounds = amount.keys > 100'000 ? 2 : 5;
  c.rivals = {{"hand-written", [=](const Input &i) { return twins::sessions(asBids(i), i.records, gap); }}};
  return c;
}

} // namespace

std::vector<Case> windowCases() {
  constexpr twins::Overlap sliding = {60 * kSecond, kSecond}, cumulating = {60 * kSecond, kSecond, true};
  std::vector<Case> all;
  for (bool disorder : {false, true})
    for (Amount amount : {k100, k10K, k1M}) {
      all.push_back(overlapping(sliding, kSum, amount, disorder));
      if (amount.keys < k1M.keys) { // a suffix table of each slice
        all.push_back(overlapping(sliding, kMax, amount, disorder));
        all.push_back(overlapping(sliding, kAverage, amount, disorder));
      }
    }
  for (Amount amount : {k100, k10K})
    all.push_back(overlapping(cumulating, kSum, amount, false));
  for (bool isShort : {false, true})
    for (Amount amount : {k100, k10K, k1M})
      all.push_back(sessions(amount, isShort));
  return all;
}

} // namespace bench
