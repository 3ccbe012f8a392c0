//===- fill.cpp - windows without records have rows, by hand -----------------===//
//
// A key has a number as soon as it comes, and its state in a window lies at that
// number: firing goes through all numbers.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/slices.h"

namespace twins {
namespace {

class Filled {
public:
  explicit Filled(int64_t size) : size(size) {}

  Answer run(const Bid *records, size_t count) {
    held() = {};
    for (size_t i = 0; i < count; ++i) {
      const Bid &r = records[i];
      if ((uint64_t(r.time - start) >= uint64_t(size) || !window) && !find(r.time)) [[unlikely]]
        continue;
      if (numbers.isLarge() && i + 16 < count)
        numbers.prefetch(records[i + 16].auction);
      size_t number = numberOf(r.auction);
      if (number >= window->size()) [[unlikely]]
        window->resize(std::max(number + 1, keys.capacity()));
      (*window)[number].fold(r);
      if (r.time > greatest && (greatest = r.time) - kBound >= end) [[unlikely]]
        advance(greatest - kBound - 1);
    }
    advance(INT64_MAX);
    return rows.finish(0);
  }

private:
  struct Slot : IntKeyed {
    uint64_t number; ///< 1 + its place in `keys`
  };
  struct Key {
    int64_t key, since; ///< the start of its first window
  };

  bool find(int64_t time) {
    int64_t s = floorTo(time, size);
    if (s + size <= greatest - kBound)
      return false; // late; not in these inputs
    auto [it, isNew] = windows.try_emplace(s);
    if (isNew && !spare.empty())
      it->second = std::move(spare.back()), spare.pop_back();
    start = s, window = &it->second;
    if (end == INT64_MAX || windows.begin()->first + size < end)
      end = windows.begin()->first + size;
    return true;
  }
  size_t numberOf(int64_t key) {
    Slot &slot = numbers.at(key);
    if (!slot.number) [[unlikely]] {
      keys.push_back({key, start});
      slot.number = keys.size();
    }
    Key &known = keys[slot.number - 1];
    if (known.since > start) [[unlikely]]
      known.since = start;
    return slot.number - 1;
  }

  void advance(int64_t to) {
    window = nullptr;
    for (; !windows.empty() && end - 1 <= to; end += size) {
      auto it = windows.find(end - size);
      fire(it == windows.end() ? nothing : it->second);
      if (it == windows.end())
        continue;
      it->second.assign(it->second.size(), SumState());
      spare.push_back(std::move(it->second));
      windows.erase(it);
    }
  }
  void fire(const std::vector<SumState> &states) {
    for (size_t i = 0; i < keys.size(); ++i)
      if (keys[i].since < end) // null of no records has no part in the sum, and is zero here
        rows.add(keys[i].key, end - size, end, i < states.size() ? states[i].result() : 0);
    held().keys = keys.size();
    held().bytes =
        std::max<uint64_t>(held().bytes, numbers.bytes() + keys.capacity() * sizeof(Key) +
                                             (windows.size() + spare.size()) * keys.size() * sizeof(SumState));
  }

  int64_t size, start = 0, end = INT64_MAX; ///< end: of the window that fires next
  int64_t greatest = INT64_MIN + kBound + 1;
  FlatTable<Slot> numbers;
  std::vector<Key> keys;
  std::map<int64_t, std::vector<SumState>> windows;
  std::vector<std::vector<SumState>> spare;
  const std::vector<SumState> nothing;
  std::vector<SumState> *window = nullptr;
  WindowRows rows;
};

} // namespace

Answer filledWindows(const Bid *bids, size_t count, int64_t size) { return Filled(size).run(bids, count); }

} // namespace twins
