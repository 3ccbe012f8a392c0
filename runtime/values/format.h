//===- format.h - values as text: the one home of it ----------------------===//
//
// Internal: for casts to string (mr_format) and for the encoders of JSON, CSV
// and tables, so that a value looks the same wherever it is written, and is
// read back (parse.h) as the same value (rule 50). Each function writes at
// `out`, at most kMaxFormat bytes, and returns where the text ends. Nothing is
// quoted.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_VALUES_FORMAT_H
#define MILLRACE_RUNTIME_VALUES_FORMAT_H

#include "millrace/abi.h"

namespace millrace {

constexpr uint64_t kMaxFormat = 48;

char *formatU64(char *out, uint64_t value);
char *formatI64(char *out, int64_t value);

/// The shortest digits that are read back as the same number, laid out as ECMAScript does (no exponent from 1e-6 to
/// below 1e21): `0.1`, `5`, `100000`, `1e+21`, `1e-7`. -0 is `0`; not finite: `NaN`, `Infinity`, `-Infinity` (JSON: to
/// be quoted).
char *formatF64(char *out, double value);
char *formatF32(char *out, float value);

/// RFC 3339 in UTC with 0, 3 or 6 digits of a second's fraction: `2018-02-03T04:05:06.007Z`.
char *formatTimestamp(char *out, int64_t micros);

/// `2018-02-03`. `days` since 1970-01-01.
char *formatDate(char *out, int64_t days);

/// ISO 8601; a day is 24 hours: `P1DT2H3M4.5S`, `-PT0.000001S`, `PT0S`.
char *formatDuration(char *out, int64_t micros);

/// A value of any type that fits a word, given by its bits as in mr_format: not strings, bytes and lists.
char *formatValue(char *out, uint64_t bits, mr_type type);

} // namespace millrace

#endif
