//===- number_list.cpp - numbers that a member keeps, for quantiles -------------===//
//
// Called by generated code (below).
//
//===----------------------------------------------------------------------===//
#include "runtime/state/number_list.h"

#include "runtime/state/memory.h"
#include "runtime/state/table.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

using namespace millrace;

#pragma STDC FP_CONTRACT OFF // rule 24

namespace {

/// What a list begins with. The first four bytes of a text lie beside its length too, so they never change.
struct Header {
  uint32_t never = 0;
  uint32_t room = 0;    ///< numbers
  uint32_t count = 0;   ///< of them in use
  uint32_t ordered = 0; ///< so many, the first ones, are in order
  uint32_t placed = 0;  ///< and those up to here are in order among themselves
  uint32_t pad = 0;
};
static_assert(sizeof(Header) == 24);

constexpr uint32_t kFew = 8; ///< at least so many are put where they belong one by one
constexpr uint64_t kLeastRoom = 6, kMostRoom = (~uint32_t(0) - sizeof(Header)) / 8;

Header &headerOf(const StringArena &texts, mr_string stored) {
  return *reinterpret_cast<Header *>(const_cast<char *>(texts.at(stored.tail)));
}
uint64_t *numbersIn(const StringArena &texts, mr_string stored) {
  return reinterpret_cast<uint64_t *>(const_cast<char *>(texts.at(stored.tail)) + sizeof(Header));
}

/// The same list with room for `more`. Empty if memory is refused.
mr_string withRoom(StringArena &texts, mr_string stored, uint64_t more) {
  bool isNew = !stringLength(stored);
  Header before = isNew ? Header() : headerOf(texts, stored);
  if (before.count + more <= before.room)
    return stored;
  uint64_t room = std::max<uint64_t>({kLeastRoom, before.count + more, uint64_t(before.room) * 2});
  if (before.count + more > kMostRoom) {
    texts.account->refuseTooLong();
    return stored;
  }
  room = std::min(room, kMostRoom);
  auto memory = std::make_unique<uint64_t[]>(sizeof(Header) / 8 + room);
  auto &made = *reinterpret_cast<Header *>(memory.get());
  made = before;
  made.room = uint32_t(room);
  if (!isNew)
    std::memcpy(&made + 1, numbersIn(texts, stored), uint64_t(before.count) * 8);
  return texts.replace(stored, stringOf(reinterpret_cast<const char *>(memory.get()), sizeof(Header) + room * 8));
}

} // namespace

mr_string millrace::addNumber(StringArena &texts, mr_string stored, uint64_t rank) {
  stored = withRoom(texts, stored, 1);
  if (!stringLength(stored)) // refused
    return stored;
  Header &header = headerOf(texts, stored);
  if (header.count == header.room) // refused
    return stored;
  uint64_t *numbers = numbersIn(texts, stored);
  if (header.ordered == header.count && (header.count == 0 || numbers[header.count - 1] <= rank))
    header.placed = ++header.ordered;
  numbers[header.count++] = rank;
  return stored;
}

mr_string millrace::addNumbers(StringArena &texts, mr_string stored, const StringArena &from, mr_string other) {
  if (!stringLength(other))
    return stored;
  uint32_t more = headerOf(from, other).count;
  stored = withRoom(texts, stored, more);
  if (!stringLength(stored) || headerOf(texts, stored).room - headerOf(texts, stored).count < more) // refused
    return stored;
  Header &header = headerOf(texts, stored);
  std::memcpy(numbersIn(texts, stored) + header.count, numbersIn(from, other), uint64_t(more) * 8);
  if (header.count == 0)
    header.placed = header.ordered = headerOf(from, other).ordered;
  header.count += more;
  return stored;
}

mr_string millrace::trimNumbers(StringArena &texts, mr_string stored) {
  if (!stringLength(stored))
    return stored;
  Header &header = headerOf(texts, stored);
  uint64_t *begin = numbersIn(texts, stored);
  if (header.ordered == header.count && header.count > 1 && begin[header.count - 1] == begin[header.count - 2])
    header.placed = header.ordered = --header.count;
  if (header.count < header.room)
    return stored;
  numbersInOrder(texts, stored);
  header.count = header.ordered = header.placed = uint32_t(std::unique(begin, begin + header.count) - begin);
  return header.count > header.room / 2 ? withRoom(texts, stored, header.room - header.count + 1) : stored;
}

std::span<const uint64_t> millrace::numbersInOrder(const StringArena &texts, mr_string stored) {
  if (!stringLength(stored))
    return {};
  Header &header = headerOf(texts, stored);
  uint64_t *begin = numbersIn(texts, stored), *end = begin + header.count;
  uint64_t *few = begin + header.ordered;
  std::sort(few, end);
  if (few != begin && few != end && few[-1] > *few) { // from the end on, so that only the few are copied
    std::vector<uint64_t> copies(few, end);
    uint64_t *to = end;
    for (auto next = copies.rbegin(); next != copies.rend();)
      *--to = few != begin && few[-1] > *next ? *--few : *next++;
  }
  header.ordered = header.placed = header.count;
  return {begin, end};
}

RankView millrace::ranksIn(const StringArena &texts, mr_string stored, bool distinct) {
  if (!stringLength(stored))
    return std::span<const uint64_t>();
  Header &header = headerOf(texts, stored);
  uint64_t *begin = numbersIn(texts, stored);
  uint64_t behind = header.count - header.ordered;
  if (behind > kFew && behind * behind > 4 * uint64_t(header.count)) {
    numbersInOrder(texts, stored);
    if (distinct)
      header.count = header.ordered = header.placed = uint32_t(std::unique(begin, begin + header.count) - begin);
    return std::span<const uint64_t>(begin, header.count);
  }
  uint64_t *few = begin + header.ordered, *end = begin + header.count, *placed = begin + header.placed;
  for (uint64_t *next = placed; next != end; ++next) {
    uint64_t rank = *next, *at = std::upper_bound(few, placed, rank);
    if (distinct && ((at != few && at[-1] == rank) || std::binary_search(begin, few, rank)))
      continue; // it is there
    std::copy_backward(at, placed, placed + 1);
    *at = rank;
    ++placed;
  }
  header.count = header.placed = uint32_t(placed - begin);
  return {{begin, few}, {few, placed}};
}

/// Of the place's numbers below it, so many are among the first part as the last of them is not above the next of the
/// other one.
uint64_t RankView::operator[](uint64_t place) const {
  uint64_t low = place > few.size() ? place - few.size() : 0, high = std::min<uint64_t>(place, most.size());
  while (low < high) {
    uint64_t middle = (low + high) / 2;
    if (few[place - middle - 1] > most[middle])
      low = middle + 1;
    else
      high = middle;
  }
  uint64_t other = place - low;
  if (low == most.size() || (other < few.size() && few[other] < most[low]))
    return few[other];
  return most[low];
}

double millrace::valueOfRank(uint64_t rank, RankOf kind) {
  if (kind == RankOf::Unsigned)
    return double(rank);
  constexpr uint64_t top = uint64_t(1) << 63;
  if (kind == RankOf::Signed)
    return double(int64_t(rank ^ top));
  uint64_t bits = rank & top ? rank ^ top : ~rank;
  double value;
  std::memcpy(&value, &bits, 8);
  return value;
}

double millrace::betweenRanks(uint64_t below, uint64_t above, double part, RankOf kind) {
  double low = valueOfRank(below, kind);
  if (part == 0 || below == above) // an infinity is not as far from itself as nothing
    return low;
  double high = valueOfRank(above, kind), between = high - low;
  // Far apart, or one of them an infinity: their difference is none that can be shared out.
  return std::isfinite(between) ? low + part * between : low * (1 - part) + high * part;
}

double millrace::quantileOf(const RankView &ranks, double fraction, RankOf kind) {
  return quantileOf(ranks.size(), [&](uint64_t place) { return ranks[place]; }, fraction, kind);
}

uint64_t millrace::discreteQuantileOf(const RankView &ranks, double fraction) {
  return discreteQuantileOf(ranks.size(), [&](uint64_t place) { return ranks[place]; }, fraction);
}

extern "C" mr_string mr_numbers_add(mr_table *table, mr_string stored, uint64_t rank) {
  return addNumber(table->texts, stored, rank);
}
extern "C" mr_string mr_numbers_add_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  return addNumbers(table->texts, stored, from->texts, other);
}
extern "C" mr_string mr_numbers_trim(mr_table *table, mr_string stored) { return trimNumbers(table->texts, stored); }
extern "C" double mr_numbers_quantile(mr_table *table, mr_string stored, double fraction, uint32_t kind,
                                      bool distinct) {
  RankView ranks = ranksIn(table->texts, stored, distinct);
  return ranks.empty() ? 0 : quantileOf(ranks, fraction, RankOf(kind));
}
extern "C" uint64_t mr_numbers_discrete(mr_table *table, mr_string stored, double fraction, bool distinct) {
  RankView ranks = ranksIn(table->texts, stored, distinct);
  return ranks.empty() ? 0 : discreteQuantileOf(ranks, fraction);
}
