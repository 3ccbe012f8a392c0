//===- Time.h - points in time as text ------------------------------*- C++ -*-===//
//
// RFC 3339 to microseconds since 1970-01-01T00:00:00Z and back, dates to days
// since 1970-01-01 and back; years 0000 to 9999 (rule 1). Proleptic Gregorian
// calendar, after Howard Hinnant, "chrono-compatible low-level date algorithms".
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_EXPR_TIME_H
#define MILLRACE_DIALECT_EXPR_TIME_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>

namespace millrace::expr {

/// First and last point in time there is (rule 1), in microseconds.
inline constexpr int64_t minTimestamp = -62167219200000000, maxTimestamp = 253402300799999999;
/// First and last date there is, in days.
inline constexpr int32_t minDate = -719528, maxDate = 2932896;

/// `2018-02-03T04:05:06.789Z` or with an offset `+01:00`; a zone is needed; digits beyond microseconds round down.
std::optional<int64_t> parseTimestamp(llvm::StringRef text);
/// In UTC, with as many digits of the second as are needed. `micros` must be in range.
std::string timestampText(int64_t micros);
/// `2018-02-03`.
std::optional<int32_t> parseDate(llvm::StringRef text);
std::string dateText(int32_t days);

} // namespace millrace::expr

#endif
