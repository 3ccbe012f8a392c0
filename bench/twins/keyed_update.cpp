//===- keyed_update.cpp - count, sum and maximum for each key -------------===//
#include "bench/twins/keyed_maps.h"
#include "bench/twins/keyed_tables.h"

#include <unordered_map>

namespace twins {
namespace {

uint64_t auctionWord(const Bid &r) { return uint64_t(r.auction); }
int64_t auctionOf(uint64_t word) { return int64_t(word); }
uint64_t pairWord(const SmallPair &r) { return uint64_t(uint32_t(r.a)) << 32 | uint32_t(r.b); }
Pair32 pairOf(uint64_t word) { return {int32_t(word >> 32), int32_t(word)}; }

using IntForm = WordForm<Bid, int64_t, auctionWord, auctionOf>;
using SmallPairForm = WordForm<SmallPair, Pair32, pairWord, pairOf>;

template <typename Table, typename Record, typename... Arguments>
Answer run(const Record *records, size_t count, Arguments... arguments) {
  return Hours<Record, Table>().run(records, count, [=] { return std::make_unique<Table>(arguments...); });
}

struct StdMaps {
  template <typename K, typename V, typename Hash, typename Equal, typename Alloc>
  using Map = std::unordered_map<K, V, Hash, Equal, Alloc>;
  template <typename K> using Hash = std::hash<K>;
};

template <typename Form> Answer byHash(const typename Form::Record *records, size_t count, Map map) {
  if (map == Map::Layout)
    return run<HashTable<Form, true>>(records, count);
  return run<HashTable<Form, false>>(records, count);
}

/// The keys that are read as `Traits` says: a map of a library.
template <typename Traits, typename Form> Answer update(const typename Traits::Record *records, size_t count, Map map) {
  if (map == Map::Abseil)
    return updateAbseil(Traits(), records, count);
  if (map == Map::Std)
    return run<LibraryTable<Traits, StdMaps>>(records, count);
  return byHash<Form>(records, count, map);
}

} // namespace

WarmUp &warmUp() {
  static WarmUp wanted;
  return wanted;
}

Held &held() {
  static Held last;
  return last;
}

size_t &libraryBytes() {
  static size_t bytes = 0;
  return bytes;
}

Answer updateDense(const Bid *bids, size_t count, int64_t most, Map map) {
  if (map == Map::Layout)
    return run<DenseTable<true>>(bids, count, most);
  if (map == Map::LayoutUnmarked)
    return run<DenseTable<false>>(bids, count, most);
  return updateInt(bids, count, map);
}
Answer updateInt(const Bid *bids, size_t count, Map map) { return update<IntTraits, IntForm>(bids, count, map); }
Answer updatePair32(const SmallPair *records, size_t count, Map map) {
  return update<Pair32Traits, SmallPairForm>(records, count, map);
}
Answer updatePair64(const Bid *bids, size_t count, Map map) { return update<Pair64Traits, PairForm>(bids, count, map); }
Answer updateText(const Named *records, size_t count, Map map) {
  return update<TextTraits, TextForm>(records, count, map);
}

} // namespace twins
