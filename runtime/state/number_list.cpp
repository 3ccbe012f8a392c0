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
  uint32_t room = 0;  ///< numbers
  uint32_t count = 0; ///< of them in use
  uint32_t ordered = 0;
};
static_assert(sizeof(Header) == 16);

constexpr uint32_t kFew = 8; ///< so many are put where they belong one by one
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
    texts.account->allows(~uint64_t(0) >> 1); // refused, as what is beyond any budget
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
    ++header.ordered;
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
    header.ordered = headerOf(from, other).ordered;
  header.count += more;
  return stored;
}

mr_string millrace::trimNumbers(StringArena &texts, mr_string stored) {
  if (!stringLength(stored) || headerOf(texts, stored).count < headerOf(texts, stored).room)
    return stored;
  numbersInOrder(texts, stored);
  Header &header = headerOf(texts, stored);
  uint64_t *begin = numbersIn(texts, stored);
  header.count = header.ordered = uint32_t(std::unique(begin, begin + header.count) - begin);
  return header.count > header.room / 2 ? withRoom(texts, stored, header.room - header.count + 1) : stored;
}

std::span<const uint64_t> millrace::numbersInOrder(const StringArena &texts, mr_string stored) {
  if (!stringLength(stored))
    return {};
  Header &header = headerOf(texts, stored);
  uint64_t *begin = numbersIn(texts, stored), *end = begin + header.count;
  if (header.count - header.ordered > kFew)
    std::sort(begin, end);
  else
    for (uint64_t *next = begin + header.ordered; next != end; ++next)
      std::rotate(std::upper_bound(begin, next, *next), next, next + 1);
  header.ordered = header.count;
  return {begin, end};
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

double millrace::quantileOf(std::span<const uint64_t> ranks, double fraction, RankOf kind) {
  double place = fraction * double(ranks.size() - 1), whole = std::floor(place), part = place - whole;
  uint64_t below = ranks[uint64_t(whole)], above = ranks[std::min(uint64_t(whole) + 1, uint64_t(ranks.size() - 1))];
  double low = valueOfRank(below, kind);
  if (part == 0 || below == above) // an infinity is not as far from itself as nothing
    return low;
  double high = valueOfRank(above, kind), between = high - low;
  // Far apart, or one of them an infinity: their difference is none that can be shared out.
  return std::isfinite(between) ? low + part * between : low * (1 - part) + high * part;
}

uint64_t millrace::discreteQuantileOf(std::span<const uint64_t> ranks, double fraction) {
  double place = std::ceil(fraction * double(ranks.size()));
  return ranks[place < 1 ? 0 : std::min(uint64_t(place), uint64_t(ranks.size())) - 1];
}

/// Each of them once, if that is asked for; `memory` holds them then.
static std::span<const uint64_t> once(std::span<const uint64_t> ranks, bool distinct, std::vector<uint64_t> &memory) {
  if (!distinct)
    return ranks;
  std::unique_copy(ranks.begin(), ranks.end(), std::back_inserter(memory));
  return memory;
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
  std::vector<uint64_t> memory;
  std::span<const uint64_t> ranks = once(numbersInOrder(table->texts, stored), distinct, memory);
  return ranks.empty() ? 0 : quantileOf(ranks, fraction, RankOf(kind));
}
extern "C" uint64_t mr_numbers_discrete(mr_table *table, mr_string stored, double fraction, bool distinct) {
  std::vector<uint64_t> memory;
  std::span<const uint64_t> ranks = once(numbersInOrder(table->texts, stored), distinct, memory);
  return ranks.empty() ? 0 : discreteQuantileOf(ranks, fraction);
}
