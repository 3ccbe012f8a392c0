//===- radix_sort.h - many numbers in their order --------------------------===//
//
// Internal. Positions and times that come by the thousand lie close together: they
// differ in few digits, and each digit costs one pass.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_RADIX_SORT_H
#define MILLRACE_RUNTIME_STATE_RADIX_SORT_H

#include "runtime/state/state_vector.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace millrace {

/// Puts numbers in ascending order. `from`: the bits below it are in order already, among those that are alike above.
inline void sortNumbers(StateVector<uint64_t> &numbers, uint32_t from = 0) {
  constexpr size_t kFew = 64, kMany = 1024;
  constexpr uint32_t kLargest = 11, kMostPasses = 4;
  uint64_t differing = 0;
  bool ordered = true;
  for (size_t i = 1; i < numbers.size(); ++i) {
    differing |= numbers[i] ^ numbers[0];
    ordered &= numbers[i - 1] <= numbers[i];
  }
  if (ordered)
    return;
  const uint32_t bits = numbers.size() < kMany ? 8 : kLargest; // of a digit
  uint32_t end = 64 - uint32_t(__builtin_clzll(differing));
  if (numbers.size() < kFew || end > from + kMostPasses * bits) {
    std::sort(numbers.begin(), numbers.end());
    return;
  }
  StateVector<uint64_t> other(numbers.size(), numbers.get_allocator());
  for (; from < end; from += bits) {
    std::array<uint32_t, 1 << kLargest> places;
    std::fill_n(places.begin(), 1 << bits, 0);
    auto digit = [&](uint64_t number) { return number >> from & ((uint64_t(1) << bits) - 1); };
    for (uint64_t number : numbers)
      ++places[digit(number)];
    uint32_t before = 0;
    for (uint32_t i = 0; i < 1u << bits; ++i) {
      uint32_t here = places[i];
      places[i] = before;
      before += here;
    }
    for (uint64_t number : numbers)
      other[places[digit(number)]++] = number;
    numbers.swap(other);
  }
}

/// The same, each once.
inline void sortUnique(StateVector<uint64_t> &numbers) {
  sortNumbers(numbers);
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
}

} // namespace millrace

#endif
