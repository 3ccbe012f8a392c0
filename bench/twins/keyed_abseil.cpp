//===- keyed_abseil.cpp - keyed updates over absl::flat_hash_map ----------===//
#include "bench/twins/keyed_maps.h"

#if __has_include(<absl/container/flat_hash_map.h>) && defined(MILLRACE_BENCH_ABSEIL)

#include <absl/container/flat_hash_map.h>

namespace twins {
namespace {

struct AbseilMaps {
  template <typename K, typename V, typename Hash, typename Equal, typename Alloc>
  using Map = absl::flat_hash_map<K, V, Hash, Equal, Alloc>;
  template <typename K> using Hash = absl::Hash<K>;
};

template <typename Traits> Answer run(const typename Traits::Record *records, size_t count) {
  using Table = LibraryTable<Traits, AbseilMaps>;
  return Hours<typename Traits::Record, Table>().run(records, count, [] { return std::make_unique<Table>(); });
}

} // namespace

bool hasAbseil() { return true; }
Answer updateAbseil(IntTraits, const Bid *bids, size_t count) { return run<IntTraits>(bids, count); }
Answer updateAbseil(Pair32Traits, const SmallPair *records, size_t count) { return run<Pair32Traits>(records, count); }
Answer updateAbseil(Pair64Traits, const Bid *bids, size_t count) { return run<Pair64Traits>(bids, count); }
Answer updateAbseil(TextTraits, const Named *records, size_t count) { return run<TextTraits>(records, count); }

} // namespace twins

#else

namespace twins {

bool hasAbseil() { return false; }
Answer updateAbseil(IntTraits, const Bid *, size_t) { return {}; }
Answer updateAbseil(Pair32Traits, const SmallPair *, size_t) { return {}; }
Answer updateAbseil(Pair64Traits, const Bid *, size_t) { return {}; }
Answer updateAbseil(TextTraits, const Named *, size_t) { return {}; }

} // namespace twins

#endif
