//===- size_text_test.cpp - amounts of memory as text -------------------------===//
#include "runtime/values/size_text.h"

#include <gtest/gtest.h>

using namespace millrace;

namespace {

TEST(SizeText, NumbersWithAndWithoutUnits) {
  EXPECT_EQ(parseSize("0"), 0u);
  EXPECT_EQ(parseSize("4096"), 4096u);
  EXPECT_EQ(parseSize("64k"), 65536u);
  EXPECT_EQ(parseSize("512m"), uint64_t(512) << 20);
  EXPECT_EQ(parseSize("2G"), uint64_t(2) << 30);
  EXPECT_EQ(parseSize("18446744073709551615"), UINT64_MAX);
  EXPECT_EQ(parseSize("17179869183g"), uint64_t(17179869183) << 30);
}

TEST(SizeText, WhatIsNoSize) {
  for (const char *text :
       {"", "k", "-1", "+1", "1.5g", "1 g", "1gb", "g1", "18446744073709551616", "17179869184g", "1t"})
    EXPECT_FALSE(parseSize(text)) << text;
}

TEST(SizeText, WhatMemoryThereCanBe) {
  std::string problem;
  EXPECT_EQ(parseMemory("512m", problem), uint64_t(512) << 20);
  EXPECT_EQ(parseMemory("131072g", problem), uint64_t(1) << 47);
  EXPECT_EQ(problem, "");
  const std::pair<const char *, const char *> wrong[] = {
      {"", "expected a number of bytes, or one with k, m or g, as in 512m, found ``"},
      {"lots", "expected a number of bytes, or one with k, m or g, as in 512m, found `lots`"},
      {"1t", "expected a number of bytes, or one with k, m or g, as in 512m, found `1t`"},
      {"0", "expected more than nothing, found `0`"},
      {"1.5g", "expected a whole number, found `1.5g`; write 1536m"},
      {"0.5k", "expected a whole number, found `0.5k`; write 512"},
      {"131073g", "no machine has so much memory: found `131073g`; without the option there is no limit"},
      {"99999999999999999999999",
       "no machine has so much memory: found `99999999999999999999999`; without the option there "
       "is no limit"},
      {"99999999999999999999999m",
       "no machine has so much memory: found `99999999999999999999999m`; without the option there "
       "is no limit"}};
  for (auto [text, message] : wrong) {
    EXPECT_FALSE(parseMemory(text, problem)) << text;
    EXPECT_EQ(problem, message);
  }
}

TEST(SizeText, ThreeDigitsForPeople) {
  EXPECT_EQ(sizeText(0), "0 bytes");
  EXPECT_EQ(sizeText(1), "1 byte");
  EXPECT_EQ(sizeText(1023), "1023 bytes");
  EXPECT_EQ(sizeText(1024), "1.00 KiB");
  EXPECT_EQ(sizeText(1536), "1.50 KiB");
  EXPECT_EQ(sizeText(uint64_t(213) << 20), "213 MiB");
  EXPECT_EQ(sizeText((uint64_t(1) << 20) - 1), "1.00 MiB");
  EXPECT_EQ(sizeText(UINT64_MAX), "16.0 EiB");
}

} // namespace
