//===- Text.cpp - values as text, and back ------------------------------------===//
#include "Text.h"
#include "Time.h"

#include <charconv>
#include <cmath>
#include <cstdlib>

using namespace millrace::reference;

//===-- writing -----------------------------------------------------------===//

static std::string integerText(Integer value) {
  bool negative = value < 0;
  std::string digits;
  for (Integer rest = negative ? -value : value; rest || digits.empty(); rest /= 10)
    digits.insert(digits.begin(), char('0' + int(rest % 10)));
  return (negative ? "-" : "") + digits;
}

/// The shortest digits that are read back as the same float, laid out as ECMAScript's Number::toString does. The whole
/// numbers below 2^24 (f32) and 2^53 (f64) are written as integers, which is the same.
template <typename Float> static std::string floatText(Float value) {
  if (std::isnan(value))
    return "NaN";
  if (value == 0)
    return "0"; // rule 26: -0 prints as 0
  std::string sign = value < 0 ? "-" : "";
  value = std::fabs(value);
  if (std::isinf(value))
    return sign + "Infinity";
  char buffer[64];
  std::string text(buffer, std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr);
  size_t mark = text.find('e');
  int point = std::atoi(text.c_str() + mark + 1) + 1; // digits before the decimal point
  std::string digits = text.substr(0, mark);
  if (digits.size() > 1)
    digits.erase(1, 1);
  int n = int(digits.size());
  if (n <= point && point <= 21)
    return sign + digits + std::string(size_t(point - n), '0');
  if (0 < point && point <= 21)
    return sign + digits.substr(0, size_t(point)) + "." + digits.substr(size_t(point));
  if (-6 < point && point <= 0)
    return sign + "0." + std::string(size_t(-point), '0') + digits;
  std::string exponent = (point > 0 ? "+" : "") + std::to_string(point - 1);
  return sign + digits.substr(0, 1) + (n > 1 ? "." + digits.substr(1) : "") + "e" + exponent;
}

static std::string encodeBase64(std::string_view bytes) {
  static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (size_t at = 0; at < bytes.size(); at += 3) {
    size_t count = std::min<size_t>(3, bytes.size() - at);
    uint32_t word = 0;
    for (size_t i = 0; i < 3; ++i)
      word = word << 8 | (i < count ? uint8_t(bytes[at + i]) : 0);
    for (size_t i = 0; i < 4; ++i)
      text += i <= count ? digits[word >> (18 - 6 * i) & 63] : '=';
  }
  return text;
}

std::string millrace::reference::toText(const Value &value, Kind kind) {
  switch (kind) {
  case Kind::Bool:
    return value.integer() ? "true" : "false";
  case Kind::F32:
    return floatText(float(value.real()));
  case Kind::F64:
    return floatText(value.real());
  case Kind::String:
    return value.text();
  case Kind::Bytes:
    return encodeBase64(value.text());
  case Kind::Timestamp:
    return timestampText(int64_t(value.integer()));
  case Kind::Duration:
    return durationText(int64_t(value.integer()));
  case Kind::Date:
    return dateText(int64_t(value.integer()));
  default:
    return integerText(value.integer());
  }
}

std::string millrace::reference::quoteJson(std::string_view text) {
  std::string quoted = "\"";
  for (char c : text) {
    char buffer[8];
    switch (c) {
    case '"':
      quoted += "\\\"";
      break;
    case '\\':
      quoted += "\\\\";
      break;
    case '\b':
      quoted += "\\b";
      break;
    case '\f':
      quoted += "\\f";
      break;
    case '\n':
      quoted += "\\n";
      break;
    case '\r':
      quoted += "\\r";
      break;
    case '\t':
      quoted += "\\t";
      break;
    default:
      snprintf(buffer, sizeof buffer, "\\u%04x", unsigned(uint8_t(c)));
      quoted += uint8_t(c) < 0x20 ? std::string(buffer) : std::string(1, c);
    }
  }
  return quoted + "\"";
}

std::string millrace::reference::toJson(const Value &value, Kind kind) {
  if (!value.isPresent())
    return "null";
  std::string text = toText(value, kind);
  bool bare = kind == Kind::Bool || isInteger(kind) || (isFloat(kind) && std::isfinite(value.real()));
  return bare ? text : quoteJson(text);
}

std::string millrace::reference::toJson(const Value &value, mlir::Type type) {
  TypeInfo info = describe(type);
  if (!value.isPresent() || (info.kind != Kind::List && info.kind != Kind::Record))
    return toJson(value, info.kind);
  std::string text;
  for (auto [i, inner] : llvm::enumerate(value.list())) {
    text += i ? "," : "";
    if (info.record)
      text += quoteJson(info.record.getNames()[i].strref()) + ":" + toJson(inner, info.record.getTypes()[i]);
    else
      text += toJson(inner, info.element);
  }
  return info.record ? "{" + text + "}" : "[" + text + "]";
}

//===-- numbers -----------------------------------------------------------===//

namespace {
/// A decimal number, exactly: ±digits × 10^exponent, `digits` without zeros at its ends; zero has no digits.
struct Decimal {
  bool negative = false;
  std::string digits;
  int64_t exponent = 0;
};
} // namespace

bool millrace::reference::isJsonNumber(std::string_view text) {
  size_t at = 0;
  auto isDigit = [&] { return at < text.size() && text[at] >= '0' && text[at] <= '9'; };
  auto digits = [&] {
    size_t begin = at;
    while (isDigit())
      ++at;
    return at > begin;
  };
  auto take = [&](std::string_view set) {
    bool is = at < text.size() && set.find(text[at]) != set.npos;
    at += is;
    return is;
  };
  take("-");
  if (!take("0") && !digits())
    return false;
  if (take(".") && !digits())
    return false;
  if (take("eE")) {
    take("+-");
    if (!digits())
      return false;
  }
  return at == text.size();
}

static Decimal readDecimal(std::string_view text) {
  Decimal number;
  number.negative = text.front() == '-';
  text.remove_prefix(number.negative);
  size_t mark = text.find_first_of("eE");
  std::string_view mantissa = text.substr(0, mark);
  if (mark != text.npos) {
    bool down = text[mark + 1] == '-';
    for (char c : text.substr(mark + 1))
      if (c >= '0' && c <= '9') // a record is too short for its digits to make up for such an exponent
        number.exponent = number.exponent > 1'000'000'000 ? number.exponent : number.exponent * 10 + (c - '0');
    number.exponent = down ? -number.exponent : number.exponent;
  }
  size_t point = mantissa.find('.');
  if (point != mantissa.npos)
    number.exponent -= int64_t(mantissa.size() - point - 1);
  for (char c : mantissa)
    if (c != '.')
      number.digits += c;
  number.digits.erase(0, std::min(number.digits.find_first_not_of('0'), number.digits.size()));
  while (!number.digits.empty() && number.digits.back() == '0') {
    number.digits.pop_back();
    ++number.exponent;
  }
  if (number.digits.empty())
    number.exponent = 0;
  return number;
}

/// floor(number), or nothing if it has more than 30 digits. `exact`: nothing was cut.
static std::optional<Integer> floorOf(const Decimal &number, bool &exact) {
  int64_t whole = int64_t(number.digits.size()) + number.exponent; // digits before the point
  exact = number.exponent >= 0;
  if (whole > 30)
    return std::nullopt;
  Integer value = 0;
  for (int64_t i = 0; i < whole; ++i)
    value = value * 10 + (i < int64_t(number.digits.size()) ? number.digits[size_t(i)] - '0' : 0);
  return number.negative ? -value - (exact ? 0 : 1) : value;
}

static Fitted good(Value value) { return {std::move(value), std::nullopt}; }
static Fitted bad(mr_error_kind kind) { return {Value::null(), kind}; }

static Fitted ranged(std::optional<Integer> value, Kind kind) {
  return value && fits(*value, kind) ? good(Value::ofInteger(*value)) : bad(MR_OUT_OF_RANGE);
}

/// Correctly rounded by the C library; rule 48: what rounds to infinity is no value of the type.
static Fitted fitFloat(std::string_view number, Kind kind) {
  std::string text(number);
  double value = kind == Kind::F32 ? double(std::strtof(text.c_str(), nullptr)) : std::strtod(text.c_str(), nullptr);
  return std::isinf(value) ? bad(MR_OUT_OF_RANGE) : good(Value::ofReal(value));
}

Fitted millrace::reference::fitNumber(std::string_view number, Kind kind) {
  if (isFloat(kind))
    return fitFloat(number, kind);
  if (!isInteger(kind))
    return bad(MR_WRONG_TYPE);
  bool exact = false;
  std::optional<Integer> value = floorOf(readDecimal(number), exact);
  return exact ? ranged(value, kind) : bad(MR_WRONG_TYPE);
}

Fitted millrace::reference::fitScaled(std::string_view number, int power, Kind kind) {
  Decimal decimal = readDecimal(number);
  if (!decimal.digits.empty())
    decimal.exponent += power;
  bool exact = false;
  return ranged(floorOf(decimal, exact), kind);
}

//===-- text --------------------------------------------------------------===//

Fitted millrace::reference::fitTimeText(std::string_view text, Kind kind) {
  std::optional<Integer> value;
  if (kind == Kind::Duration) {
    value = parseDuration(text);
  } else if (auto found = kind == Kind::Date ? parseDate(text) : parseTimestamp(text)) {
    value = *found;
  }
  return value ? ranged(value, kind) : bad(MR_BAD_TIME);
}

Fitted millrace::reference::fitText(std::string_view text, Kind kind) {
  if (kind == Kind::String || kind == Kind::Bytes)
    return kind == Kind::String && !isUtf8(text) ? bad(MR_WRONG_TYPE) : good(Value::ofText(std::string(text)));
  if (kind == Kind::Bool)
    return text == "true" || text == "false" ? good(Value::ofBool(text == "true")) : bad(MR_WRONG_TYPE);
  if (!isInteger(kind) && !isFloat(kind))
    return fitTimeText(text, kind);
  if (isFloat(kind) && text == "NaN")
    return good(Value::ofReal(NAN));
  if (isFloat(kind) && (text == "Infinity" || text == "-Infinity"))
    return good(Value::ofReal(text[0] == '-' ? -INFINITY : INFINITY));
  return isJsonNumber(text) ? fitNumber(text, kind) : bad(MR_WRONG_TYPE);
}

std::optional<std::string> millrace::reference::decodeBase64(std::string_view text) {
  static const std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
  std::string bytes;
  uint32_t bits = 0, count = 0;
  for (char c : text.substr(0, text.size() - padding)) {
    size_t digit = alphabet.find(c);
    if (digit == alphabet.npos)
      return std::nullopt;
    bits = bits << 6 | uint32_t(digit);
    if ((count += 6) >= 8) {
      count -= 8;
      bytes += char(bits >> count & 0xff);
      bits &= (1u << count) - 1;
    }
  }
  // Whole groups of four; the padding says how many bits are over, and those are zero.
  return text.size() % 4 == 0 && bits == 0 && count == 2 * padding ? std::optional(bytes) : std::nullopt;
}

//===-- UTF-8 -------------------------------------------------------------===//

/// The code point at `at`, which moves behind it; nothing if it is malformed.
static std::optional<char32_t> nextCodePoint(std::string_view text, size_t &at) {
  uint8_t lead = uint8_t(text[at++]);
  size_t more = lead < 0x80 ? 0 : lead >= 0xf0 && lead < 0xf8 ? 3 : lead >= 0xe0 && lead < 0xf0 ? 2 : 1;
  if (lead >= 0xf8 || (lead >= 0x80 && lead < 0xc0) || text.size() - at < more)
    return std::nullopt;
  char32_t c = more == 0 ? lead : lead & (0x3fu >> more);
  for (size_t i = 0; i < more; ++i) {
    uint8_t byte = uint8_t(text[at++]);
    if ((byte & 0xc0) != 0x80)
      return std::nullopt;
    c = c << 6 | (byte & 0x3f);
  }
  static const char32_t least[] = {0, 0x80, 0x800, 0x10000};
  bool surrogate = c >= 0xd800 && c < 0xe000;
  return c < least[more] || c > 0x10ffff || surrogate ? std::nullopt : std::optional(c);
}

bool millrace::reference::isUtf8(std::string_view text) {
  for (size_t at = 0; at < text.size();)
    if (!nextCodePoint(text, at))
      return false;
  return true;
}

std::u32string millrace::reference::decodeUtf8(std::string_view text) {
  std::u32string points;
  for (size_t at = 0; at < text.size();)
    points += *nextCodePoint(text, at);
  return points;
}

std::string millrace::reference::encodeUtf8(std::u32string_view text) {
  std::string bytes;
  for (char32_t c : text) {
    if (c < 0x80) {
      bytes += char(c);
      continue;
    }
    int more = c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
    bytes += char((0xff00u >> (more + 1) & 0xff) | c >> (6 * more));
    while (more-- > 0)
      bytes += char(0x80 | (c >> (6 * more) & 0x3f));
  }
  return bytes;
}
