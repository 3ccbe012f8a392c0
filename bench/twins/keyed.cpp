//===- keyed.cpp - a tumbling keyed aggregate by hand ---------------------===//
#include "bench/twins/twins.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <sys/mman.h>
#include <vector>

namespace twins {
namespace {

/// 32 bytes: two to a cache line. Empty while count is 0.
struct Slot {
  int64_t key;
  int64_t count;
  __int128 sum;
};

/// Open addressing with linear probing; sparse while it fits the caches, where a probe that goes wrong costs more than
/// memory; the memory is given back when the pane has fired.
class Table {
public:
  explicit Table(size_t capacity) { allocate(capacity); }
  ~Table() { munmap(slots, (mask + 1) * sizeof(Slot)); }
  Table(const Table &) = delete;

  void add(int64_t key, int64_t price) {
    for (size_t i = hash(key) & mask;; i = (i + 1) & mask) {
      Slot &s = slots[i];
      if (s.count == 0) [[unlikely]] {
        if (used == limit) [[unlikely]] {
          grow();
          return add(key, price);
        }
        ++used;
        s.key = key;
      } else if (s.key != key) {
        continue;
      }
      ++s.count;
      s.sum += price;
      return;
    }
  }
  template <typename F> void forEach(F f) const {
    for (size_t i = 0; i <= mask; ++i)
      if (slots[i].count)
        f(slots[i]);
  }
  size_t capacity() const { return mask + 1; }
  /// Asks for the key's slot ahead of its use, where the table is larger than the second-level cache.
  void prefetch(int64_t key) const {
    if (mask >= (1u << 15))
      __builtin_prefetch(&slots[hash(key) & mask], 1);
  }

private:
  static uint64_t hash(int64_t key) {
    uint64_t h = uint64_t(key) * 0x9e3779b97f4a7c15;
    return h ^ (h >> 32);
  }
  void allocate(size_t capacity) {
    void *p = mmap(nullptr, capacity * sizeof(Slot), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (p == MAP_FAILED)
      abort();
    madvise(p, capacity * sizeof(Slot), MADV_HUGEPAGE);
    slots = static_cast<Slot *>(p), mask = capacity - 1, used = 0;
    size_t bytes = capacity * sizeof(Slot);
    limit = bytes < (4u << 20) ? capacity / 4 : bytes < (64u << 20) ? capacity / 2 : capacity / 4 * 3;
  }
  void grow() {
    Slot *old = slots;
    size_t n = mask + 1, kept = used;
    allocate(n * 2);
    for (size_t i = 0; i < n; ++i) {
      if (!old[i].count)
        continue;
      size_t at = hash(old[i].key) & mask;
      while (slots[at].count)
        at = (at + 1) & mask;
      slots[at] = old[i];
    }
    used = kept;
    munmap(old, n * sizeof(Slot));
  }

  Slot *slots;
  size_t mask, limit, used;
};

struct Pane {
  int64_t start;
  std::unique_ptr<Table> table;
};
struct Row {
  int64_t auction, start, end, count, sum;
};

int64_t floorTo(int64_t t, int64_t size) {
  int64_t r = t % size;
  return t - (r < 0 ? r + size : r);
}

} // namespace

Answer countAndSum(const Bid *bids, size_t count, int64_t size, int64_t bound) {
  static Row out[kChunk];
  Answer answer;
  std::vector<Pane> panes;
  int64_t greatest = INT64_MIN + bound + 1, watermark = INT64_MIN;
  size_t expected = 1024; // slots of a new pane: what the one before it needed
  auto flush = [&](size_t n) {
    answer.rows += n;
    if (checking())
      for (size_t i = 0; i < n; ++i)
        answer.checksum += mix(out[i].auction, 0) + mix(out[i].start, 1) + mix(out[i].end, 2) + mix(out[i].count, 3) +
                           mix(out[i].sum, 4);
  };
  auto fire = [&](const Pane &p) {
    size_t n = 0;
    p.table->forEach([&](const Slot &s) {
      if (s.sum > INT64_MAX || s.sum < INT64_MIN)
        abort();
      out[n++] = {s.key, p.start, p.start + size, s.count, int64_t(s.sum)};
      if (n == kChunk)
        flush(n), n = 0;
    });
    flush(n);
    expected = p.table->capacity();
  };
  auto advance = [&](int64_t to) {
    watermark = to;
    std::sort(panes.begin(), panes.end(), [](const Pane &a, const Pane &b) { return a.start < b.start; });
    while (!panes.empty() && panes.front().start + size - 1 <= to) {
      fire(panes.front());
      panes.erase(panes.begin());
    }
  };
  int64_t start = 0;
  Table *table = nullptr;
  uint64_t late = 0;
  // The watermark is looked at where it moves past the end of the oldest pane, found by comparing with one number.
  int64_t nextBorder = INT64_MIN;
  for (size_t i = 0; i < count; ++i) {
    const Bid &b = bids[i];
    if (!table || uint64_t(b.time - start) >= uint64_t(size)) [[unlikely]] {
      int64_t s = floorTo(b.time, size);
      if (watermark != INT64_MIN && s + size - 1 <= watermark) {
        ++late;
        continue;
      }
      auto it = std::find_if(panes.begin(), panes.end(), [&](const Pane &p) { return p.start == s; });
      if (it == panes.end()) {
        panes.push_back({s, std::make_unique<Table>(expected)});
        it = panes.end() - 1;
        int64_t border = s + size - 1 + bound + 1;
        nextBorder = nextBorder == INT64_MIN ? border : std::min(nextBorder, border);
      }
      start = s, table = it->table.get();
    }
    if (i + 16 < count)
      table->prefetch(bids[i + 16].auction);
    table->add(b.auction, b.price);
    if (b.time > greatest) {
      greatest = b.time;
      if (greatest >= nextBorder) [[unlikely]] {
        advance(greatest - bound - 1);
        table = nullptr;
        nextBorder = INT64_MAX;
        for (const Pane &p : panes)
          nextBorder = std::min(nextBorder, p.start + size + bound);
        if (panes.empty())
          nextBorder = INT64_MIN;
      }
    }
  }
  advance(INT64_MAX);
  answer.checksum += late;
  return answer;
}

} // namespace twins
