//===- string_test.cpp - strings of the library (rule 44) -----------------===//
#include "arena_task.h"

#include <gtest/gtest.h>
#include <random>

using namespace millrace;

namespace {

/// Texts around the border between in place and out of place, some with equal beginnings.
std::vector<std::string> samples() {
  std::vector<std::string> all = {"", "a", "b", std::string("a\0", 2), "née", "ß", "日本語", "\x7f", "\xc2\x80"};
  for (size_t n : {3, 4, 5, 11, 12, 13, 14, 20, 40})
    for (std::string base :
         {"abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "abcdXfghijklYnopqrstuvwxyzabcdefghijklmnopq"}) {
      all.push_back(base.substr(0, n));
      all.push_back(base.substr(0, n - 1) + "\xff");
      all.push_back(base.substr(0, n - 1) + std::string(1, '\0'));
    }
  return all;
}

int sign(int x) { return (x > 0) - (x < 0); }

TEST(String, Rule44EqualAndOrderByBytes) {
  for (const std::string &a : samples())
    for (const std::string &b : samples()) {
      EXPECT_EQ(mr_string_equal(str(a), str(b)), a == b) << a << " " << b;
      EXPECT_EQ(sign(mr_string_compare(str(a), str(b))), sign(a.compare(b))) << a << " " << b;
    }
}

TEST(String, Rule44LengthCountsCodePoints) {
  EXPECT_EQ(mr_string_length(str("")), 0);
  EXPECT_EQ(mr_string_length(str("née")), 3);
  EXPECT_EQ(mr_string_length(str("日本語 and 𝄞")), 9);
  std::string many;
  for (int i = 0; i < 1000; ++i)
    many += "é";
  EXPECT_EQ(mr_string_length(str(many)), 1000);
}

TEST(String, ConcatCrossesTheBorderOfInPlace) {
  ArenaTask task;
  for (const std::string &a : samples())
    for (const std::string &b : samples()) {
      ArenaTask small(256);
      mr_string joined = mr_string_concat(&small, str(a), str(b));
      EXPECT_EQ(text(joined), a + b);
      EXPECT_TRUE(mr_string_equal(joined, str(a + b)));
    }
}

TEST(String, ContainsStartsEnds) {
  std::string text = "the quick brown fox";
  EXPECT_TRUE(mr_string_contains(str(text), str("quick")));
  EXPECT_TRUE(mr_string_contains(str(text), str("x")));
  EXPECT_TRUE(mr_string_contains(str(text), str("")));
  EXPECT_TRUE(mr_string_contains(str(""), str("")));
  EXPECT_FALSE(mr_string_contains(str(text), str("quicker")));
  EXPECT_FALSE(mr_string_contains(str("fox"), str(text)));
  EXPECT_TRUE(mr_string_starts_with(str(text), str("the quick bro")));
  EXPECT_FALSE(mr_string_starts_with(str("the"), str("the ")));
  EXPECT_TRUE(mr_string_ends_with(str(text), str("ick brown fox")));
  EXPECT_FALSE(mr_string_ends_with(str(text), str("f0x")));
  EXPECT_TRUE(mr_string_ends_with(str(text), str("")));
}

TEST(String, Rule44PositionCountsCodePointsFromOne) {
  EXPECT_EQ(mr_string_position(str("stream"), str("r")), 3);
  EXPECT_EQ(mr_string_position(str("née à Köln"), str("Köln")), 7);
  EXPECT_EQ(mr_string_position(str("stream"), str("z")), 0);
  EXPECT_EQ(mr_string_position(str("stream"), str("")), 1);
  EXPECT_EQ(mr_string_position(str(""), str("a")), 0);
}

TEST(String, Rule46SubstringIsTotal) {
  ArenaTask task;
  auto sub = [&](std::string_view s, int64_t start, int64_t count) {
    return text(mr_string_substring(&task, str(s), start, count));
  };
  EXPECT_EQ(sub("stream", 2, 3), "tre");
  EXPECT_EQ(sub("née à Köln", 2, 4), "ée à");
  EXPECT_EQ(sub("stream", 1, INT64_MAX), "stream");
  EXPECT_EQ(sub("stream", 3, INT64_MAX), "ream");
  EXPECT_EQ(sub("stream", 7, 1), "");
  EXPECT_EQ(sub("stream", INT64_MAX, INT64_MAX), "");
  EXPECT_EQ(sub("stream", 0, 2), "s") << "position 0 is before the string";
  EXPECT_EQ(sub("stream", -1, 3), "s");
  EXPECT_EQ(sub("stream", INT64_MIN, INT64_MAX), "");
  EXPECT_EQ(sub("stream", INT64_MIN, -1), "");
  EXPECT_EQ(sub("stream", 2, 0), "");
  EXPECT_EQ(sub("stream", 2, -5), "");
  EXPECT_EQ(sub("", 1, 5), "");
  std::string whole = "abcdefghijklmnopqrstuvwxyz";
  EXPECT_EQ(sub(whole, 3, 20), whole.substr(2, 20));
}

TEST(String, SplitGivesAllParts) {
  ArenaTask task;
  auto split = [&](std::string_view s, std::string_view separator) {
    mr_string source = str(s);
    mr_list list = mr_string_split(&task, source, str(separator));
    std::vector<std::string> parts;
    for (uint64_t i = 0; i < list.count; ++i)
      parts.push_back(text(reinterpret_cast<const mr_string *>(list.elements)[i]));
    return parts;
  };
  using Parts = std::vector<std::string>;
  EXPECT_EQ(split("a,b", ","), (Parts{"a", "b"}));
  EXPECT_EQ(split("", ","), (Parts{""}));
  EXPECT_EQ(split(",", ","), (Parts{"", ""}));
  EXPECT_EQ(split("a,,b,", ","), (Parts{"a", "", "b", ""}));
  EXPECT_EQ(split("a--b-c", "--"), (Parts{"a", "b-c"}));
  EXPECT_EQ(split("aaa", "aa"), (Parts{"", "a"}));
  EXPECT_EQ(split("abc", ""), (Parts{"abc"}));
  EXPECT_EQ(split("a long part before|another long part|", "|"),
            (Parts{"a long part before", "another long part", ""}));
}

TEST(String, SplitPartAgreesWithSplit) {
  ArenaTask task;
  for (std::string s : {"", ",", "a", "a,b", "a,,b,", "one rather long part,two rather long parts,3"})
    for (std::string separator : {",", "", ",,", "a"}) {
      mr_list list = mr_string_split(&task, str(s), str(separator));
      for (int64_t n = -1; n <= int64_t(list.count) + 2; ++n) {
        bool inside = n >= 1 && n <= int64_t(list.count);
        std::string expected = inside ? text(reinterpret_cast<const mr_string *>(list.elements)[n - 1]) : "";
        EXPECT_EQ(text(mr_string_split_part(&task, str(s), str(separator), n)), expected) << s << n;
      }
    }
}

TEST(String, CaseOfUnicodeIsSimpleMapping) {
  ArenaTask task;
  auto lower = [&](std::string_view s) { return text(mr_string_lower(&task, str(s))); };
  auto upper = [&](std::string_view s) { return text(mr_string_upper(&task, str(s))); };
  EXPECT_EQ(lower("AbZ[@`{ 09"), "abz[@`{ 09");
  EXPECT_EQ(upper("AbZ[@`{ 09"), "ABZ[@`{ 09");
  EXPECT_EQ(lower("ÀÉÎ ΣΑΣ ЖЯ"), "àéî σασ жя");
  EXPECT_EQ(upper("àéî ς жя"), "ÀÉÎ Σ ЖЯ");
  EXPECT_EQ(upper("straße"), "STRAßE") << "one code point stays one";
  EXPECT_EQ(upper("ɐ"), "Ɐ") << "two bytes become three";
  EXPECT_EQ(lower("KELVIN K"), "kelvin k") << "three bytes become one";
  std::string growing;
  for (int i = 0; i < 100; ++i)
    growing += "ɐ";
  EXPECT_EQ(mr_string_length(mr_string_upper(&task, str(growing))), 100);
  EXPECT_EQ(lower("日本"), "日本");
}

TEST(String, TrimTakesUnicodeWhiteSpace) {
  ArenaTask task;
  auto trim = [&](std::string_view s) { return text(mr_string_trim(&task, str(s))); };
  EXPECT_EQ(trim(" a b "), "a b");
  EXPECT_EQ(trim("\t\r\n\v\f x"), "x");
  EXPECT_EQ(trim("\u00a0\u2003x\u3000\u2028"), "x");
  EXPECT_EQ(trim(" \u3000 "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("é"), "é");
  EXPECT_EQ(trim("\u200bx"), "\u200bx") << "a zero-width space is none";
  EXPECT_EQ(trim("   twenty and more letters   "), "twenty and more letters");
}

TEST(String, Rule48ValidUtf8) {
  auto valid = [](std::string_view s) { return mr_string_valid(str(s)); };
  EXPECT_TRUE(valid(""));
  EXPECT_TRUE(valid("plain and long enough for words"));
  EXPECT_TRUE(valid("\x7f\u0080\u07ff\u0800\ue000\uffff\U00010000\U0010ffff"));
  for (std::string_view bad :
       {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xe2\x82",
        "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xf0\x9f\x98"}) {
    EXPECT_FALSE(valid(bad));
    EXPECT_FALSE(valid("eight by" + std::string(bad)));
    EXPECT_FALSE(valid(std::string(bad) + "eight by"));
  }
}

} // namespace
