//===- surface_text.cpp - names, durations, times, guards as text -------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"
#include "dialect/import/Import.h"
#include <gtest/gtest.h>

using namespace millrace;
using namespace millrace::expr;

TEST(SurfaceText, NearMisses) {
  llvm::StringRef names[] = {"mag", "time", "net", "depth", "properties"};
  EXPECT_EQ(nearest("magn", names), "mag");
  EXPECT_EQ(nearest("dpeth", names), "depth");
  EXPECT_EQ(nearest("TIME", names), "time");
  EXPECT_EQ(nearest("propreties", names), "properties");
  EXPECT_EQ(nearest("zzz", names), "");
  EXPECT_EQ(nearest("", names), "");
}

TEST(SurfaceText, NamesThatAreNoWordsAreQuoted) {
  EXPECT_EQ(nameText("mag"), "mag");
  EXPECT_EQ(nameText("a.b"), "a.b");
  EXPECT_EQ(nameText("two words"), "\"two words\"");
  EXPECT_EQ(nameText("and"), "\"and\"");
  EXPECT_EQ(nameText("9lives"), "\"9lives\"");
  EXPECT_EQ(nameText(""), "\"\"");
  EXPECT_EQ(quoted("é\n\t\"\\\x01"), "\"é\\n\\t\\\"\\\\\\01\"");
}

TEST(SurfaceText, DurationsAreWrittenByTheirLargestUnits) {
  EXPECT_EQ(durationText(0), "0 s");
  EXPECT_EQ(durationText(5400000000), "1 h 30 min");
  EXPECT_EQ(durationText(-1), "-1 us");
  EXPECT_EQ(durationText(86400000000 + 1001), "1 d 1 ms 1 us");
  EXPECT_EQ(durationText(std::numeric_limits<int64_t>::min()), "-106751991 d 4 h 54 s 775 ms 808 us");
}

// Rule 1: RFC 3339 with a zone, microseconds, years 0000 to 9999, finer digits round down.
TEST(SurfaceText, Timestamps) {
  EXPECT_EQ(parseTimestamp("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(parseTimestamp("2018-02-03T04:05:06.789Z"), 1517630706789000);
  EXPECT_EQ(parseTimestamp("2018-02-03T05:05:06+01:00"), 1517630706000000);
  EXPECT_EQ(parseTimestamp("1969-12-31T23:59:59.9999999Z"), -1);
  EXPECT_EQ(parseTimestamp("0000-01-01T00:00:00Z"), minTimestamp);
  EXPECT_EQ(parseTimestamp("9999-12-31T23:59:59.999999Z"), maxTimestamp);
  for (const char *wrong : {"", "2018-02-03", "2018-02-03T04:05:06", "2018-02-30T00:00:00Z", "2018-02-03T24:00:00Z",
                            "2018-02-03T04:60:00Z", "2018-02-03T04:05:60Z", "2018-02-03T04:05:06.Z",
                            "2018-02-03T04:05:06Zx", "0000-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"})
    EXPECT_FALSE(parseTimestamp(wrong)) << wrong;
}

TEST(SurfaceText, TimesReadBack) {
  for (int64_t micros : {minTimestamp, maxTimestamp, int64_t(0), int64_t(-1), int64_t(1517630706789000),
                         int64_t(951782400000000), int64_t(-2203977600000001)})
    EXPECT_EQ(parseTimestamp(timestampText(micros)), micros) << timestampText(micros);
  for (int32_t days = minDate; days <= maxDate; days += 97)
    ASSERT_EQ(parseDate(dateText(days)), days) << dateText(days);
  EXPECT_EQ(parseDate(dateText(maxDate)), maxDate);
  EXPECT_EQ(timestampText(1517630706789000), "2018-02-03T04:05:06.789Z");
  EXPECT_FALSE(parseDate("1900-02-29"));
  EXPECT_TRUE(parseDate("2000-02-29"));
}

TEST(PipelineText, BracketsAreCountedOutsideTextsAndComments) {
  std::string many(maxBracketDepth + 1, '(');
  EXPECT_NE(checkPipelineText(many).message, "");
  EXPECT_EQ(checkPipelineText(many).offset, maxBracketDepth);
  EXPECT_EQ(checkPipelineText("// " + many + "\n{}").message, "");
  EXPECT_EQ(checkPipelineText("\"\\\"" + many + "\"").message, "");
  std::string wide;
  for (int i = 0; i < 10000; ++i)
    wide += "[]";
  EXPECT_EQ(checkPipelineText(wide).message, "");
  EXPECT_NE(checkPipelineText(std::string(100000, '{')).message, "");
  EXPECT_EQ(checkPipelineText("\"").message, "this text has no closing quote");
}

TEST(PipelineText, BytesThatAreNoText) {
  EXPECT_EQ(checkPipelineText("module {\xff}").offset, 8u);
  EXPECT_NE(checkPipelineText("module {\xff}").message, "");
  EXPECT_NE(checkPipelineText(llvm::StringRef("module\0{}", 9)).message, "");
  EXPECT_NE(checkPipelineText("\xef\xbb\xbfmodule {}").message, "");
  EXPECT_NE(checkPipelineText(std::string(maxPipelineBytes + 1, ' ')).message, "");
}
