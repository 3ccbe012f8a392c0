//===- distinct.cpp - different values in overlapping windows, by hand ------===//
//
// A slice is a set of pairs of key and value. One table has, for each pair of the
// window, the end of the last slice that it was seen in, and one the number of
// pairs of each key: a slice that closes adds the pairs that are not there yet,
// one that leaves takes those away that were seen nowhere since.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/slices.h"

#include <deque>

namespace twins {
namespace {

/// Keys and values.
class Pairs {
public:
  struct Slot {
    using Key = Pair64;
    uint64_t word; ///< ~key; 0: empty (the key -1 is not in these inputs)
    int64_t value, last;

    static uint64_t hashOf(Key pair) { return hashWords(~uint64_t(pair.a), uint64_t(pair.b)); }
    bool is(Key pair) const { return word == ~uint64_t(pair.a) && value == pair.b; }
    Key key() const { return {int64_t(~word), value}; }
    void begin(Key pair) { word = ~uint64_t(pair.a), value = pair.b; }
  };

  /// Its slot, with `last` 0 if it is new.
  Slot &at(int64_t key, int64_t value) { return table.at({key, value}); }
  void add(const Bid &r) { at(r.auction, r.price); }
  void erase(Slot &slot) { table.erase(slot); }
  void prefetch(const Bid &r) const { table.prefetch({r.auction, r.price}); }
  bool isLarge() const { return table.isLarge(); }
  size_t bytes() const { return table.bytes(); }
  void clear() { table.clear(); }
  /// f(key, value) for each.
  template <typename F> void forEach(F f) const {
    table.forEach([&](const Slot &slot) { f(slot.key().a, slot.value); });
  }

private:
  FlatTable<Slot> table;
};

class Distinct {
public:
  explicit Distinct(const Overlap &overlap) : overlap(overlap) {}
  bool hasRecords() const { return !live.empty(); }
  int64_t nextEnd() const { return last + overlap.slide; }
  size_t bytes() const {
    size_t bytes = window.bytes() + counts.bytes();
    for (const Live &one : live)
      bytes += one.pairs->bytes();
    return bytes;
  }

  void fire(int64_t end, std::unique_ptr<Pairs> slice, std::vector<std::unique_ptr<Pairs>> &spare) {
    last = end;
    if (slice) {
      slice->forEach([&](int64_t key, int64_t value) {
        Pairs::Slot &pair = window.at(key, value);
        counts.at(key).count += pair.last == 0;
        pair.last = end;
      });
      live.push_back({end, std::move(slice)});
    }
    counts.forEach(
        [&](int64_t key, const DistinctState &state) { rows.add(key, end - overlap.size, end, state.result()); });
    if (live.empty() || live.front().end > end - overlap.size + overlap.slide)
      return;
    live.front().pairs->forEach([&](int64_t key, int64_t value) {
      Pairs::Slot &pair = window.at(key, value);
      if (pair.last != live.front().end)
        return;
      --counts.at(key).count;
      window.erase(pair);
    });
    live.front().pairs->clear();
    spare.push_back(std::move(live.front().pairs));
    live.pop_front();
  }

  WindowRows rows;

private:
  struct Live {
    int64_t end;
    std::unique_ptr<Pairs> pairs;
  };
  const Overlap &overlap;
  std::deque<Live> live;
  Pairs window;
  WindowTable<DistinctState> counts;
  int64_t last = 0;
};

} // namespace

Answer distinctOverlapping(const Bid *bids, size_t count, const Overlap &overlap) {
  return Slices<Pairs, Distinct>(overlap).run(bids, count);
}

} // namespace twins
