//===- json_paths.cpp - every decode path gives the same answer -----------===//
//
// Rule 48: general, learned, with each vector width, in any batches: rows,
// errors, messages and places are the same.
//
//===----------------------------------------------------------------------===//
#include "test/support/decode.h"
#include "test/support/json_corpus.h"

#include <gtest/gtest.h>

using namespace millrace;
using namespace millrace::test;

namespace {

const TestSource &bids() {
  static TestSource source({{"auction", "auction", MR_I64},
                            {"bidder", "bidder", MR_U32},
                            {"price", "price", MR_I64},
                            {"channel", "channel", MR_STRING},
                            {"url", "url", MR_STRING, false, "", false},
                            {"dateTime", "date_time", MR_TIMESTAMP, false, "ms"},
                            {"extra", "extra", MR_STRING, true}},
                           5);
  return source;
}

const TestSource &quakes() {
  static TestSource source({{"mag", "properties.mag", MR_F64, true},
                            {"time", "properties.time", MR_TIMESTAMP, false, "ms"},
                            {"net", "properties.net", MR_STRING},
                            {"place", "properties.place", MR_STRING, true},
                            {"depth", "geometry.coordinates[2]", MR_F64, true},
                            {"alert", "properties.alert", MR_STRING, true},
                            {"nst", "properties.nst", MR_I16, true},
                            {"felt", "properties.felt", MR_F32, true},
                            {"none", "properties.none", MR_I64, true},
                            {"fourth", "geometry.coordinates[3]", MR_I64, true}},
                           1);
  return source;
}

/// Expects every path to answer as the general one does, and returns that answer.
Outcome agree(const TestSource &source, const std::string &text) {
  DecodeOptions general;
  general.path = DecodePath::General;
  Outcome expected = decodeJson(source, text, general);
  for (Simd simd : {Simd::Avx512, Simd::Avx2, Simd::Portable})
    for (uint32_t batch : {1u, 7u, 4096u}) {
      if (!json::hasSimd(simd))
        continue;
      DecodeOptions options;
      options.path = batch == 7 ? DecodePath::Auto : DecodePath::Learned;
      options.simd = simd;
      Outcome outcome = decodeJson(source, text, options, batch);
      EXPECT_EQ(outcome.rows, expected.rows);
      EXPECT_EQ(outcome.malformed, expected.malformed);
      EXPECT_EQ(outcome.places, expected.places);
      EXPECT_EQ(outcome.blank, expected.blank);
      if (::testing::Test::HasFailure())
        return expected;
    }
  return expected;
}

} // namespace

TEST(JsonPaths, Bids) {
  Outcome outcome = agree(bids(), bidText(5000));
  ASSERT_EQ(outcome.rows.size(), 5000u);
  EXPECT_EQ(outcome.rows[3], "1021|93|8973|\"channel-3\"|1436918400003000|\"yyy\"");
  EXPECT_TRUE(outcome.malformed.empty());
}

TEST(JsonPaths, Quakes) {
  Outcome outcome = agree(quakes(), quakeText());
  EXPECT_EQ(outcome.rows.size(), 1707u);
  EXPECT_EQ(outcome.rows[0], "0.31|1517363399650000|\"uw\"|\"37km NNE of Amboy, Washington\"|3.2799999999999998|null|7|"
                             "null|null|null");
}

TEST(JsonPaths, NoLineEndAtTheEnd) {
  std::string text = bidText(3);
  EXPECT_EQ(agree(bids(), text.substr(0, text.size() - 1)).rows.size(), 3u);
  for (size_t cut = 0; cut < 300; ++cut)
    agree(bids(), text.substr(0, text.size() - cut));
}

TEST(JsonPaths, CarriageReturnsEscapesAndOtherScripts) {
  std::string text;
  for (uint32_t i = 0; i < 200; ++i) {
    std::string line = bidLine(i);
    if (i % 3 == 1)
      line.insert(line.find("channel-"), i % 2 ? "é" : "\\u00e9");
    if (i % 50 == 49)
      line.insert(line.find("channel-"), "\xc3");
    text += line + (i % 4 ? "\n" : "\r\n") + (i % 10 ? "" : "\n");
  }
  Outcome outcome = agree(bids(), text);
  EXPECT_EQ(outcome.rows.size(), 196u);
  EXPECT_EQ(outcome.malformed.size(), 4u);
  EXPECT_EQ(outcome.blank, 20u);
}

TEST(JsonPaths, WhiteSpaceAndOtherOrders) {
  std::string text;
  for (int i = 0; i < 50; ++i) {
    text += "{\"auction\": 1, \"bidder\": 2, \"price\": 3, \"channel\": \"c\", \"date_time\": 4 }\n";
    text += "{\"date_time\":5,\"channel\":\"c\",\"price\":-7,\"bidder\":9,\"auction\":8,\"extra\":null}\n";
    text += "{\"x\":[],\"y\":{},\"z\":[[1,2],[3]],\"date_time\":5,\"channel\":\"c\",\"price\":1,\"bidder\":9,"
            "\"auction\":8}\n";
    text += "{}\n[1]\n";
  }
  EXPECT_EQ(agree(bids(), text).rows.size(), 150u);
}

TEST(JsonPaths, NumbersOfEveryForm) {
  TestSource source({{"a", "v", MR_I64, true},
                     {"b", "v", MR_F64, true},
                     {"c", "v", MR_U8, true},
                     {"d", "v", MR_F32, true},
                     {"e", "v", MR_TIMESTAMP, true, "s"},
                     {"f", "v", MR_DURATION, true, "ns"},
                     {"g", "v", MR_BOOL, true},
                     {"h", "v", MR_I8},
                     {"i", "v", MR_U64},
                     {"j", "v", MR_TIMESTAMP, true, "ns"},
                     {"k", "v", MR_TIMESTAMP, true, "ms"},
                     {"l", "v", MR_DURATION, true, "s"}});
  std::string all, digits = "12345678901234567890";
  for (const char *sign : {"", "-"})
    for (size_t whole = 0; whole <= 18; ++whole)
      for (size_t fraction = 0; fraction <= 17; ++fraction)
        for (const char *exponent : {"", "e0", "E-3", "e22"}) {
          std::string number = sign + digits.substr(0, whole) + (fraction ? "." + digits.substr(0, fraction) : "");
          all += "{\"v\":" + number + exponent + ",\"w\":" + number + "}\n";
        }
  for (const char *text : {"0",
                           "-0",
                           "00",
                           "01",
                           "-01",
                           "0.0",
                           "-0.0",
                           "0.",
                           ".0",
                           "-",
                           "--1",
                           "1-1",
                           "+1",
                           "1.2.3",
                           "..",
                           "1..2",
                           "null",
                           "nul",
                           "nullx",
                           "true",
                           "false",
                           "True",
                           "tru",
                           "9999999999999999",
                           "-9999999999999999",
                           "253402300799",
                           "253402300800",
                           "-62167219200",
                           "-62167219201",
                           "127",
                           "128",
                           "-128",
                           "-129",
                           "255",
                           "256",
                           "9223372036854",
                           "9223372036855",
                           "253402300799999",
                           "253402300800000",
                           "-62167219200000",
                           "-62167219200001",
                           "-1",
                           "-999",
                           "-1001",
                           "1 ",
                           " 1",
                           "1 1",
                           "1\t",
                           "\"1\"",
                           "[1]",
                           "{}",
                           "\"NaN\""})
    all += std::string("{\"v\":") + text + ",\"w\":" + text + "}\n";
  agree(source, all);
  for (TestField &field : source.fields) { // each alone, so that its own fast form is what is used
    TestSource alone({field});
    agree(alone, all);
    TestSource needed({{field.name, field.path, field.type, false, field.unit}});
    agree(needed, all);
  }
}

TEST(JsonPaths, TimesAsText) {
  TestSource source(
      {{"t", "t", MR_TIMESTAMP, false, "rfc3339"}, {"d", "d", MR_DATE, true}, {"p", "p", MR_DURATION, true}});
  std::string text;
  for (int i = 10; i < 60; ++i)
    text += "{\"t\":\"2015-07-15T00:00:" + std::to_string(i) + (i % 7 ? "Z" : "") + "\",\"d\":\"2015-02-" +
            std::to_string(i) + "\",\"p\":\"PT" + std::to_string(i) + "S\"}\n";
  EXPECT_EQ(agree(source, text).rows.size(), 50u);
}

TEST(JsonPaths, LinesLongerThanAWindow) {
  std::string text = bidText(10) + "{\"auction\":1,\"bidder\":2,\"price\":3,\"channel\":\"c\",\"date_time\":4,\"u\":[";
  for (int i = 0; i < 100000; ++i)
    text += "\"ab\",";
  text += "1]}\n" + bidText(2000);
  EXPECT_EQ(agree(bids(), text).rows.size(), 2011u);
  EXPECT_EQ(
      agree(bids(), bidText(10) + "{\"u\":\"" + std::string(2 << 20, 'x') + "\"}\n" + bidText(10)).malformed.size(),
      1u);
}

TEST(JsonPaths, ManyShapes) {
  std::string text;
  for (int round = 0; round < 60; ++round)
    for (int shape = 0; shape < 20; ++shape)
      text += "{\"m" + std::to_string(shape) + "\":[" + std::to_string(round) +
              "],\"auction\":1,\"bidder\":2,\"price\":3," + "\"channel\":\"c" + std::to_string(round) +
              "\",\"date_time\":4}\n";
  EXPECT_EQ(agree(bids(), text).rows.size(), 1200u);
}

TEST(JsonPaths, ChangedBids) {
  std::mt19937 random(1);
  std::string text;
  for (uint32_t i = 0; i < 6000; ++i)
    text += (i % 2 ? mutated(bidLine(i), random) : bidLine(i)) + "\n";
  Outcome outcome = agree(bids(), text);
  EXPECT_GT(outcome.malformed.size(), 1000u);
  EXPECT_GT(outcome.rows.size(), 3000u);
}

TEST(JsonPaths, ChangedQuakes) {
  std::mt19937 random(2);
  std::string text, line;
  std::istringstream lines(quakeText());
  while (std::getline(lines, line))
    text += line + "\n" + mutated(line, random) + "\n" + mutated(line, random) + "\n";
  EXPECT_GT(agree(quakes(), text).malformed.size(), 500u);
}
