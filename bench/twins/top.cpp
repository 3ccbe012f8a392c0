//===- top.cpp - the best records of a window, by hand -----------------------===//
//
// A key's slot of a window has its best records in their order: most records are
// worse than the worst of them, and cost one comparison.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/rows.h"
#include "bench/twins/slices.h"

namespace twins {
namespace {

constexpr uint32_t kBest = 10;

struct TopSlot : IntKeyed {
  uint64_t size;
  Bid best[kBest]; ///< the greatest price first; of equal ones the earliest

  /// Of equal prices and times the first to arrive stays before the others.
  void fold(const Bid &r) {
    auto isBefore = [](const Bid &a, const Bid &b) {
      return a.price > b.price || (a.price == b.price && a.time < b.time);
    };
    if (size == kBest) {
      if (!isBefore(r, best[kBest - 1]))
        return;
      --size;
    }
    size_t at = size++;
    for (; at > 0 && isBefore(r, best[at - 1]); --at)
      best[at] = best[at - 1];
    best[at] = r;
  }
};

/// A window's table.
class TopTable {
public:
  void add(const Bid &r) { table.at(r.auction).fold(r); }
  void prefetch(const Bid &r) const { table.prefetch(r.auction); }
  bool isLarge() const { return table.isLarge(); }
  size_t bytes() const { return table.bytes(); }

  FlatTable<TopSlot> table;
};

/// Fires it; what `Slices` asks of windows, which do not overlap.
class Tops {
public:
  explicit Tops(const Overlap &) {}
  bool hasRecords() const { return false; }
  int64_t nextEnd() const { return INT64_MAX; }
  size_t bytes() const { return 0; }

  void fire(int64_t, std::unique_ptr<TopTable> window, std::vector<std::unique_ptr<TopTable>> &spare) {
    rows.most = std::max<uint64_t>(rows.most, window->table.size());
    window->table.forEach([&](const TopSlot &slot) {
      for (size_t i = 0; i < slot.size; ++i) {
        const Bid &r = slot.best[i];
        rows.rows.add({{uint64_t(r.auction), uint64_t(r.bidder), uint64_t(r.price), uint64_t(r.time)}});
      }
    });
    window->table.clear();
    spare.push_back(std::move(window));
  }

  struct {
    Rows<4> rows;
    uint64_t most = 0;
    uint64_t mostOfOneEnd() const { return most; }
    Answer finish(uint64_t late) {
      Answer answer = rows.finish();
      answer.checksum += late;
      return answer;
    }
  } rows;
};

} // namespace

Answer topOfWindows(const Bid *bids, size_t count, int64_t size) {
  Overlap overlap = {size, size};
  return Slices<TopTable, Tops>(overlap).run(bids, count);
}

} // namespace twins
