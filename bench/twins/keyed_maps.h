//===- keyed_maps.h - keyed updates over the map of a library -------------===//
//
// What a C++ programmer would write: the key and its aggregates in a map, sums
// in 128 bits. The maps' memory is counted by their allocator.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_BENCH_TWINS_KEYED_MAPS_H
#define MILLRACE_BENCH_TWINS_KEYED_MAPS_H

#include "bench/twins/keyed_update.h"

#include <string>

namespace twins {

/// Bytes that the maps and their strings hold.
size_t &libraryBytes();

template <typename T> struct Counting {
  using value_type = T;
  Counting() = default;
  template <typename U> Counting(const Counting<U> &) {}
  T *allocate(size_t n) {
    libraryBytes() += n * sizeof(T);
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T *p, size_t n) {
    libraryBytes() -= n * sizeof(T);
    std::allocator<T>().deallocate(p, n);
  }
  bool operator==(const Counting &) const { return true; }
};

using Text = std::basic_string<char, std::char_traits<char>, Counting<char>>;

// How a record gives its key: as it is looked up, and as the map keeps it.
struct IntTraits {
  using Record = Bid;
  using Key = int64_t;
  using Stored = int64_t;
  using View = int64_t; ///< what is hashed
  static int64_t key(const Bid &r) { return r.auction; }
  static int64_t view(int64_t k) { return k; }
  static int64_t out(int64_t k) { return k; }
};
struct Pair32Traits {
  using Record = SmallPair;
  using Key = Pair32;
  using Stored = uint64_t;
  using View = uint64_t;
  static uint64_t key(const SmallPair &r) { return uint64_t(uint32_t(r.a)) << 32 | uint32_t(r.b); }
  static uint64_t view(uint64_t k) { return k; }
  static Pair32 out(uint64_t k) { return {int32_t(k >> 32), int32_t(k)}; }
};
struct Pair64Traits {
  using Record = Bid;
  using Key = Pair64;
  using Stored = Pair64;
  using View = std::string_view; ///< of its bytes
  static Pair64 key(const Bid &r) { return {r.auction, r.bidder}; }
  static std::string_view view(const Pair64 &k) { return {reinterpret_cast<const char *>(&k), sizeof k}; }
  static Pair64 out(const Pair64 &k) { return k; }
};
struct TextTraits {
  using Record = Named;
  using Key = std::string_view;
  using Stored = Text;
  using View = std::string_view;
  static std::string_view key(const Named &r) { return r.name(); }
  static std::string_view view(std::string_view k) { return k; }
  static std::string_view out(const Text &k) { return k; }
};

struct Plain {
  int64_t count = 0;
  __int128 sum = 0;
  int64_t top = INT64_MIN;
};

/// `Maps` names the library's map and hash.
template <typename Traits, typename Maps> class LibraryTable {
  struct Hash {
    using is_transparent = void;
    template <typename K> size_t operator()(const K &key) const {
      return typename Maps::template Hash<typename Traits::View>()(Traits::view(key));
    }
  };
  struct Equal {
    using is_transparent = void;
    template <typename A, typename B> bool operator()(const A &a, const B &b) const { return a == b; }
  };
  using Stored = typename Traits::Stored;
  using Map = typename Maps::template Map<Stored, Plain, Hash, Equal, Counting<std::pair<const Stored, Plain>>>;

public:
  using Key = typename Traits::Key;
  using Record = typename Traits::Record;
  struct Cursor {
    bool update(const Record &r) {
      auto it = map->find(Traits::key(r));
      if (it == map->end()) [[unlikely]]
        return false;
      fold(it->second, r.price);
      return true;
    }
    void prefetch(const Record &) {}
    Map *map = nullptr;
    static constexpr bool isLarge = false;
  };
  LibraryTable() : before(libraryBytes()) {}
  Cursor cursor() { return {&map}; }
  void insert(const Record &r) { fold(map.try_emplace(Stored(Traits::key(r))).first->second, r.price); }
  template <typename F> void forEach(F f) const {
    for (const auto &[key, plain] : map) {
      if (plain.sum > INT64_MAX || plain.sum < INT64_MIN)
        abort();
      f(Traits::out(key), plain.count, int64_t(plain.sum), plain.top);
    }
  }
  size_t bytes() const { return libraryBytes() - before; }

private:
  static void fold(Plain &p, int64_t price) { ++p.count, p.sum += price, p.top = std::max(p.top, price); }
  size_t before;
  Map map;
};

// In a file of its own, which needs Abseil.
Answer updateAbseil(IntTraits, const Bid *bids, size_t count);
Answer updateAbseil(Pair32Traits, const SmallPair *records, size_t count);
Answer updateAbseil(Pair64Traits, const Bid *bids, size_t count);
Answer updateAbseil(TextTraits, const Named *records, size_t count);

} // namespace twins

#endif
