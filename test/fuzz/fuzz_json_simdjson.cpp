//===- fuzz_json_simdjson.cpp - the general path against simdjson ---------===//
//
// One record, {"v": …, "f": …, "s": …}: both must agree on what is valid and on
// the values, except what rule 48 decides otherwise: the record is an object,
// no used member twice, limits, numbers beyond a type are errors of the value.
//
//===----------------------------------------------------------------------===//
#include "test/support/decode.h"

#include <simdjson.h>

using namespace millrace;
using namespace millrace::test;

namespace {

[[noreturn]] void disagree(const char *what, const Outcome &outcome, std::string_view text) {
  std::fprintf(stderr, "%s\n  record: %.*s\n", what, int(text.size()), text.data());
  for (auto *list : {&outcome.rows, &outcome.malformed})
    for (const std::string &line : *list)
      std::fprintf(stderr, "  %s\n", line.c_str());
  std::abort();
}

/// Our value as text: what simdjson's element must be.
std::string oracle(simdjson::dom::object object, const char *name, mr_type type) {
  simdjson::dom::element element;
  bool found = false;
  for (auto field : object)
    if (field.key == name)
      element = field.value, found = true;
  if (!found || element.is_null())
    return "null";
  if (type == MR_STRING)
    return element.is_string() ? "\"" + std::string(element.get_string().value_unsafe()) + "\"" : "!5";
  if (type == MR_F64 && element.is_string()) {
    std::string_view text = element.get_string().value_unsafe();
    return text == "NaN" ? "nan" : text == "Infinity" ? "inf" : text == "-Infinity" ? "-inf" : "!5";
  }
  if (type == MR_F64 && element.is_number()) {
    if (element.is_int64() && element.get_int64().value_unsafe() == 0)
      return "±0"; // it reads a whole number as an integer first, and so loses the sign of -0
    char text[64];
    std::snprintf(text, sizeof text, "%.17g", element.get_double().value_unsafe());
    return text;
  }
  if (type == MR_I64 && element.is_int64())
    return std::to_string(element.get_int64().value_unsafe());
  if (type == MR_I64 && element.is_uint64())
    return "!6";
  return type == MR_I64 && element.is_double() ? "" : "!5"; // a number with a fraction or exponent: not judged here
}

/// Is our row what simdjson's says? An empty `v` is not judged; a zero may have either sign where simdjson has none.
bool isRow(std::string_view row, const std::string &v, const std::string &rest) {
  if (size_t zero = rest.find("±0"); zero != rest.npos) {
    std::string positive = rest, negative = rest;
    positive.replace(zero, strlen("±0"), "0");
    negative.replace(zero, strlen("±0"), "-0");
    return isRow(row, v, positive) || isRow(row, v, negative);
  }
  return v.empty() ? row.ends_with(rest) : row == "|" + v + rest;
}

bool isDigit(char c) { return c >= '0' && c <= '9'; }

/// JSON's grammar of a number: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
bool isNumber(std::string_view text) {
  size_t at = 0;
  auto digits = [&] {
    size_t first = at;
    while (at < text.size() && isDigit(text[at]))
      ++at;
    return at > first;
  };
  auto skip = [&](std::string_view chars) {
    bool found = at < text.size() && chars.find(text[at]) != chars.npos;
    at += found;
    return found;
  };
  skip("-");
  if (!skip("0") && !digits())
    return false;
  if (skip(".") && !digits())
    return false;
  if (skip("eE")) {
    skip("+-");
    if (!digits())
      return false;
  }
  return at == text.size();
}

/// Is each word outside of strings that begins like a number one? Then only its range can be wrong with it.
bool allNumbersAreNumbers(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '"') {
      for (++i; i < text.size() && text[i] != '"'; ++i)
        i += text[i] == '\\';
      ++i;
      continue;
    }
    size_t end = std::min(text.find_first_of(" \t\r\n,:[]{}\"", i), text.size());
    if (end > i && (isDigit(text[i]) || text[i] == '-') && !isNumber(text.substr(i, end - i)))
      return false;
    i = std::max(end, i + 1);
  }
  return true;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static TestSource source({{"v", "v", MR_I64, true}, {"f", "f", MR_F64, true}, {"s", "s", MR_STRING, true}});
  static simdjson::dom::parser parser;
  std::string_view text(reinterpret_cast<const char *>(data), size);
  if (size == 0 || size > 20000 || text.find('\n') != text.npos)
    return 0;
  DecodeOptions options;
  options.path = DecodePath::General;
  Outcome outcome = decodeJson(source, text, options);
  if (outcome.blank)
    return 0;
  if (outcome.rows.size() + outcome.malformed.size() != 1)
    disagree("one record, but not one answer", outcome, text);
  simdjson::padded_string padded(text);
  simdjson::dom::element root;
  simdjson::error_code error = parser.parse(padded).get(root);
  if (error == simdjson::NUMBER_ERROR) {
    // What no double holds is for us an error of the value (rule 48); what is no number makes the record malformed.
    if (outcome.malformed.empty() && !allNumbersAreNumbers(text))
      disagree("simdjson calls a number invalid", outcome, text);
    return 0;
  }
  if (!outcome.malformed.empty()) {
    const std::string &reason = outcome.malformed[0];
    bool isSyntax = reason.find(": invalid ") != std::string::npos;
    if (isSyntax && !error && text.substr(0, 3) != "\xef\xbb\xbf")
      disagree("simdjson calls it valid", outcome, text);
    if (!isSyntax && error && error != simdjson::DEPTH_ERROR && reason.find("deep") == std::string::npos &&
        reason.find("twice") == std::string::npos)
      disagree(simdjson::error_message(error), outcome, text);
    return 0;
  }
  if (error)
    disagree(simdjson::error_message(error), outcome, text);
  std::string row = "|" + outcome.rows[0], wanted;
  simdjson::dom::object object = root.get_object().value_unsafe();
  std::string v = oracle(object, "v", MR_I64),
              rest = "|" + oracle(object, "f", MR_F64) + "|" + oracle(object, "s", MR_STRING);
  if (!isRow(row, v, rest))
    disagree(("simdjson has |" + v + rest).c_str(), outcome, text);
  return 0;
}
