//===- Text.h - values as text, and back --------------------------*- C++ -*-===//
//
// Rule 50: what is written is read back as the same value. One form for JSON
// sinks, casts to string and casts from it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_TEXT_H
#define MILLRACE_TEST_REFERENCE_TEXT_H

#include "Value.h"

#include <optional>

namespace millrace::reference {

/// The text of a present value, unquoted: numbers as JSON (the shortest digits that are read back; NaN, Infinity and
/// -Infinity as words, -0 as 0), times by RFC 3339 and ISO 8601, string as it is, bytes in base64.
std::string toText(const Value &value, Kind kind);

/// The value as JSON: text of what JSON has no form for is quoted; null as `null`.
std::string toJson(const Value &value, Kind kind);
/// Of any type: lists are arrays, records objects.
std::string toJson(const Value &value, mlir::Type type);
std::string quoteJson(std::string_view text);

/// What a number or a text can be as a value of a kind.
struct Fitted {
  Value value;                          ///< if `problem` is none
  std::optional<mr_error_kind> problem; ///< MR_WRONG_TYPE, MR_OUT_OF_RANGE or MR_BAD_TIME
};

/// A number in JSON's grammar.
bool isJsonNumber(std::string_view text);
/// The number as an integer, bool excluded, or a float. By its exact value: 1.0 and 1e3 are integers, 1.5 is none.
Fitted fitNumber(std::string_view number, Kind kind);
/// floor(number * 10^power) as a timestamp or a duration.
Fitted fitScaled(std::string_view number, int power, Kind kind);
/// Text as a timestamp, date or duration.
Fitted fitTimeText(std::string_view text, Kind kind);
/// Text as any kind but a list: bool as true and false, floats also as the three words, bytes as they are.
Fitted fitText(std::string_view text, Kind kind);

/// Strict base64 with padding (RFC 4648); nothing if it is none.
std::optional<std::string> decodeBase64(std::string_view text);

/// UTF-8 without overlong forms, surrogates or code points above 10FFFF.
bool isUtf8(std::string_view text);
std::u32string decodeUtf8(std::string_view text);
std::string encodeUtf8(std::u32string_view text);

} // namespace millrace::reference
#endif
