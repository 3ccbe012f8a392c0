//===- keyed_cases.cpp - keyed updates, in every layout -------------------===//
//
// Count, sum and maximum for each key in windows of an hour: every record is an
// update of some key's state. The matrix: what the key is (which decides the
// layout), how many there are, and how evenly they come.
//
//===----------------------------------------------------------------------===//
#include "bench/cases.h"

namespace bench {
namespace {

constexpr uint64_t kFewRecords = 5'000'000, kManyRecords = 20'000'000;
constexpr double kMembers = 24; ///< bytes of count, sum and maximum

struct Amount {
  uint64_t keys;
  const char *text;
};
constexpr Amount k256 = {256, "256"}, k10K = {10'000, "10 K"}, k200K = {200'000, "200 K"}, k4M = {4'000'000, "4 M"};

/// Records with which each of many keys comes once, before anything is measured: how tables grow has a row of its own.
uint64_t warmUpOf(uint64_t keys) {
  constexpr uint64_t kBatch = 4096;
  return keys > 100'000 ? (keys + kBatch - 1) / kBatch * kBatch : 0;
}

uint64_t recordsFor(uint64_t keys) { return warmUpOf(keys) + (keys > 100'000 ? kManyRecords : kFewRecords); }

std::function<uint64_t()> numbersFor(uint64_t keys, Spread spread) {
  auto first = keyNumbers(keys, Spread::EachOnce), then = keyNumbers(keys, spread);
  return [=, left = warmUpOf(keys)]() mutable { return left ? (--left, first()) : then(); };
}

/// The four ways to keep the state.
template <typename Update> std::vector<Rival> rivals(Update update) {
  auto rival = [&](const char *against, twins::Map map) {
    bool isLibrary = map == twins::Map::Std || map == twins::Map::Abseil;
    return Rival{against, [update, map](const Input &i) { return update(i, map); }, isLibrary ? 2 : 99};
  };
  std::vector<Rival> all = {rival("hand-written", twins::Map::Layout),
                            rival("hand-written, no marks", twins::Map::LayoutUnmarked),
                            rival("std::unordered_map", twins::Map::Std)};
  if (twins::hasAbseil())
    all.push_back(rival("absl::flat_hash_map", twins::Map::Abseil));
  return all;
}

std::string title(const char *layout, Amount amount, Spread spread) {
  return std::string("update ") + layout + ", " + amount.text + " keys" + (spread == Spread::Skewed ? ", skewed" : "");
}

Case base(std::string name, const char *pipeline, double key, uint64_t warmUp) {
  Case c;
  c.name = std::move(name);
  c.pipeline = pipeline;
  c.checked = 300'000;
  c.ideal = key + kMembers;
  c.group = "updates";
  c.warmUp = warmUp;
  c.rounds = 5;
  return c;
}

/// Updates of bids: `key` makes auction and bidder of a key's number, `update` is the twin's.
template <typename Update>
Case ofBids(Case c, Amount amount, Spread spread, twins::Pair64 (*key)(uint64_t), Update update) {
  c.input = [=] {
    if (spread == Spread::EachOnce)
      return keyedBids(amount.keys, keyNumbers(amount.keys, spread), key);
    return keyedBids(recordsFor(amount.keys), numbersFor(amount.keys, spread), key);
  };
  c.rivals = rivals([=](const Input &i, twins::Map map) { return update(asBids(i), i.records, map); });
  return c;
}

Case dense(Amount amount, Spread spread) {
  Case c = base(title("dense", amount, spread), "update_dense", 0, warmUpOf(amount.keys));
  int64_t most = int64_t(amount.keys) - 1;
  c.replacements = {{"0 and 9999", "0 and " + std::to_string(most)}};
  c.columns = "ittiii";
  return ofBids(
      std::move(c), amount, spread, [](uint64_t k) { return twins::Pair64{int64_t(k), 1}; },
      [=](const twins::Bid *bids, size_t count, twins::Map map) { return twins::updateDense(bids, count, most, map); });
}

Case packed(Amount amount, Spread spread) {
  Case c = base(title("packed", amount, spread), "update_int", 8, warmUpOf(amount.keys));
  c.columns = "ittiii";
  return ofBids(
      std::move(c), amount, spread, [](uint64_t k) { return twins::Pair64{int64_t(k * 1'000'003) + 17, 1}; },
      twins::updateInt);
}

Case packedPair(Amount amount, Spread spread) {
  Case c = base(title("packed pair", amount, spread), "update_pair32", 8, warmUpOf(amount.keys));
  c.columns = "iittiii";
  c.input = [=] {
    return keyedPairs(recordsFor(amount.keys), numbersFor(amount.keys, spread),
                      [](uint64_t k) { return twins::Pair32{int32_t(k / 1000) - 500, int32_t(k % 1000)}; });
  };
  c.rivals = rivals([](const Input &i, twins::Map map) {
    return twins::updatePair32(reinterpret_cast<const twins::SmallPair *>(i.bytes), i.records, map);
  });
  return c;
}

Case inlinePair(Amount amount, Spread spread) {
  Case c = base(title("inline pair", amount, spread), "update_pair64", 16, warmUpOf(amount.keys));
  c.columns = "iittiii";
  return ofBids(
      std::move(c), amount, spread,
      [](uint64_t k) { return twins::Pair64{int64_t(k / 1000), int64_t(k % 1000) * 1'000'003}; }, twins::updatePair64);
}

/// Texts of 7 bytes, which a value holds in place, or of 31.
Case text(Amount amount, Spread spread, bool isLong) {
  Case c = base(title(isLong ? "long text" : "short text", amount, spread), "update_text", isLong ? 31 : 7,
                warmUpOf(amount.keys));
  c.columns = "Sttiii";
  std::string before = isLong ? "https://example.com/item/" : "k";
  c.input = [=] {
    return keyedNames(recordsFor(amount.keys), amount.keys, numbersFor(amount.keys, spread),
                      [=](uint64_t k) { return before + std::to_string(100'000 + k); });
  };
  c.rivals = rivals([](const Input &i, twins::Map map) {
    return twins::updateText(reinterpret_cast<const twins::Named *>(i.bytes), i.records, map);
  });
  return c;
}

} // namespace

std::vector<Case> keyedCases() {
  std::vector<Case> all;
  for (Spread spread : {Spread::Uniform, Spread::Skewed}) {
    for (Amount amount : {k256, k10K, k200K})
      all.push_back(dense(amount, spread));
    for (Amount amount : {k256, k10K, k200K, k4M}) {
      all.push_back(packed(amount, spread));
      all.push_back(packedPair(amount, spread));
      all.push_back(inlinePair(amount, spread));
      all.push_back(text(amount, spread, /*isLong=*/false));
    }
    for (Amount amount : {k256, k10K, k200K})
      all.push_back(text(amount, spread, /*isLong=*/true));
  }
  Case growth = packed({10'000'000, "10 M"}, Spread::EachOnce);
  growth.name = "growth, 0 to 10 M keys";
  growth.warmUp = 0;
  growth.rounds = 3;
  all.push_back(growth);
  return all;
}

} // namespace bench
