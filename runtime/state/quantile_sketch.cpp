//===- quantile_sketch.cpp - which value has which place, nearly ----------------===//
//
// A KLL sketch: levels of ranks, each of which stands for 2^level values. A level
// that is full is put into order, and every other one of its ranks goes one level
// up. Which ones is told by a generator whose state is the sketch's, so equal input
// gives equal results. All levels but the lowest are in order, and that one as far as it
// was when a quantile was asked: so asking again and again costs no sorting. Called by
// generated code (below).
//
//===----------------------------------------------------------------------===//
#include "runtime/state/number_list.h"
#include "runtime/state/table.h"

#include <algorithm>
#include <cmath>
#include <vector>

using namespace millrace;

namespace {

constexpr uint32_t kTop = 400; ///< ranks in the uppermost level, and before anything is given up
constexpr uint32_t kLeast = 8; ///< in any level
constexpr uint32_t kMostLevels = 56;

/// What a sketch begins with; then come the ranks, the uppermost level first, so that the lowest one grows at the end.
/// The first four bytes of a text lie beside its length too, so they never change.
struct Header {
  uint32_t never = 0;
  uint32_t levels = 1;
  uint32_t room = 0, count = 0; ///< ranks
  uint64_t random = 0x9e3779b97f4a7c15;
  uint32_t ordered = 0; ///< ranks of the lowest level, the first ones, that are in order
  uint32_t pad = 0;
  uint32_t sizes[kMostLevels] = {};
};
static_assert(sizeof(Header) == 32 + 4 * kMostLevels);

/// How many ranks a level may have: two thirds of the one above.
uint32_t capacityOf(uint32_t level, uint32_t levels) {
  double capacity = kTop;
  for (uint32_t i = level + 1; i < levels && capacity > kLeast; ++i)
    capacity *= 2.0 / 3;
  return std::max(kLeast, uint32_t(std::ceil(capacity)));
}
uint32_t capacityOfAll(uint32_t levels) {
  uint32_t all = 0;
  for (uint32_t level = 0; level < levels; ++level)
    all += capacityOf(level, levels);
  return all;
}

/// The first so many are in order, and so is the rest: all of them become so.
void merge(std::vector<uint64_t> &all, size_t first) {
  std::vector<uint64_t> both(all.size());
  auto middle = all.begin() + ptrdiff_t(first);
  std::merge(all.begin(), middle, middle, all.end(), both.begin());
  all.swap(both);
}

/// The first so many are in order; all of them become so. A few that came since are put where they belong.
void order(std::span<uint64_t> all, size_t first) {
  constexpr size_t few = 8;
  if (all.size() - first > few)
    return std::sort(all.begin(), all.end());
  for (auto at = all.begin() + ptrdiff_t(first); at != all.end(); ++at)
    std::rotate(std::upper_bound(all.begin(), at, *at), at, at + 1);
}

/// A sketch taken apart.
struct Levels {
  uint64_t random = Header().random;
  std::vector<std::vector<uint64_t>> levels{1}; ///< in order, all but the first

  uint32_t count() const {
    size_t all = 0;
    for (const std::vector<uint64_t> &level : levels)
      all += level.size();
    return uint32_t(all);
  }

  bool nextBit() {
    random ^= random << 13;
    random ^= random >> 7;
    random ^= random << 17;
    return random >> 63;
  }

  /// Halves the lowest level that is full, until there is room for one more.
  void compact() {
    while (count() >= capacityOfAll(uint32_t(levels.size()))) {
      uint32_t number = uint32_t(levels.size()), low = 0;
      while (levels[low].size() < capacityOf(low, number))
        ++low;
      if (low + 1 == number)
        levels.emplace_back();
      std::vector<uint64_t> &full = levels[low], &above = levels[low + 1];
      if (low == 0)
        std::sort(full.begin(), full.end());
      size_t whole = full.size() & ~size_t(1), before = above.size(); // one may be left over; it stays
      for (size_t i = nextBit(); i < whole; i += 2)
        above.push_back(full[i]);
      merge(above, before);
      full.erase(full.begin(), full.begin() + ptrdiff_t(whole));
    }
  }
};

Header &headerOf(const StringArena &texts, mr_string stored) {
  return *reinterpret_cast<Header *>(const_cast<char *>(texts.at(stored.tail)));
}
uint64_t *ranksOf(Header &header) { return reinterpret_cast<uint64_t *>(&header + 1); }

Levels read(const StringArena &texts, mr_string stored) {
  Levels all;
  if (!stringLength(stored))
    return all;
  Header &header = headerOf(texts, stored);
  const uint64_t *at = ranksOf(header);
  all.random = header.random;
  all.levels.resize(header.levels);
  for (uint32_t level = header.levels; level-- > 0; at += header.sizes[level])
    all.levels[level].assign(at, at + header.sizes[level]);
  return all;
}

mr_string write(StringArena &texts, mr_string stored, const Levels &all) {
  uint32_t levels = uint32_t(all.levels.size()), most = capacityOfAll(levels), room = 8;
  while (room < all.count() + 1)
    room *= 2;
  std::vector<uint64_t> memory(sizeof(Header) / 8 + std::max(std::min(room, most), all.count()));
  auto &made = *new (memory.data()) Header;
  made.levels = levels;
  made.random = all.random;
  made.room = uint32_t(memory.size() - sizeof(Header) / 8);
  made.count = all.count();
  uint64_t *at = ranksOf(made);
  for (uint32_t level = levels; level-- > 0;) {
    made.sizes[level] = uint32_t(all.levels[level].size());
    at = std::copy(all.levels[level].begin(), all.levels[level].end(), at);
  }
  return texts.replace(stored, stringOf(reinterpret_cast<const char *>(memory.data()), memory.size() * 8));
}

} // namespace

mr_string millrace::sketchNumber(StringArena &texts, mr_string stored, uint64_t rank) {
  if (!stringLength(stored) || headerOf(texts, stored).count == headerOf(texts, stored).room) {
    Levels all = read(texts, stored);
    all.compact();
    stored = write(texts, stored, all);
  }
  if (!stringLength(stored)) // refused
    return stored;
  Header &header = headerOf(texts, stored);
  if (header.count < header.room) {
    ranksOf(header)[header.count++] = rank;
    ++header.sizes[0];
  }
  return stored;
}

mr_string millrace::sketchNumbers(StringArena &texts, mr_string stored, const StringArena &from, mr_string other) {
  if (!stringLength(other))
    return stored;
  Levels all = read(texts, stored), more = read(from, other);
  if (all.levels.size() < more.levels.size())
    all.levels.resize(more.levels.size());
  for (size_t level = 0; level < more.levels.size(); ++level) {
    std::vector<uint64_t> &mine = all.levels[level];
    size_t before = mine.size();
    mine.insert(mine.end(), more.levels[level].begin(), more.levels[level].end());
    if (level)
      merge(mine, before);
  }
  all.random += more.random;
  if (!all.random)
    all.random = Header().random;
  if (all.count() > capacityOfAll(uint32_t(all.levels.size())))
    all.compact();
  return write(texts, stored, all);
}

namespace {

/// A level in order, of which the part from `low` to `high` is still looked at. Each of its ranks stands for `weight`
/// values.
struct Part {
  std::span<const uint64_t> ranks;
  size_t low, high;
  uint64_t weight;
};

/// The least rank that, with all that are not greater, stands for so many values; they are all the parts have at most.
/// What is looked at is cut by the middle of the longest part each time.
uint64_t rankAt(std::span<Part> parts, uint64_t place) {
  uint64_t found = 0;
  for (;;) {
    Part &longest = *std::max_element(parts.begin(), parts.end(),
                                      [](const Part &a, const Part &b) { return a.high - a.low < b.high - b.low; });
    if (longest.low == longest.high)
      return found;
    uint64_t middle = longest.ranks[longest.low + (longest.high - longest.low) / 2], upTo = 0;
    auto cut = [&](const Part &part, auto search) {
      auto begin = part.ranks.begin();
      return size_t(search(begin + ptrdiff_t(part.low), begin + ptrdiff_t(part.high), middle) - begin);
    };
    auto upper = [](auto begin, auto end, uint64_t value) { return std::upper_bound(begin, end, value); };
    auto lower = [](auto begin, auto end, uint64_t value) { return std::lower_bound(begin, end, value); };
    for (const Part &part : parts)
      upTo += part.weight * cut(part, upper);
    bool isEnough = upTo >= place;
    if (isEnough)
      found = middle;
    for (Part &part : parts)
      (isEnough ? part.high : part.low) = isEnough ? cut(part, lower) : cut(part, upper);
  }
}

} // namespace

uint64_t millrace::sketchedQuantile(const StringArena &texts, mr_string stored, double fraction) {
  if (!stringLength(stored))
    return 0;
  Header &header = headerOf(texts, stored);
  if (!header.count)
    return 0;
  Part parts[kMostLevels];
  uint64_t *at = ranksOf(header), whole = 0;
  for (uint32_t level = header.levels; level-- > 0; at += header.sizes[level]) {
    uint32_t size = header.sizes[level];
    if (level == 0) {
      order({at, size}, header.ordered);
      header.ordered = size;
    }
    parts[level] = {{at, size}, 0, size, uint64_t(1) << level};
    whole += uint64_t(size) << level;
  }
  double place = std::max(1.0, std::ceil(fraction * double(whole)));
  return rankAt({parts, header.levels}, std::min(uint64_t(place), whole));
}

extern "C" mr_string mr_quantiles_add(mr_table *table, mr_string stored, uint64_t rank) {
  return sketchNumber(table->texts, stored, rank);
}
extern "C" mr_string mr_quantiles_add_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  return sketchNumbers(table->texts, stored, from->texts, other);
}
extern "C" uint64_t mr_quantiles_at(mr_table *table, mr_string stored, double fraction) {
  return sketchedQuantile(table->texts, stored, fraction);
}
