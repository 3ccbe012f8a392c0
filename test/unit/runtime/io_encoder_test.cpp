//===- io_encoder_test.cpp - rows as JSON, CSV and tables ---------------------===//
#include "runtime/io/encoders.h"
#include "runtime/io/json_text.h"
#include "runtime/io/time_text.h"
#include "runtime/values/string_view.h"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

using namespace millrace;

namespace {

/// Rows of {s: string?, b: bytes, f: f64, i: i64, t: timestamp, d: duration, day: date, ok: bool, u: u8, g: f32}.
struct Row {
  mr_string s = {0, 0}, b = {0, 0};
  double f = 0;
  int64_t i = 0, t = 0, d = 0;
  int32_t day = 0;
  float g = 0;
  uint8_t ok = 0, u = 0, sNull = 0, pad[5] = {};
};

mr_field_desc field(const char *name, mr_type type, size_t offset, uint32_t status = UINT32_MAX) {
  mr_field_desc desc = {};
  desc.name = name;
  desc.unit = "";
  desc.type = type;
  desc.offset = uint32_t(offset);
  desc.status_offset = status;
  return desc;
}

const mr_field_desc kFields[10] = {field("s", MR_STRING, offsetof(Row, s), offsetof(Row, sNull)),
                                   field("b", MR_BYTES, offsetof(Row, b)),
                                   field("f", MR_F64, offsetof(Row, f)),
                                   field("i", MR_I64, offsetof(Row, i)),
                                   field("t", MR_TIMESTAMP, offsetof(Row, t)),
                                   field("d", MR_DURATION, offsetof(Row, d)),
                                   field("day", MR_DATE, offsetof(Row, day)),
                                   field("ok", MR_BOOL, offsetof(Row, ok)),
                                   field("u", MR_U8, offsetof(Row, u)),
                                   field("g", MR_F32, offsetof(Row, g))};

using Maker = std::unique_ptr<Encoder> (*)(const mr_sink_desc &, const Options &, std::string &);

std::string encode(Maker make, const std::vector<Row> &rows, std::vector<uint32_t> which,
                   std::vector<mr_option> options = {}) {
  std::vector<mr_field_desc> fields;
  for (uint32_t k : which)
    fields.push_back(kFields[k]);
  mr_sink_desc sink = {};
  sink.name = "out";
  sink.fields = fields.data();
  sink.num_fields = uint32_t(fields.size());
  sink.row_size = sizeof(Row);
  std::string error;
  auto encoder = make(sink, Options(options.data(), uint32_t(options.size()), {}), error);
  if (!encoder)
    return error;
  Buffer out;
  encoder->begin(out);
  for (size_t done = 0; done < rows.size();)
    done += encoder->encode(reinterpret_cast<const uint8_t *>(rows.data() + done), rows.size() - done, out);
  encoder->end(out);
  return std::string(out.view());
}

Row ofString(std::string_view text) {
  Row row;
  row.s = row.b = stringOf(text);
  return row;
}
Row ofFloat(double value) {
  Row row;
  row.f = value;
  row.g = float(value);
  return row;
}

TEST(Json, AllTypes) {
  Row row = ofString("ab");
  row.f = 1.5, row.i = INT64_MIN, row.t = -1, row.d = 90'000'000, row.day = -1, row.ok = 1, row.u = 255, row.g = 0.1f;
  EXPECT_EQ(encode(makeJsonEncoder, {row}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9}),
            "{\"s\":\"ab\",\"b\":\"YWI=\",\"f\":1.5,\"i\":-9223372036854775808,\"t\":\"1969-12-31T23:59:59.999999Z\","
            "\"d\":\"PT1M30S\",\"day\":\"1969-12-31\",\"ok\":true,\"u\":255,\"g\":0.1}\n");
}

TEST(Json, Rule50_NotFiniteFloatsAreStrings) {
  double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(encode(makeJsonEncoder, {ofFloat(NAN), ofFloat(infinity), ofFloat(-infinity)}, {2, 9}),
            "{\"f\":\"NaN\",\"g\":\"NaN\"}\n{\"f\":\"Infinity\",\"g\":\"Infinity\"}\n"
            "{\"f\":\"-Infinity\",\"g\":\"-Infinity\"}\n");
}

TEST(Json, Rule26_MinusZeroPrintsAsZero) {
  EXPECT_EQ(encode(makeJsonEncoder, {ofFloat(-0.0)}, {2, 9}), "{\"f\":0,\"g\":0}\n");
}

TEST(Json, Nulls) {
  Row row = ofString("x");
  row.sNull = 1;
  EXPECT_EQ(encode(makeJsonEncoder, {row}, {0, 7}), "{\"s\":null,\"ok\":false}\n");
}

TEST(Json, NoFields) { EXPECT_EQ(encode(makeJsonEncoder, {Row(), Row()}, {}), "{}\n{}\n"); }

// Every byte at every place of a short and of a long string: what is written is JSON, and says the same.
TEST(Json, StringsOfEveryByteAreEscaped) {
  for (size_t size : {1, 12, 13, 31, 32, 33, 64, 100})
    for (size_t place = 0; place < size; ++place)
      for (int byte = 0; byte < 0x80; ++byte) {
        std::string text(size, 'a');
        text[place] = char(byte);
        std::string expected(size, 'a'), special;
        switch (byte) {
        case '"':
          special = "\\\"";
          break;
        case '\\':
          special = "\\\\";
          break;
        case '\n':
          special = "\\n";
          break;
        case '\t':
          special = "\\t";
          break;
        case '\r':
          special = "\\r";
          break;
        case '\b':
          special = "\\b";
          break;
        case '\f':
          special = "\\f";
          break;
        default:
          if (byte < 0x20) {
            char code[8];
            std::snprintf(code, sizeof(code), "\\u%04x", byte);
            special = code;
          } else {
            special = char(byte);
          }
        }
        expected.replace(place, 1, special);
        Buffer out;
        appendJsonString(text, out);
        ASSERT_EQ(out.view(), "\"" + expected + "\"");
      }
}

TEST(Json, LongStringsWithManyEscapes) {
  std::string text(100'000, '\x01');
  std::string line = encode(makeJsonEncoder, {ofString(text), ofString("after")}, {0, 3});
  EXPECT_EQ(line.size(), std::string("{\"s\":\"\",\"i\":0}\n{\"s\":\"after\",\"i\":0}\n").size() + 600'000);
}

TEST(Json, TimestampsAreTheSameTextWithAndWithoutMemory) {
  TimeText times;
  uint64_t seed = 3;
  for (int i = 0; i < 200'000; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    int64_t unit = i % 3 == 0 ? 1 : i % 3 == 1 ? 1000 : 1'000'000;
    int64_t range = i % 5 ? kMicrosPerDay * 2 : kLastTime - kFirstTime;
    int64_t micros = (int64_t(seed >> 1) % range + (i % 5 ? 0 : kFirstTime)) / unit * unit;
    char expected[kMaxFormat];
    uint8_t text[kMaxFormat];
    std::string_view want(expected, size_t(formatTimestamp(expected, micros) - expected));
    ASSERT_EQ(std::string_view(reinterpret_cast<char *>(text), size_t(times.write(text, micros) - text)), want);
  }
  for (int64_t micros : {kFirstTime, kLastTime, kFirstTime - 1, kLastTime + 1, int64_t(-1), int64_t(0), INT64_MIN}) {
    char expected[kMaxFormat];
    uint8_t text[kMaxFormat];
    std::string_view want(expected, size_t(formatTimestamp(expected, micros) - expected));
    EXPECT_EQ(std::string_view(reinterpret_cast<char *>(text), size_t(times.write(text, micros) - text)), want);
  }
}

TEST(Csv, QuotingByRfc4180) {
  Row null = ofString("");
  null.sNull = 1;
  std::vector<Row> rows = {ofString("plain"),      ofString("a,b"), ofString("say \"hi\""),
                           ofString("two\nlines"), ofString(""),    null,
                           ofString(" blank ")};
  EXPECT_EQ(encode(makeCsvEncoder, rows, {0, 3}),
            "s,i\nplain,0\n\"a,b\",0\n\"say \"\"hi\"\"\",0\n\"two\nlines\",0\n\"\",0\n,0\n blank ,0\n");
  EXPECT_EQ(encode(makeCsvEncoder, {ofString(""), ofString("a")}, {1, 3}), "b,i\n\"\",0\nYQ==,0\n"); // no null
  EXPECT_EQ(encode(makeCsvEncoder, {ofString("a;b")}, {0, 3}, {{"delimiter", ";", -1}, {"header", "false", -1}}),
            "\"a;b\";0\n");
}

TEST(Csv, OptionsAreChecked) {
  EXPECT_EQ(encode(makeCsvEncoder, {}, {0}, {{"delimiter", "ab", -1}}),
            "option `delimiter`: expected one byte that is no quote and no line end, found `ab`");
  EXPECT_EQ(encode(makeCsvEncoder, {}, {0}, {{"header", "maybe", -1}}),
            "option `header`: expected true or false, found `maybe`");
}

TEST(Table, ColumnsLineUp) {
  Row a = ofString("Zürich"), b = ofString("a\tb\x1b"), c;
  a.i = 7, b.i = 12345, c.sNull = 1;
  EXPECT_EQ(encode(makeTableEncoder, {a, b, c}, {0, 3}), "s             i\n"
                                                         "────────  ─────\n"
                                                         "Zürich        7\n"
                                                         "a\\tb\\x1b  12345\n"
                                                         "null          0\n");
}

TEST(Table, WithoutRowsOnlyTheHead) { EXPECT_EQ(encode(makeTableEncoder, {}, {0, 3}), "s  i\n─  ─\n"); }

/// Lists and records as a sink gets them: {l: [i32?], r: {a: string?, b: i64}?, rs: [{a: string?, b: i64}]}.
struct Nested {
  mr_string a;
  int64_t b;
  uint8_t aNull, pad[7];
};
struct NestedRow {
  mr_list l, rs;
  const Nested *r;
  uint8_t rNull, pad[7];
};

std::string encodeNested(Maker make, const NestedRow &row) {
  const mr_field_desc inner[] = {field("a", MR_STRING, offsetof(Nested, a), offsetof(Nested, aNull)),
                                 field("b", MR_I64, offsetof(Nested, b))};
  mr_field_desc fields[] = {field("l", MR_LIST, offsetof(NestedRow, l)),
                            field("r", MR_RECORD, offsetof(NestedRow, r), offsetof(NestedRow, rNull)),
                            field("rs", MR_LIST, offsetof(NestedRow, rs))};
  fields[0].element = MR_I32 | MR_ELEMENT_NULLABLE;
  fields[2].element = MR_RECORD;
  for (mr_field_desc *one : {&fields[1], &fields[2]}) {
    one->nested = inner;
    one->num_nested = 2;
  }
  mr_sink_desc sink = {};
  sink.name = "out";
  sink.fields = fields;
  sink.num_fields = 3;
  sink.row_size = sizeof(NestedRow);
  std::string error;
  auto encoder = make(sink, Options(nullptr, 0, {}), error);
  EXPECT_TRUE(encoder) << error;
  Buffer out;
  encoder->begin(out);
  encoder->encode(reinterpret_cast<const uint8_t *>(&row), 1, out);
  encoder->end(out);
  return std::string(out.view());
}

// Rule 50: lists are arrays, records objects; in CSV and tables their text.
TEST(Encoder, Rule50ListsAndRecords) {
  struct {
    int32_t values[3] = {1, 0, -3};
    uint8_t status[3] = {0, 1, 0};
  } ints;
  std::string text = "a \"text\" that is long enough";
  Nested one{stringOf(text), 7, 0, {}}, two{{0, 0}, -8, 1, {}};
  const Nested *both[] = {&one, &two};
  NestedRow row{
      {reinterpret_cast<const uint8_t *>(&ints), 3}, {reinterpret_cast<const uint8_t *>(both), 2}, &two, 0, {}};
  NestedRow none{{nullptr, 0}, {nullptr, 0}, nullptr, 1, {}};
  EXPECT_EQ(
      encodeNested(makeJsonEncoder, row),
      R"({"l":[1,null,-3],"r":{"a":null,"b":-8},"rs":[{"a":"a \"text\" that is long enough","b":7},{"a":null,"b":-8}]})"
      "\n");
  EXPECT_EQ(encodeNested(makeJsonEncoder, none), "{\"l\":[],\"r\":null,\"rs\":[]}\n");
  EXPECT_EQ(
      encodeNested(makeCsvEncoder, row),
      "l,r,rs\n\"[1,null,-3]\",\"{\"\"a\"\":null,\"\"b\"\":-8}\",\"[{\"\"a\"\":\"\"a \\\"\"text\\\"\" that is long "
      "enough\"\",\"\"b\"\":7},{\"\"a\"\":null,\"\"b\"\":-8}]\"\n");
  EXPECT_EQ(encodeNested(makeCsvEncoder, none), "l,r,rs\n[],,[]\n");
  EXPECT_NE(encodeNested(makeTableEncoder, none).find("[]"), std::string::npos);
}

} // namespace
