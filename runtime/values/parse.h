//===- parse.h - text as values: the one home of it -----------------------===//
//
// Internal: for casts from string (mr_parse), params and decoders. All are
// exact and strict: the whole text must be the value, without white space.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_VALUES_PARSE_H
#define MILLRACE_RUNTIME_VALUES_PARSE_H

#include "millrace/abi.h"

#include <string_view>

namespace millrace {

/// How a parse ended.
enum class Parse {
  Ok,
  Syntax,   ///< not the text of such a value
  Range,    ///< a number or a time, but beyond the type's range
  Fraction, ///< an integer was asked for, and the number is none (`1.5`)
};

/// An integer in JSON's grammar of numbers, judged by its exact value: `1.0` and `1e3` are integers. `type`: MR_I8 …
/// MR_U64. The result is sign- or zero-extended to 64 bits.
Parse parseInteger(std::string_view text, mr_type type, uint64_t &bits);

/// A number in JSON's grammar, correctly rounded; too great for the type is Range (rule 48). With `special`, also
/// `NaN`, `Infinity` and `-Infinity`.
Parse parseF64(std::string_view text, double &value, bool special);
Parse parseF32(std::string_view text, float &value, bool special);

/// RFC 3339 with a zone (`Z` or an offset; without one it is Syntax), rounded down to microseconds, years 0000–9999 in
/// UTC. `t`, `z` and a blank for `T` are allowed, as the RFC does; a 60th second is not.
Parse parseTimestamp(std::string_view text, int64_t &micros);

/// `2018-02-03`, as days since 1970-01-01.
Parse parseDate(std::string_view text, int32_t &days);

/// ISO 8601 of weeks, days, hours, minutes and seconds, the last with a fraction (rounded down to microseconds):
/// `P1DT2H3M4.5S`, `-PT90M`. Years and months have no fixed length: Syntax.
Parse parseDuration(std::string_view text, int64_t &micros);

/// A value of any type that fits a word (not strings, bytes, lists: Syntax), as mr_parse returns it.
Parse parseValue(std::string_view text, mr_type type, uint64_t &bits);

} // namespace millrace

#endif
