//===- radix_sort_test.cpp - numbers in their order, however many and far apart ----===//
#include "runtime/state/radix_sort.h"
#include "state_tables.h"

#include <gtest/gtest.h>
#include <random>

using namespace millrace;

namespace {

class RadixSort : public testing::Test {
protected:
  CountingMemory memory;
  StateAccount account{memory, "test"};
};

TEST_F(RadixSort, AsTheLibrarySorts) {
  std::mt19937_64 random(7);
  for (size_t count : {0, 1, 2, 63, 64, 65, 300, 1023, 1024, 5000, 70'000})
    for (uint32_t bits : {1, 7, 8, 9, 11, 12, 22, 31, 33, 44, 45, 63, 64}) {
      StateVector<uint64_t> numbers(account);
      for (size_t i = 0; i < count; ++i)
        numbers.push_back(random() >> (64 - bits));
      StateVector<uint64_t> right = numbers;
      std::sort(right.begin(), right.end());
      sortNumbers(numbers);
      EXPECT_EQ(numbers, right) << count << " of " << bits << " bits";
    }
}

TEST_F(RadixSort, WhatIsAlikeAboveStaysInItsOrder) {
  std::mt19937_64 random(8);
  for (size_t count : {10, 500, 9000})
    for (uint32_t bits : {3, 20, 44}) {
      StateVector<uint64_t> numbers(account);
      for (size_t i = 0; i < count; ++i)
        numbers.push_back((random() >> (64 - bits)) << 20 | i);
      StateVector<uint64_t> right = numbers;
      std::sort(right.begin(), right.end());
      sortNumbers(numbers, 20);
      EXPECT_EQ(numbers, right) << count << " of " << bits << " bits";
    }
}

} // namespace
