//===- json_index.cpp - stage 1 in all its forms, and UTF-8 ---------------===//
#include "runtime/io/json/index.h"
#include "runtime/io/json/utf8.h"

#include <gtest/gtest.h>
#include <random>

using namespace millrace;
using namespace millrace::json;

namespace {

/// What the index of `text` must be, byte by byte.
void expectIndex(const std::string &text, Simd simd) {
  std::string padded = std::string(64, '"') + text + std::string(64, '\\');
  TextIndex index;
  pickIndex(simd)(reinterpret_cast<const uint8_t *>(padded.data()) + 64, uint32_t(text.size()), index);
  std::vector<uint32_t> positions, special, high, foundSpecial, foundHigh;
  for (uint32_t i = 0; i < text.size(); ++i) {
    uint8_t c = uint8_t(text[i]);
    if (c == '"' || c == '\n')
      positions.push_back(i);
    if (c == '\\' || (c < 0x20 && c != '\n'))
      special.push_back(i);
    if (c >= 0x80)
      high.push_back(i);
  }
  for (uint32_t i = 0; i < index.careCount; ++i)
    for (uint32_t bit = 0; bit < 64; ++bit) {
      if (index.care[i].special >> bit & 1)
        foundSpecial.push_back(index.care[i].base + bit);
      if (index.care[i].high >> bit & 1)
        foundHigh.push_back(index.care[i].base + bit);
    }
  EXPECT_EQ(std::vector<uint32_t>(&index.positions[0], &index.positions[index.count]), positions);
  EXPECT_EQ(foundSpecial, special);
  EXPECT_EQ(foundHigh, high);
  for (uint32_t i = 0; i < MR_JSON_POSITIONS; ++i)
    EXPECT_EQ(index.positions[index.count + i], UINT32_MAX);
}

} // namespace

TEST(JsonIndex, AllFormsFindTheSame) {
  std::mt19937 random(5);
  const std::string rare = "abc,:{}1234567890", dense = "\"\"\"\n\\\t\x7f\x80\xff\x1f a";
  for (Simd simd : {Simd::Portable, Simd::Avx2, Simd::Avx512}) {
    if (!hasSimd(simd))
      continue;
    for (size_t size : {0, 1, 63, 64, 65, 127, 128, 1000, 4096}) {
      std::string sparse, full, any;
      for (size_t i = 0; i < size; ++i) {
        sparse += random() % 20 ? rare[random() % rare.size()] : dense[random() % dense.size()];
        full += dense[random() % dense.size()];
        any += char(random());
      }
      expectIndex(sparse, simd);
      expectIndex(full, simd);
      expectIndex(any, simd);
      expectIndex(std::string(size, '"'), simd);
    }
  }
}

TEST(JsonIndex, AFullWindow) {
  for (Simd simd : {Simd::Avx2, Simd::Avx512})
    if (hasSimd(simd))
      expectIndex(std::string(windowSize, '\n'), simd);
}

/// Every string of up to four bytes from those where the rules change, against the definition by code points.
TEST(JsonUtf8, EveryShortSequence) {
  const std::vector<uint8_t> bytes = {0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf,
                                      0xe0, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf3, 0xf4, 0xf5, 0xff};
  auto isSequence = [](const std::vector<uint8_t> &b, size_t at, size_t length) {
    if (at + length > b.size())
      return false;
    uint32_t code = length == 1 ? b[at] : b[at] & (0x7f >> length);
    uint8_t lead = length == 1 ? 0 : uint8_t(0xf00 >> length);
    if (length == 1 ? b[at] >= 0x80 : (b[at] & uint8_t(0xf80 >> length)) != lead)
      return false;
    for (size_t i = 1; i < length; ++i) {
      if ((b[at + i] & 0xc0) != 0x80)
        return false;
      code = code << 6 | (b[at + i] & 0x3f);
    }
    const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    return code >= least[length] && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  };
  std::vector<uint8_t> text;
  auto check = [&] {
    size_t at = 0;
    while (at < text.size()) {
      size_t length = 1;
      while (length <= 4 && !isSequence(text, at, length))
        ++length;
      if (length > 4)
        break;
      at += length;
    }
    ASSERT_EQ(invalidUtf8(text.data(), text.size()), at);
  };
  for (uint8_t a : bytes)
    for (uint8_t b : bytes)
      for (uint8_t c : bytes)
        for (uint8_t d : bytes) {
          text = {a, b, c, d};
          check();
          text.pop_back();
          check();
        }
}
