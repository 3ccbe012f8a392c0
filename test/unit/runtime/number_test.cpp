//===- number_test.cpp - numbers as values, text and keys -----------------===//
#include "arena_task.h"
#include "runtime/values/format.h"
#include "runtime/values/parse.h"

#include <bit>
#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <vector>

using namespace millrace;

namespace {

constexpr double kInf = std::numeric_limits<double>::infinity(), kNaN = std::numeric_limits<double>::quiet_NaN();

std::string formatted(double value) {
  char text[kMaxFormat];
  return std::string(text, formatF64(text, value));
}
std::string formatted32(float value) {
  char text[kMaxFormat];
  return std::string(text, formatF32(text, value));
}

/// The integer, or how the parse ended.
std::string integer(std::string_view text, mr_type type) {
  uint64_t bits;
  switch (parseInteger(text, type, bits)) {
  case Parse::Ok:
    return type <= MR_I64 ? std::to_string(int64_t(bits)) : std::to_string(bits);
  case Parse::Syntax:
    return "syntax";
  case Parse::Range:
    return "range";
  case Parse::Fraction:
    return "fraction";
  }
  return "";
}

TEST(Number, Rule26KeysHaveOneNaNAndOneZero) {
  EXPECT_EQ(mr_key_f64(-0.0), mr_key_f64(0.0));
  EXPECT_EQ(mr_key_f64(kNaN), mr_key_f64(-kNaN));
  EXPECT_EQ(mr_key_f64(std::bit_cast<double>(0x7ff0000000000001u)), mr_key_f64(kNaN));
  for (double x : {1.5, -1.5, kInf, -kInf, 5e-324, 1.7976931348623157e308})
    EXPECT_EQ(mr_key_f64(x), std::bit_cast<uint64_t>(x));
}

/// The variance of values, as a window keeps them: exact sum, exact sum of squares.
double variance(const std::vector<__int128> &values, bool sample) {
  uint64_t sum[2] = {}, squares[3] = {};
  auto add = [](uint64_t *words, int count, unsigned __int128 value, uint64_t above) {
    unsigned __int128 carry = 0;
    uint64_t parts[3] = {uint64_t(value), uint64_t(value >> 64), above};
    for (int i = 0; i < count; ++i) {
      carry += (unsigned __int128)words[i] + parts[i];
      words[i] = uint64_t(carry);
      carry >>= 64;
    }
  };
  for (__int128 value : values) {
    add(sum, 2, (unsigned __int128)value, 0);
    add(squares, 3, (unsigned __int128)value * (unsigned __int128)value, 0);
  }
  return mr_variance(values.size(), sum, squares, sample);
}

TEST(Number, Rule25VarianceIsExactAndRoundedOnce) {
  EXPECT_EQ(variance({1, 2, 3, 4}, false), 1.25);
  EXPECT_EQ(variance({1, 2, 3, 4}, true), 5.0 / 3);
  EXPECT_EQ(variance({-7}, false), 0.0);
  EXPECT_EQ(variance({-7}, true), 0.0); // of no meaning: the caller gives null
  EXPECT_EQ(variance({}, false), 0.0);
  EXPECT_EQ(variance({5, 5, 5}, true), 0.0);
  __int128 big = __int128(1) << 53;
  EXPECT_EQ(variance({big + 1, big + 3}, false), 1.0);
  EXPECT_EQ(variance({-big - 1, -big - 3, -big - 1, -big - 3}, false), 1.0);
  EXPECT_EQ(variance({INT64_MIN, INT64_MAX}, false), 0x1p126);
  EXPECT_EQ(variance({INT64_MIN, INT64_MAX}, true), 0x1p127);
  EXPECT_EQ(variance({0, UINT64_MAX}, false), 0x1p126);
  // (2^32 + 1)^2 * 2/9 of three values: 2^65 / 9 + ..., against the same in long double.
  EXPECT_EQ(variance({0, 0, (__int128(1) << 32) + 1}, false), double((0x1p32L + 1) * (0x1p32L + 1) * 2 / 9));
  // Many: n - 1 and n beyond what one word divides by.
  std::vector<__int128> many;
  for (int i = 0; i < 100000; ++i)
    many.push_back(i % 2 ? INT64_MAX : INT64_MAX - 2);
  EXPECT_EQ(variance(many, false), 1.0);
  EXPECT_EQ(variance(many, true), 100000.0 / 99999);
}

TEST(Number, Rule25AverageIsRoundedOnce) {
  auto average = [](__int128 sum, int64_t count) { return mr_average(uint64_t(sum), int64_t(sum >> 64), count); };
  EXPECT_EQ(average(0, 3), 0.0);
  EXPECT_EQ(average(1, 3), 1.0 / 3);
  EXPECT_EQ(average(-1, 3), -1.0 / 3);
  EXPECT_EQ(average(-7, 2), -3.5);
  // 2^53 + 1 is between two doubles: to even; a little more than it: up. Dividing a rounded sum would lose that.
  EXPECT_EQ(average((__int128(1) << 53) + 1, 1), 0x1p53);
  EXPECT_EQ(average(((__int128(1) << 53) + 1) * 3, 3), 0x1p53);
  EXPECT_EQ(average(((__int128(1) << 53) + 1) * 3 + 1, 3), 0x1p53 + 2);
  EXPECT_EQ(average(-(((__int128(1) << 53) + 1) * 3 + 1), 3), -(0x1p53 + 2));
  __int128 greatest = __int128(~(unsigned __int128)0 >> 1);
  EXPECT_EQ(average(greatest, 1), 0x1p127);
  EXPECT_EQ(average(-greatest - 1, 1), -0x1p127);
  EXPECT_EQ(average(1, INT64_MAX), 0x1p-63);
  EXPECT_EQ(average(greatest, INT64_MAX), 0x1p64);
}

/// Is `value` the double nearest to sum / count? Compares exactly with both neighbours, for sums below 2^60.
TEST(Number, Rule25AverageIsNearest) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 100000; ++i) {
    int64_t sum = int64_t(random() >> (random() % 60)), count = int64_t((random() >> (1 + random() % 60)) | 1);
    double value = mr_average(uint64_t(sum), sum >> 63, count);
    long double exact = (long double)sum / (long double)count; // 64 bits: enough to tell, but for near-ties
    long double error = std::fabs(exact - value);
    long double step = std::nextafter(std::fabs(value), kInf) - std::fabs(value);
    ASSERT_LE(error, step / 2 * (1 + 1e-3L)) << sum << " / " << count;
  }
}

TEST(Number, Rule48IntegersByTheirExactValue) {
  EXPECT_EQ(integer("0", MR_I64), "0");
  EXPECT_EQ(integer("-0", MR_I64), "0");
  EXPECT_EQ(integer("-0", MR_U8), "0");
  EXPECT_EQ(integer("-0.00e5", MR_U8), "0");
  EXPECT_EQ(integer("1.0", MR_I8), "1");
  EXPECT_EQ(integer("1e3", MR_I16), "1000");
  EXPECT_EQ(integer("1E+3", MR_I16), "1000");
  EXPECT_EQ(integer("12.50e1", MR_I8), "125");
  EXPECT_EQ(integer("1200e-2", MR_I8), "12");
  EXPECT_EQ(integer("1.5", MR_I8), "fraction");
  EXPECT_EQ(integer("1e-1", MR_I8), "fraction");
  EXPECT_EQ(integer("1e-99999999999999999999999", MR_I8), "fraction");
  EXPECT_EQ(integer("0e99999999999999999999999", MR_I8), "0");
  EXPECT_EQ(integer("1e99999999999999999999999", MR_I64), "range");
  EXPECT_EQ(integer("0.0000000000000000000000000000001e31", MR_I8), "1");
  EXPECT_EQ(integer("10000000000000000000000000000000e-31", MR_I8), "1");
  for (std::string_view bad : {"", "-", "+1", "01", "-01", "1.", ".5", "1e", "1e+", " 1", "1 ", "0x1", "1_000", "1,000",
                               "NaN", "--1", "1e5.0"})
    EXPECT_EQ(integer(bad, MR_I64), "syntax") << bad;
}

TEST(Number, Rule48IntegersAtTheEndsOfTheirTypes) {
  struct {
    mr_type type;
    const char *least, *below, *greatest, *above;
  } ends[] = {
      {MR_I8, "-128", "-129", "127", "128"},
      {MR_I16, "-32768", "-32769", "32767", "32768"},
      {MR_I32, "-2147483648", "-2147483649", "2147483647", "2147483648"},
      {MR_I64, "-9223372036854775808", "-9223372036854775809", "9223372036854775807", "9223372036854775808"},
      {MR_U8, "0", "-1", "255", "256"},
      {MR_U16, "0", "-1", "65535", "65536"},
      {MR_U32, "0", "-1", "4294967295", "4294967296"},
      {MR_U64, "0", "-1", "18446744073709551615", "18446744073709551616"},
  };
  for (auto &end : ends) {
    EXPECT_EQ(integer(end.least, end.type), end.least);
    EXPECT_EQ(integer(end.greatest, end.type), end.greatest);
    EXPECT_EQ(integer(end.below, end.type), "range");
    EXPECT_EQ(integer(end.above, end.type), "range");
  }
}

TEST(Number, Rule48FloatsAreRoundedCorrectlyOrOutOfRange) {
  double value;
  float single;
  EXPECT_EQ(parseF64("0.1", value, false), Parse::Ok);
  EXPECT_EQ(value, 0.1);
  EXPECT_EQ(parseF64("1.7976931348623157e308", value, false), Parse::Ok);
  EXPECT_EQ(parseF64("1e999", value, false), Parse::Range);
  EXPECT_EQ(parseF64("-1e999", value, false), Parse::Range);
  EXPECT_EQ(parseF64("1e-999", value, false), Parse::Ok);
  EXPECT_EQ(value, 0.0);
  EXPECT_EQ(parseF64("9007199254740993", value, false), Parse::Ok);
  EXPECT_EQ(value, 9007199254740992.0);
  EXPECT_EQ(parseF64("9007199254740993.00000000000000000000000000000001", value, false), Parse::Ok);
  EXPECT_EQ(value, 9007199254740994.0);
  EXPECT_EQ(parseF32("3.5e38", single, false), Parse::Range);
  // Halfway between two floats, plus a little: by way of f64 it would be rounded twice, to even.
  EXPECT_EQ(parseF32("1.00000005960464477540", single, false), Parse::Ok);
  EXPECT_EQ(single, 0x1.000002p0f);
  EXPECT_EQ(parseF64("NaN", value, false), Parse::Syntax);
  EXPECT_EQ(parseF64("NaN", value, true), Parse::Ok);
  EXPECT_TRUE(std::isnan(value));
  EXPECT_EQ(parseF64("-Infinity", value, true), Parse::Ok);
  EXPECT_EQ(value, -kInf);
  for (std::string_view bad :
       {"", "inf", "nan", "infinity", "+Infinity", "1.", ".1", "+1", "01.5", "1e", "0x1p3", "1f", " 1"})
    EXPECT_EQ(parseF64(bad, value, true), Parse::Syntax) << bad;
}

TEST(Number, Rule50FloatsInTheirShortestForm) {
  EXPECT_EQ(formatted(-0.0), "0");
  EXPECT_EQ(formatted(5), "5");
  EXPECT_EQ(formatted(-100000), "-100000");
  EXPECT_EQ(formatted(0.1), "0.1");
  EXPECT_EQ(formatted(4.75), "4.75");
  EXPECT_EQ(formatted(1e-6), "0.000001");
  EXPECT_EQ(formatted(1.25e-7), "1.25e-7");
  EXPECT_EQ(formatted(123456789012345680000.0), "123456789012345680000");
  EXPECT_EQ(formatted(1e21), "1e+21");
  EXPECT_EQ(formatted(-1.5e300), "-1.5e+300");
  EXPECT_EQ(formatted(5e-324), "5e-324");
  EXPECT_EQ(formatted(1.7976931348623157e308), "1.7976931348623157e+308");
  EXPECT_EQ(formatted(9007199254740993.0), "9007199254740992");
  EXPECT_EQ(formatted(kNaN), "NaN");
  EXPECT_EQ(formatted(-kNaN), "NaN");
  EXPECT_EQ(formatted(kInf), "Infinity");
  EXPECT_EQ(formatted(-kInf), "-Infinity");
  EXPECT_EQ(formatted32(0.1f), "0.1");
  EXPECT_EQ(formatted32(16777216.0f), "16777216");
  EXPECT_EQ(formatted32(3.4028235e38f), "3.4028235e+38");
}

TEST(Number, Rule50FloatsAreReadBack) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 200000; ++i) {
    double value = std::bit_cast<double>(random()), back = 0;
    if (!std::isfinite(value))
      continue;
    if (i % 2) // mostly everyday numbers
      value = double(int64_t(random() >> (random() % 64))) / double(1 + random() % 1000);
    std::string text = formatted(value);
    ASSERT_LT(text.size(), kMaxFormat);
    ASSERT_EQ(parseF64(text, back, false), Parse::Ok) << text;
    ASSERT_EQ(back, value) << text;
    float single = std::bit_cast<float>(uint32_t(random())), back32 = 0;
    if (!std::isfinite(single))
      continue;
    ASSERT_EQ(parseF32(formatted32(single), back32, false), Parse::Ok);
    ASSERT_EQ(back32, single) << formatted32(single);
  }
}

TEST(Number, ParseAndFormatOfEveryType) {
  ArenaTask task;
  struct {
    mr_type type;
    const char *text;
    uint64_t bits;
  } cases[] = {
      {MR_BOOL, "true", 1},
      {MR_BOOL, "false", 0},
      {MR_I8, "-128", uint64_t(-128)},
      {MR_I64, "-9223372036854775808", uint64_t(INT64_MIN)},
      {MR_U64, "18446744073709551615", ~uint64_t(0)},
      {MR_F32, "-1.5", std::bit_cast<uint32_t>(-1.5f)},
      {MR_F64, "2.5", std::bit_cast<uint64_t>(2.5)},
      {MR_TIMESTAMP, "1969-12-31T23:59:59.999999Z", uint64_t(-1)},
      {MR_DURATION, "-PT0.000001S", uint64_t(-1)},
      {MR_DATE, "1969-12-31", uint64_t(-1)},
  };
  for (auto &c : cases) {
    mr_result parsed = mr_parse(str(c.text), c.type);
    EXPECT_EQ(parsed.kind, 0u) << c.text;
    EXPECT_EQ(parsed.value, c.bits) << c.text;
    EXPECT_EQ(text(mr_format(&task, c.bits, c.type)), c.text);
  }
  for (mr_type type : {MR_BOOL, MR_I8, MR_U64, MR_F32, MR_F64, MR_TIMESTAMP, MR_DURATION, MR_DATE})
    for (std::string_view bad : {"", " ", "x", "True", "1 ", "9e999"})
      EXPECT_EQ(mr_parse(str(bad), type).kind, 1u + MR_BAD_CAST) << bad;
}

} // namespace
