//===- errors.h - what is said of an error of a record --------------------===//
//
// Shared by the engine, the decoders and the reference interpreter, so that a
// dead letter's reason is the same text everywhere. Header only.
//
// A reason is "<kind>: <what was written>": `division by zero: a / b`,
// `missing: field mag`; see reasonText.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_ERRORS_H
#define MILLRACE_RUNTIME_ENGINE_ERRORS_H

#include "millrace/abi.h"

#include <string>
#include <string_view>

namespace millrace {

/// The least and the greatest timestamp: years 0000 and 9999 (rule 1), microseconds.
inline constexpr int64_t kMinTime = -62167219200000000;
inline constexpr int64_t kMaxTime = MR_MAX_TIME;
/// Watermarks before everything and after everything.
inline constexpr int64_t kMinusInfinity = INT64_MIN;
inline constexpr int64_t kPlusInfinity = INT64_MAX;

/// What went wrong, by mr_error_kind.
constexpr std::string_view errorKindText(uint32_t kind) {
  switch (kind) {
  case MR_OVERFLOW:
    return "overflow";
  case MR_DIVISION_BY_ZERO:
    return "division by zero";
  case MR_BAD_CAST:
    return "cannot convert";
  case MR_BAD_INDEX:
    return "index out of range";
  case MR_MISSING:
    return "missing";
  case MR_WRONG_TYPE:
    return "wrong type";
  case MR_OUT_OF_RANGE:
    return "out of range";
  case MR_BAD_TIME:
    return "not a time";
  }
  return "error";
}

/// What stands between a field with declared values and these, in a site's text: "field `mag` between 0 and 9". Only an
/// error of the range shows it.
inline constexpr std::string_view kRangeWord = "` between ";

/// The reason of a bad record: the kind, then the site's text (mr_site_desc::text: "a / b", "field `mag`").
inline std::string reasonText(uint32_t kind, std::string_view site) {
  if (size_t range = site.rfind(kRangeWord);
      range != site.npos && site.starts_with("field `") && kind != MR_OUT_OF_RANGE)
    site = site.substr(0, range + 1);
  std::string text(errorKindText(kind));
  if (!site.empty())
    text.append(": ").append(site);
  return text;
}

/// The reason of a record whose event time cannot be read (it is not well-formed, rule 48). `status` is its status byte
/// (null counts as missing); `field` is the event time's field, empty where it is an expression.
inline std::string eventTimeReason(uint8_t status, std::string_view field) {
  uint32_t kind = status >= MR_ERROR_BASE ? status - MR_ERROR_BASE : uint32_t(MR_MISSING);
  return reasonText(kind, field.empty() ? std::string("event time") : "field `" + std::string(field) + "`");
}

/// What a record's reason names when the watermark that it would bring is an error: "overflow: the watermark".
inline constexpr std::string_view kWatermarkSite = "the watermark";

/// What a record's reason names when its window leaves the range of timestamps: "overflow: the window".
inline constexpr std::string_view kWindowSite = "the window";
/// That error's number: it has no site.
inline constexpr mr_error kWindowError = MR_WINDOW_ERROR;
/// The same of a session whose gap comes from the record and is null, zero or below: "out of range: " and this.
inline constexpr std::string_view kGapSite = "the gap, which is null or not above zero";

/// What such a reason names; empty: the error has a site.
constexpr std::string_view siteOfWindow(mr_error error) {
  return error == kWindowError ? kWindowSite : error == MR_GAP_ERROR ? kGapSite : std::string_view();
}

} // namespace millrace

#endif
