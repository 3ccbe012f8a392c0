//===- json_record.cpp - any record, by the general path ------------------===//
//
// durability.md's list of hostile JSON, each with its message, and what fits
// which type (rules 1, 44, 48, 50).
//
//===----------------------------------------------------------------------===//
#include "test/support/decode.h"

#include <gtest/gtest.h>

using namespace millrace;
using namespace millrace::test;

namespace {

const TestSource &one(mr_type type, bool nullable = false, const char *unit = "", const char *path = "v",
                      uint8_t element = MR_I64) {
  static std::deque<TestSource> kept;
  kept.emplace_back(std::vector<TestField>{{"v", path, type, nullable, unit, true, element}});
  return kept.back();
}

/// The one value of the record, or the message with the byte.
std::string value(const TestSource &source, std::string_view record) {
  DecodeOptions options;
  options.path = DecodePath::General;
  Outcome outcome = decodeJson(source, record, options);
  if (!outcome.malformed.empty())
    return outcome.malformed[0].substr(outcome.malformed[0].find("byte"));
  return outcome.rows.empty() ? "nothing" : outcome.rows[0];
}

std::string fit(mr_type type, const std::string &text, const char *unit = "", bool nullable = false) {
  return value(one(type, nullable, unit), "{\"v\":" + text + "}");
}

std::string flawOf(std::string_view record) { return value(one(MR_I64, true), record); }

const std::string missing = "!4", wrongType = "!5", outOfRange = "!6", badTime = "!7";

} // namespace

TEST(JsonRecord, Rule48IntegersFitExactly) {
  EXPECT_EQ(fit(MR_I64, "1.0"), "1");
  EXPECT_EQ(fit(MR_I64, "1e3"), "1000");
  EXPECT_EQ(fit(MR_I64, "-0"), "0");
  EXPECT_EQ(fit(MR_I64, "120e-1"), "12");
  EXPECT_EQ(fit(MR_I64, "1.5"), wrongType);
  EXPECT_EQ(fit(MR_I64, "1e-400"), wrongType);
  EXPECT_EQ(fit(MR_I64, "9223372036854775807"), "9223372036854775807");
  EXPECT_EQ(fit(MR_I64, "-9223372036854775808"), "-9223372036854775808");
  EXPECT_EQ(fit(MR_I64, "9223372036854775808"), outOfRange);
  EXPECT_EQ(fit(MR_I64, "1e999999999999999999999"), outOfRange);
  EXPECT_EQ(fit(MR_I64, "0e999999999999999999999"), "0");
  EXPECT_EQ(fit(MR_U64, "18446744073709551615"), "18446744073709551615");
  EXPECT_EQ(fit(MR_U64, "-1"), outOfRange);
  EXPECT_EQ(fit(MR_I8, "-128"), "-128");
  EXPECT_EQ(fit(MR_I8, "128"), outOfRange);
  EXPECT_EQ(fit(MR_U16, "65535"), "65535");
  EXPECT_EQ(fit(MR_I32, "123456789012345678901234567890"), outOfRange);
  EXPECT_EQ(fit(MR_I64, "\"1\""), wrongType);
  EXPECT_EQ(fit(MR_I64, "true"), wrongType);
  EXPECT_EQ(fit(MR_I64, "[1]"), wrongType);
  EXPECT_EQ(fit(MR_I64, "{}"), wrongType);
}

TEST(JsonRecord, Rule48FloatsRoundAndDoNotOverflow) {
  EXPECT_EQ(fit(MR_F64, "0.1"), "0.10000000000000001");
  EXPECT_EQ(fit(MR_F64, "-0.0"), "-0");
  EXPECT_EQ(fit(MR_F64, "1e999"), outOfRange);
  EXPECT_EQ(fit(MR_F64, "1e-999"), "0");
  EXPECT_EQ(fit(MR_F64, "123456789012345678901234567890"), "1.2345678901234568e+29");
  EXPECT_EQ(fit(MR_F32, "1e39"), outOfRange);
  EXPECT_EQ(fit(MR_F32, "0.1"), "0.100000001");
}

TEST(JsonRecord, Rule50NotFiniteIsText) {
  EXPECT_EQ(fit(MR_F64, "\"NaN\""), "nan");
  EXPECT_EQ(fit(MR_F64, "\"-Infinity\""), "-inf");
  EXPECT_EQ(fit(MR_F32, "\"Infinity\""), "inf");
  EXPECT_EQ(fit(MR_F64, "\"1.5\""), wrongType);
  EXPECT_EQ(fit(MR_F64, "\"nan\""), wrongType);
}

TEST(JsonRecord, Rule1TimestampsOfAUnitRoundDown) {
  EXPECT_EQ(fit(MR_TIMESTAMP, "1517363399650", "ms"), "1517363399650000");
  EXPECT_EQ(fit(MR_TIMESTAMP, "1.5", "s"), "1500000");
  EXPECT_EQ(fit(MR_TIMESTAMP, "1517363399.6500001", "s"), "1517363399650000");
  EXPECT_EQ(fit(MR_TIMESTAMP, "-1", "ns"), "-1");
  EXPECT_EQ(fit(MR_TIMESTAMP, "1999", "ns"), "1");
  EXPECT_EQ(fit(MR_TIMESTAMP, "-1001", "ns"), "-2");
  EXPECT_EQ(fit(MR_TIMESTAMP, "7", "us"), "7");
  EXPECT_EQ(fit(MR_TIMESTAMP, "1e3", "us"), "1000");
  EXPECT_EQ(fit(MR_TIMESTAMP, "-62167219200", "s"), "-62167219200000000");
  EXPECT_EQ(fit(MR_TIMESTAMP, "-62167219201", "s"), outOfRange);
  EXPECT_EQ(fit(MR_TIMESTAMP, "253402300799", "s"), "253402300799000000");
  EXPECT_EQ(fit(MR_TIMESTAMP, "253402300800", "s"), outOfRange);
  EXPECT_EQ(fit(MR_TIMESTAMP, "253402300799999999999", "ns"), "253402300799999999");
  EXPECT_EQ(fit(MR_TIMESTAMP, "1e30", "s"), outOfRange);
  EXPECT_EQ(fit(MR_TIMESTAMP, "\"2015-07-15T00:00:00Z\"", "s"), wrongType);
}

TEST(JsonRecord, Rule1TimestampsAsTextNeedAZone) {
  EXPECT_EQ(fit(MR_TIMESTAMP, "\"2015-07-15T00:00:00Z\"", "rfc3339"), "1436918400000000");
  EXPECT_EQ(fit(MR_TIMESTAMP, "\"2015-07-15T02:00:00.0000019+02:00\""), "1436918400000001");
  EXPECT_EQ(fit(MR_TIMESTAMP, "\"2015-07-15T00:00:00\""), badTime);
  EXPECT_EQ(fit(MR_TIMESTAMP, "\"2015-02-30T00:00:00Z\""), badTime);
  EXPECT_EQ(fit(MR_TIMESTAMP, "\"\\u0032015-07-15T00:00:00Z\""), "1436918400000000");
  EXPECT_EQ(fit(MR_TIMESTAMP, "5"), wrongType);
  EXPECT_EQ(fit(MR_DATE, "\"1970-01-31\""), "30");
  EXPECT_EQ(fit(MR_DATE, "\"1970-1-31\""), badTime);
  EXPECT_EQ(fit(MR_DURATION, "\"PT1M0.5S\""), "60500000");
  EXPECT_EQ(fit(MR_DURATION, "1.5", "ms"), "1500");
  EXPECT_EQ(fit(MR_DURATION, "9223372036854775808", "us"), outOfRange);
}

TEST(JsonRecord, Rule50Base64) {
  EXPECT_EQ(fit(MR_BYTES, "\"aGVsbG8=\""), "\"hello\"");
  EXPECT_EQ(fit(MR_BYTES, "\"\""), "\"\"");
  EXPECT_EQ(fit(MR_BYTES, "\"aGVsbG8\""), wrongType);
  EXPECT_EQ(fit(MR_BYTES, "\"aGVsbG9=\""), wrongType);
  EXPECT_EQ(fit(MR_BYTES, "\"====\""), wrongType);
  EXPECT_EQ(fit(MR_BYTES, "\"a=Vs\""), wrongType);
}

TEST(JsonRecord, StringsAndEscapes) {
  EXPECT_EQ(fit(MR_STRING, "\"\""), "\"\"");
  EXPECT_EQ(fit(MR_STRING, "\"twelve bytes\""), "\"twelve bytes\"");
  EXPECT_EQ(fit(MR_STRING, "\"thirteen byte\""), "\"thirteen byte\"");
  EXPECT_EQ(fit(MR_STRING, "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""), "\"\"\\/\b\f\n\r\t\"");
  EXPECT_EQ(fit(MR_STRING, "\"\\u00e9\\u20AC\\ud83d\\uDE00 and more text\""), "\"é€😀 and more text\"");
  EXPECT_EQ(fit(MR_STRING, "1"), wrongType);
}

TEST(JsonRecord, Rule48MissingNullAndPastTheEndAreTheSame) {
  for (bool nullable : {false, true}) {
    std::string nothing = nullable ? "null" : missing;
    EXPECT_EQ(value(one(MR_I64, nullable), "{}"), nothing);
    EXPECT_EQ(value(one(MR_I64, nullable), "{\"v\":null}"), nothing);
    EXPECT_EQ(value(one(MR_I64, nullable, "", "a[2]"), "{\"a\":[1,2]}"), nothing);
    EXPECT_EQ(value(one(MR_I64, nullable, "", "a.b"), "{\"a\":null}"), nothing);
    EXPECT_EQ(value(one(MR_I64, nullable, "", "a.b"), "{\"a\":5}"), wrongType);
    EXPECT_EQ(value(one(MR_I64, nullable, "", "a.b"), "{\"a\":[5]}"), wrongType);
    EXPECT_EQ(value(one(MR_I64, nullable, "", "a[0]"), "{\"a\":{\"0\":5}}"), wrongType);
  }
}

TEST(JsonRecord, Paths) {
  EXPECT_EQ(value(one(MR_F64, false, "", "g.c[2]"), R"({"x":{"c":[9]},"g":{"c":[[1],{"a":2},3.5,4]}})"), "3.5");
  EXPECT_EQ(value(one(MR_I64, false, "", "a[1][0].b"), R"({"a":[{"b":1},[{"b":2}]]})"), "2");
  EXPECT_EQ(value(one(MR_I64, false, "", "\"odd.name\"[0]"), R"({"odd.name":[7]})"), "7");
  EXPECT_EQ(value(one(MR_I64, false, "", "Order ID"), R"({"Order ID":8})"), "8");
  EXPECT_EQ(value(one(MR_I64, false, "", "mag"), R"({"\u006dag":9,"MAG":1})"), "9");
}

TEST(JsonRecord, Lists) {
  EXPECT_EQ(value(one(MR_LIST, false, "", "v", MR_I64), R"({"v":[1, 2.0 ,3]})"), "[1,2,3]");
  EXPECT_EQ(value(one(MR_LIST, false, "", "v", MR_STRING), R"({"v":["a,]","\u0062",""]})"), "[\"a,]\",\"b\",\"\"]");
  EXPECT_EQ(value(one(MR_LIST, false, "", "v", MR_F64), R"({"v":[]})"), "[]");
  EXPECT_EQ(value(one(MR_LIST, false, "", "v", MR_I64), R"({"v":[1,null]})"), missing);
  EXPECT_EQ(value(one(MR_LIST, false, "", "v", MR_I64 | MR_ELEMENT_NULLABLE), R"({"v":[1,null]})"), "[1,null]");
  EXPECT_EQ(value(one(MR_LIST, false, "", "v", MR_I64), R"({"v":[1,[{"x":"]"}],2]})"), wrongType);
  EXPECT_EQ(value(one(MR_LIST, true, "", "v", MR_I64), R"({"v":null})"), "null");
  EXPECT_EQ(value(one(MR_LIST, true, "", "v", MR_I64), R"({"v":{"a":1}})"), wrongType);
}

TEST(JsonRecord, SeveralFieldsAtOnePlace) {
  TestSource source({{"a", "x", MR_I64}, {"b", "x", MR_F64}, {"c", "x.y", MR_I64, true}});
  EXPECT_EQ(value(source, "{\"x\":5}"), "5|5|!5");
  EXPECT_EQ(value(source, "{\"x\":{\"y\":3}}"), "!5|!5|3");
}

TEST(JsonRecord, Rule48NoUsedMemberTwice) {
  EXPECT_EQ(flawOf(R"({"v":1,"v":2})"), "byte 7: the member `v` occurs twice");
  EXPECT_EQ(flawOf(R"({"v":1,"\u0076":2})"), "byte 7: the member `v` occurs twice");
  EXPECT_EQ(flawOf(R"({"u":1,"u":2,"V":3})"), "null");
  EXPECT_EQ(value(one(MR_I64, true, "", "a.b"), R"({"a":{"b":1},"a":{}})"), "byte 13: the member `a` occurs twice");
}

TEST(JsonRecord, Rule48HostileText) {
  const std::pair<const char *, const char *> cases[] = {
      {R"({"v":1,})", "byte 7: invalid JSON: expected a member's name in quotes, found `}`"},
      {R"({"v":[1,]})", "byte 8: invalid JSON: expected a value, found `]`"},
      {R"({"v":1 /*c*/})", "byte 7: invalid JSON: expected `,` or `}` after a member, found `/`"},
      {R"({'v':1})", "byte 1: invalid JSON: expected a member's name in quotes, found `'`"},
      {R"({v:1})", "byte 1: invalid JSON: expected a member's name in quotes, found `v`"},
      {R"({"v":bare})", "byte 5: invalid JSON: expected a value, found `b`"},
      {R"({"v":NaN})", "byte 5: invalid JSON: expected a value, found `N`"},
      {R"({"v":nul})", "byte 5: invalid JSON: expected a value, found `n`"},
      {R"({"v":truex})", "byte 9: invalid JSON: expected `,` or `}` after a member, found `x`"},
      {R"({"v":01})", "byte 5: invalid JSON: a number begins with a superfluous zero"},
      {R"({"v":-01})", "byte 5: invalid JSON: a number begins with a superfluous zero"},
      {R"({"v":.5})", "byte 5: invalid JSON: expected a value, found `.`"},
      {R"({"v":1.})", "byte 7: invalid JSON: expected a digit after the decimal point, found `}`"},
      {R"({"v":1e})", "byte 7: invalid JSON: expected a digit in the exponent, found `}`"},
      {R"({"v":1e+})", "byte 8: invalid JSON: expected a digit in the exponent, found `}`"},
      {R"({"v":+1})", "byte 5: invalid JSON: expected a value, found `+`"},
      {R"({"v":-})", "byte 6: invalid JSON: expected a digit after `-`, found `}`"},
      {R"({"v":0x1})", "byte 6: invalid JSON: expected `,` or `}` after a member, found `x`"},
      {R"({"u":"\x"})", "byte 6: invalid JSON: no such escape in a string: `\\` and `x`"},
      {R"({"u":"\u12"})", "byte 6: invalid JSON: `\\u` needs four hexadecimal digits"},
      {R"({"u":"\ud800"})", "byte 6: invalid JSON: half of a surrogate pair (no character)"},
      {R"({"u":"\ud800\u0041"})", "byte 6: invalid JSON: half of a surrogate pair (no character)"},
      {R"({"u":"\udc00\ud800"})", "byte 6: invalid JSON: half of a surrogate pair (no character)"},
      {"{\"u\":\"\x01\"}", "byte 6: invalid JSON: a string holds the byte 0x01, which must be written as an escape"},
      {"{\"u\":\"\t\"}", "byte 6: invalid JSON: a string holds the byte 0x09, which must be written as an escape"},
      {"{\"u\":\"\xc0\xaf\"}", "byte 6: invalid UTF-8: the byte 0xc0"},
      {"{\"u\":\"\xe2\x82\"}", "byte 6: invalid UTF-8: the byte 0xe2"},
      {"{\"u\":\"\xed\xa0\x80\"}", "byte 6: invalid UTF-8: the byte 0xed"},
      {"{\"u\":\"\xf4\x90\x80\x80\"}", "byte 6: invalid UTF-8: the byte 0xf4"},
      {"{\"u\":\"\xff\"}", "byte 6: invalid UTF-8: the byte 0xff"},
      {"\xef\xbb\xbf{}", "byte 0: invalid JSON: a byte order mark; the input must be UTF-8 without one"},
      {"[]", "byte 0: the record is an array, not an object"},
      {"null", "byte 0: the record is a bare value, not an object"},
      {"5", "byte 0: the record is a bare value, not an object"},
      {"\"a\"", "byte 0: the record is a string, not an object"},
      {"{} {}", "byte 3: invalid JSON: text after the end of the record: `{`"},
      {"{}x", "byte 2: invalid JSON: text after the end of the record: `x`"},
      {"{\"v\"}", "byte 4: invalid JSON: expected `:` after a member's name, found `}`"},
      {"{\"v\":}", "byte 5: invalid JSON: expected a value, found `}`"},
      {"{", "byte 1: invalid JSON: expected a member's name in quotes, found the end of the record"},
      {"{\"v\":\"a", "byte 7: invalid JSON: the record ends inside a string"},
  };
  for (auto [record, message] : cases)
    EXPECT_EQ(flawOf(record), message) << record;
  EXPECT_EQ(flawOf(std::string_view("{\"v\":1}\0", 8)),
            "byte 7: invalid JSON: text after the end of the record: the byte 0x00");
  EXPECT_EQ(flawOf("{}"), "null");
  EXPECT_EQ(flawOf("\t{ \"v\" : 1 , \"w\":[ ] } \r"), "1");
}

TEST(JsonRecord, LimitsOfARecord) {
  std::string deep = "{\"v\":" + std::string(100000, '[') + std::string(100000, ']') + "}";
  EXPECT_EQ(flawOf(deep), "byte 68: nested more than 64 deep");
  std::string just = "{\"v\":1,\"u\":" + std::string(63, '[') + std::string(63, ']') + "}";
  EXPECT_EQ(flawOf(just), "1");
  EXPECT_EQ(flawOf("{\"u\":\"" + std::string(262145, 'x') + "\"}"), "byte 5: a string is longer than 262144 bytes");
  EXPECT_EQ(flawOf("{\"u\":\"" + std::string(262144, 'x') + "\"}"), "null");
  EXPECT_EQ(flawOf("{\"" + std::string(1000000, 'n') + "\":1}"), "byte 1: a string is longer than 262144 bytes");
  std::string many = "{\"v\":1";
  for (int i = 0; i < 4095; ++i)
    many += ",\"m" + std::to_string(i) + "\":0";
  EXPECT_EQ(flawOf(many + "}"), "1");
  EXPECT_NE(flawOf(many + ",\"x\":0}").find("more than 4096 members"), std::string::npos);
  std::string big = "{\"u\":[" + std::string(1 << 20, ' ') + "]}";
  EXPECT_EQ(flawOf(big), std::string("byte 1048576: ") + kTooLongReason);
}

TEST(JsonRecord, EveryCutOfARecordIsMalformed) {
  std::string record = R"({"v":-1.5e3,"u":"a\u00e9\ud83d\ude00é","w":[true,false,null,{"k":{}}]})";
  EXPECT_EQ(flawOf(record), "-1500");
  for (size_t cut = 1; cut < record.size(); ++cut)
    EXPECT_EQ(flawOf(record.substr(0, cut)).substr(0, 4), "byte") << record.substr(0, cut);
}

TEST(JsonRecord, Rule48TheEventTimeMustBeReadable) {
  TestSource source({{"v", "v", MR_I64}, {"at", "at", MR_TIMESTAMP, true, "ms"}}, 1);
  EXPECT_EQ(value(source, "{\"v\":1,\"at\":2}"), "1|2000");
  EXPECT_EQ(value(source, "{\"v\":1}"), "byte 0: missing: field `at`");
  EXPECT_EQ(value(source, "{\"v\":1,\"at\":null}"), "byte 0: missing: field `at`");
  EXPECT_EQ(value(source, "{\"v\":1,\"at\":\"x\"}"), "byte 0: wrong type: field `at`");
  EXPECT_EQ(value(source, "{\"v\":1,\"at\":1e20}"), "byte 0: out of range: field `at`");
}

TEST(JsonLines, LinesAndBlanks) {
  DecodeOptions options;
  Outcome outcome = decodeJson(one(MR_I64), "{\"v\":1}\n\n \t\n{\"v\":2}\r\n{bad\n\r\n{\"v\":3}", options);
  EXPECT_EQ(outcome.rows, (std::vector<std::string>{"1", "2", "3"}));
  EXPECT_EQ(outcome.blank, 3u);
  EXPECT_EQ(outcome.places, (std::vector<std::string>{"0+7", "12+7", "28+7"}));
  EXPECT_EQ(outcome.malformed,
            (std::vector<std::string>{"before 2, at 21+4, byte 1: invalid JSON: expected a member's name in quotes, "
                                      "found `b`"}));
  EXPECT_EQ(outcome, decodeJson(one(MR_I64), "{\"v\":1}\n\n \t\n{\"v\":2}\r\n{bad\n\r\n{\"v\":3}", options, 1));
}

TEST(JsonLines, WrongOptionsAndPaths) {
  EXPECT_EQ(
      decodeJson(one(MR_I64, false, "", "a[x]"), "").malformed[0],
      "no decoder: field `v`: `a[x]` is no path into a JSON record (wrong at byte 2); paths look like `a.b[2]` or "
      "`\"odd name\".b`");
  mr_option option = {"max_nesting", "0", -1};
  DecodeOptions options;
  options.format = Options(&option, 1, {});
  EXPECT_EQ(decodeJson(one(MR_I64), "", options).malformed[0],
            "no decoder: option `max_nesting`: expected 1 to 1000, found 0");
}
