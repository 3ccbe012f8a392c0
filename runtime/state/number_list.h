//===- number_list.h - numbers that a member keeps, for quantiles --------------===//
//
// Internal. A list is one kept text (strings.h) of ranks: words whose order,
// unsigned, is that of the values. All bytes zero, the empty text, is the empty
// list. Its first part is in order, and so is a short one behind it; the rest is put
// into order when it is asked for. So a number that comes between two questions
// costs the square root of how many there are, and none is moved that need not be.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_NUMBER_LIST_H
#define MILLRACE_RUNTIME_STATE_NUMBER_LIST_H

#include "runtime/state/strings.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace millrace {

/// The list with one more. Empty if memory is refused.
mr_string addNumber(StringArena &texts, mr_string stored, uint64_t rank);
/// With all of `other`. `from` is another arena, or the same.
mr_string addNumbers(StringArena &texts, mr_string stored, const StringArena &from, mr_string other);
/// A list of different numbers, behind each addition: one that is equal to the last one goes again, and where the list
/// is full, each number is left once; half of the room is free for others then.
mr_string trimNumbers(StringArena &texts, mr_string stored);
/// All of them, in order; valid until the list changes.
std::span<const uint64_t> numbersInOrder(const StringArena &texts, mr_string stored);

/// Ranks in order: what two parts, each in order, are together.
class RankView {
public:
  RankView(std::span<const uint64_t> all) : most(all) {}
  RankView(std::span<const uint64_t> most, std::span<const uint64_t> few) : most(most), few(few) {}

  uint64_t size() const { return most.size() + few.size(); }
  bool empty() const { return size() == 0; }
  /// The one that is number `place`, from 0.
  uint64_t operator[](uint64_t place) const;

private:
  std::span<const uint64_t> most, few;
};

/// The same as numbersInOrder, but for a list that is asked again and again; valid until the list changes. `distinct`:
/// of a list of different numbers, each once.
RankView ranksIn(const StringArena &texts, mr_string stored, bool distinct);

/// What a rank is the rank of.
enum class RankOf : uint32_t { Signed = 0, Unsigned = 1, Real = 2 };
double valueOfRank(uint64_t rank, RankOf kind);
/// What lies that part of the way from one value to the next greater one.
double betweenRanks(uint64_t below, uint64_t above, double part, RankOf kind);

/// `size` ranks in order, at least one, of which `at(place)` tells each. The value below which the fraction lies,
/// between the two nearest values in proportion (percentile_cont).
template <typename At> double quantileOf(uint64_t size, At at, double fraction, RankOf kind) {
  double place = fraction * double(size - 1), whole = std::floor(place), part = place - whole;
  uint64_t below = at(uint64_t(whole)), above = at(std::min(uint64_t(whole) + 1, size - 1));
  return betweenRanks(below, above, part, kind);
}
/// The first value of which at least the fraction is not greater (percentile_disc).
template <typename At> uint64_t discreteQuantileOf(uint64_t size, At at, double fraction) {
  double place = std::ceil(fraction * double(size));
  return at(place < 1 ? 0 : std::min(uint64_t(place), size) - 1);
}
double quantileOf(const RankView &ranks, double fraction, RankOf kind);
uint64_t discreteQuantileOf(const RankView &ranks, double fraction);

/// A sketch that says by and large which value has which place: exact up to 400 values, beyond that with an error of at
/// most 1 % of their number (in 99 of 100 cases), in at most 16 KiB. Z. Karnin, K. Lang, E. Liberty, Optimal quantile
/// approximation in streams (2016).
mr_string sketchNumber(StringArena &texts, mr_string stored, uint64_t rank);
mr_string sketchNumbers(StringArena &texts, mr_string stored, const StringArena &from, mr_string other);
/// The rank of a value that came; there is at least one.
uint64_t sketchedQuantile(const StringArena &texts, mr_string stored, double fraction);

} // namespace millrace

#endif
