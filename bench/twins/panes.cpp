//===- panes.cpp - windows that fire again, by hand --------------------------===//
//
// A table for each window, and the keys that have changed since they had a row:
// these have one when W comes to the next multiple of `every` from the window's
// start, all keys when it comes to the end.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/rows.h"
#include "bench/twins/slices.h"

namespace twins {
namespace {

/// Half a cache line.
struct PaneSlot : IntKeyed {
  int64_t sum;
  uint32_t pane;
  bool isChanged;
};

class Panes {
public:
  Panes(int64_t size, int64_t every) : size(size), every(every) {}

  Answer run(const Bid *records, size_t count) {
    held() = {};
    for (size_t i = 0; i < count; ++i) {
      const Bid &r = records[i];
      if ((uint64_t(r.time - start) >= uint64_t(size) || !window) && !find(r.time)) [[unlikely]]
        continue;
      if (window->table.isLarge() && i + 16 < count)
        window->table.prefetch(records[i + 16].auction);
      PaneSlot &slot = window->table.at(r.auction);
      if (__builtin_add_overflow(slot.sum, r.price, &slot.sum)) [[unlikely]]
        abort(); // not in these inputs; the check is what counts
      if (!slot.isChanged)
        slot.isChanged = true, window->changed.push_back(r.auction);
      if (r.time > greatest && (greatest = r.time) >= nextLook) [[unlikely]]
        advance(greatest - kBound - 1);
    }
    advance(INT64_MAX);
    return rows.finish();
  }

private:
  struct Window {
    FlatTable<PaneSlot> table;
    std::vector<int64_t> changed;
    int64_t nextRow; ///< when W comes to this time, changed keys have a row
  };

  /// The window of a time; false if that has gone.
  bool find(int64_t time) {
    int64_t s = floorTo(time, size);
    if (s + size - 1 <= watermark)
      return false; // not in these inputs
    auto [it, isNew] = open.try_emplace(s);
    if (isNew) {
      it->second = std::make_unique<Window>();
      it->second->nextRow = after(s, watermark);
    }
    start = s, window = it->second.get();
    nextLook = std::min(nextLook, window->nextRow + kBound);
    return true;
  }
  int64_t after(int64_t s, int64_t time) const {
    return time < s ? s + every : s + ((time + 1 - s) / every + 1) * every;
  }

  void advance(int64_t to) {
    watermark = to, window = nullptr, nextLook = INT64_MAX;
    size_t bytes = 0;
    for (const auto &[s, w] : open)
      bytes += w->table.bytes() + w->changed.capacity() * sizeof(int64_t);
    held().bytes = std::max<uint64_t>(held().bytes, bytes);
    for (auto it = open.begin(); it != open.end();) {
      auto &[s, w] = *it;
      if (s + size - 1 <= to) {
        held().keys = std::max<uint64_t>(held().keys, w->table.size());
        w->table.forEach([&](PaneSlot &slot) { add(s, slot, onTime); });
        it = open.erase(it);
        continue;
      }
      if (w->nextRow - 1 <= to) {
        for (int64_t key : w->changed)
          add(s, w->table.at(key), early);
        w->changed.clear();
        w->nextRow = after(s, to);
      }
      nextLook = std::min(nextLook, w->nextRow + kBound);
      ++it;
    }
  }
  void add(int64_t s, PaneSlot &slot, uint64_t timing) {
    rows.add(
        {{upsert, uint64_t(slot.key()), uint64_t(s), uint64_t(s + size), slot.pane++, timing, uint64_t(slot.sum)}});
    slot.isChanged = false;
  }

  int64_t size, every;
  std::map<int64_t, std::unique_ptr<Window>> open; ///< by their start
  Window *window = nullptr;
  int64_t start = 0, greatest = INT64_MIN + kBound + 1, watermark = INT64_MIN, nextLook = INT64_MAX;
  uint64_t upsert = wordOf("upsert"), early = wordOf("early"), onTime = wordOf("on_time");
  Rows<7> rows;
};

} // namespace

Answer windowsAgain(const Bid *bids, size_t count, int64_t size, int64_t every) {
  return Panes(size, every).run(bids, count);
}

} // namespace twins
