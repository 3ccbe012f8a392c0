//===- nexmark_model.cpp - texts of Nexmark's events ----------------------===//
#include "runtime/io/generate/nexmark_model.h"
#include "runtime/values/format.h"
#include "runtime/values/string_view.h"

using namespace millrace;
using namespace millrace::nexmark;

const char *const nexmark::kFirstNames[11] = {"Peter", "Paul",  "Luke",  "John",   "Saul",  "Vicky",
                                              "Kate",  "Julie", "Sarah", "Deiter", "Walter"};
const char *const nexmark::kLastNames[9] = {"Shultz", "Abrams", "Spencer", "White", "Bartels",
                                            "Walton", "Smith",  "Jones",   "Noris"};
const char *const nexmark::kCities[10] = {"Phoenix", "Los Angeles", "San Francisco", "Boise", "Portland",
                                          "Bend",    "Redmond",     "Seattle",       "Kent",  "Cheyenne"};
const char *const nexmark::kStates[6] = {"AZ", "CA", "ID", "OR", "WA", "WY"};

Prices::Prices() {
  for (int i = 0; i < 64; ++i) {
    coarse[i] = 100 * std::pow(10.0, 6 * (i / 64.0));
    fine[i] = std::pow(10.0, 6 * (i / 4096.0));
  }
}

char *nexmark::word(Draws &draws, char *out, uint64_t longest, char special) {
  uint64_t length = 3 + uint64_t(draws.below(longest - 3));
  char *begin = out;
  for (uint64_t i = 0; i < length; ++i) {
    char c = special;
    if (draws.below(13) != 0)
      c = char('a' + draws.below(26));
    if (c != ' ' || out != begin) // leading blanks are trimmed
      *out++ = c;
  }
  while (out != begin && out[-1] == ' ')
    --out;
  return out;
}

char *nexmark::extra(Draws &draws, char *out, int64_t size, int64_t average) {
  if (size > average)
    return out;
  int64_t wanted = average - size, delta = int64_t(std::round(0.2 * double(wanted)));
  int64_t length = wanted - delta + (delta ? draws.below(uint64_t(2 * delta)) : 0);
  for (int64_t i = 0; i < length; ++i)
    *out++ = char('a' + draws.below(26));
  return out;
}

namespace {

constexpr std::string_view kHotNames[] = {"Google", "Facebook", "Baidu", "Apple"};
constexpr uint64_t kLongestUrl = 96;

char *append(char *out, std::string_view text) {
  std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char *baseUrl(Draws &draws, char *out) {
  out = append(out, "https://www.nexmark.com/");
  for (int i = 0; i < 3; ++i)
    *(out = word(draws, out, 5, '_'))++ = '/';
  return append(out, "item.htm?query=1");
}

uint32_t reverseBits(uint32_t value) { return __builtin_bitreverse32(value); }

/// The magnitude of a number in two's complement.
uint32_t magnitude(uint32_t value) { return value >> 31 ? 0 - value : value; }

} // namespace

Channels::Channels(uint64_t seed)
    : names(kCold + kHot), urls(kCold + kHot), text(new char[(kCold + kHot) * kLongestUrl]) {
  char *out = text.get();
  for (int64_t i = 0; i < kCold + kHot; ++i) {
    Draws draws(seed, -1 - i);
    char *begin = out;
    out = baseUrl(draws, out);
    if (i < kCold) {
      char name[32];
      names[size_t(i)] = stringOf(name, uint64_t(formatI64(append(name, "channel-"), i) - name)); // at most 12 bytes
      if (draws.below(10) > 0)
        out = formatU64(append(out, "&channel_id="), magnitude(reverseBits(uint32_t(i))));
    } else {
      names[size_t(i)] = stringOf(kHotNames[i - kCold]);
    }
    urls[size_t(i)] = stringOf(begin, uint64_t(out - begin));
  }
}
