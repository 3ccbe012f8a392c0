//===- json_generated.cpp - generated decoders give the same answer -------===//
//
// Rule 48, as json_paths.cpp, for decoders that were generated from samples.
//
//===----------------------------------------------------------------------===//
#include "test/support/generated.h"
#include "test/support/json_corpus.h"

#include <gtest/gtest.h>

using namespace millrace;
using namespace millrace::test;

namespace {

Outcome agree(const mr_source_desc &source, const std::string &text) {
  Outcome expected = decodeBy(ways[0], source, text);
  for (const Way &way : ways) {
    Outcome outcome = decodeBy(way, source, text);
    EXPECT_EQ(outcome.rows, expected.rows);
    EXPECT_EQ(outcome.malformed, expected.malformed);
    EXPECT_EQ(outcome.places, expected.places);
    EXPECT_EQ(outcome.blank, expected.blank);
  }
  return expected;
}

} // namespace

TEST(JsonGenerated, DecodersAreThere) {
  EXPECT_EQ(generatedSource("decode_bids").num_shapes, 2u);
  EXPECT_GE(generatedSource("decode_quakes").num_shapes, 1u);
}

/// A generated decoder that answered nothing would pass all other tests, by the general path.
TEST(JsonGenerated, TheyDecodeTheirLines) {
  const mr_source_desc &source = generatedSource("decode_bids");
  std::string text = std::string(64, ' ') + bidText(3) + std::string(64, ' ');
  std::vector<uint32_t> positions;
  for (size_t i = 64; i < text.size(); ++i)
    if (text[i] == '"' || text[i] == '\n')
      positions.push_back(uint32_t(i - 64));
  positions.resize(positions.size() + MR_JSON_POSITIONS, UINT32_MAX);
  std::vector<std::vector<uint8_t>> memory(2 * source.num_fields, std::vector<uint8_t>(256));
  std::vector<mr_column> columns;
  for (uint32_t i = 0; i < source.num_fields; ++i)
    columns.push_back({memory[2 * i].data(), memory[2 * i + 1].data()});
  uint32_t offsets[4] = {}, lengths[4] = {};
  mr_json_lines lines = {reinterpret_cast<const uint8_t *>(text.data()) + 64,
                         positions.data(),
                         0,
                         UINT32_MAX,
                         0,
                         4,
                         columns.data(),
                         offsets,
                         lengths,
                         100};
  source.shapes[0].decode(&lines);
  EXPECT_EQ(lines.row, 3u);
  EXPECT_EQ(offsets[0], 100u);
  EXPECT_EQ(lengths[0], bidLine(0).size());
}

TEST(JsonGenerated, Bids) {
  const mr_source_desc &source = generatedSource("decode_bids");
  Outcome outcome = agree(source, bidText(5000));
  EXPECT_EQ(outcome.rows.size(), 5000u);
  EXPECT_EQ(outcome.rows[3], "1021|93|8973|\"channel-3\"|1436918400003000|\"yyy\"|null|null");
}

TEST(JsonGenerated, Lists) {
  const mr_source_desc &source = generatedSource("decode_bids");
  std::string text;
  for (const char *list :
       {"1, 2.5", "1,2.5", "1, 2, 3", "1", "", "null, true", "-, 1", "12345678901234567890, 1e5", "1 , 2"})
    for (const char *note : {"null", "1.5", "-0.25", "true", "1e400", "12345678901234567890"})
      for (const char *flag : {"true", "false", "null", "fals", "0"})
        text += std::string(
                    "{\"auction\": 1, \"bidder\": 2, \"price\": 3, \"channel\": \"c\", \"date_time\": 4, \"list\": [") +
                list + "], \"note\": " + note + ", \"flag\": " + flag + " }\n";
  EXPECT_GT(agree(source, text).rows.size(), 50u);
}

TEST(JsonGenerated, Quakes) { EXPECT_EQ(agree(generatedSource("decode_quakes"), quakeText()).rows.size(), 1707u); }

TEST(JsonGenerated, ChangedLines) {
  std::mt19937 random(3);
  std::string bids, quakes, line;
  for (uint32_t i = 0; i < 3000; ++i)
    bids += (i % 2 ? mutated(bidLine(i), random) : bidLine(i)) + "\n";
  agree(generatedSource("decode_bids"), bids);
  std::istringstream lines(quakeText());
  while (std::getline(lines, line))
    quakes += line + "\n" + mutated(line, random) + "\n";
  agree(generatedSource("decode_quakes"), quakes);
}
