//===- value.h - JSON tokens as values of fields --------------------------===//
//
// Internal. Every decode path ends here for whatever it does not do in line,
// so that all paths give the same value and the same error (rules 44, 48, 50):
//
//   bool       true, false
//   integers   a number whose exact value is an integer of the type: 1.0, 1e3
//   f32, f64   a number, rounded to nearest; "NaN", "Infinity", "-Infinity"
//   string     a string
//   bytes      a string in base64 with padding (RFC 4648)
//   timestamp  in s, ms, us, ns: a number of that unit, its exact value rounded down to microseconds (`1.5` s is
//              1500000); as text: RFC 3339 with a zone, rounded down
//   duration   in s, ms, us, ns: the same; as text: ISO 8601, `PT1H30M`
//   date       "YYYY-MM-DD"
//   list       an array of one of these; an element that is none makes the whole list that error
//
// Errors: MR_WRONG_TYPE for another kind of value (`1.5` for an integer, bad base64), MR_OUT_OF_RANGE beyond the type
// (for times: the years 0000–9999), MR_BAD_TIME for text that is no time, MR_MISSING for a null element of a list.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_VALUE_H
#define MILLRACE_RUNTIME_IO_JSON_VALUE_H

#include "runtime/io/json/arena.h"
#include "runtime/io/json/schema.h"

#include <string_view>

namespace millrace::json {

inline constexpr uint8_t statusOf(mr_error_kind kind) { return uint8_t(uint8_t(MR_ERROR_BASE) + uint8_t(kind)); }

/// A scalar or an array as it stands in the record; its grammar has been checked.
struct Token {
  enum Kind : uint8_t { Null, True, False, Number, String, Array, Object } kind;
  bool escaped = false;  ///< strings: has a backslash
  std::string_view text; ///< numbers, arrays (with brackets); strings without their quotes
};

/// Writes the value of `field` to `out` (typeSize bytes; also when it is an error: zero then) and returns its status.
/// Strings without escapes point into the token's text, others and lists into the arena.
uint8_t fitValue(const Field &field, const Token &token, Arena &arena, uint8_t *out);

/// The string without its escapes, of a valid token; `out` has room for text.size() bytes. Returns its length.
size_t unescape(std::string_view text, char *out);

/// floor(number * 10^power), for a number in JSON's grammar. False if it is beyond 64 bits.
bool scaledFloor(std::string_view number, int power, int64_t &result);

} // namespace millrace::json

#endif
