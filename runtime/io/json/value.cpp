//===- value.cpp - JSON tokens as values of fields ------------------------===//
#include "runtime/io/json/value.h"
#include "runtime/values/calendar.h"
#include "runtime/values/parse.h"
#include "runtime/values/string_view.h"

#include <cstring>

using namespace millrace;
using namespace millrace::json;

//===-- numbers -----------------------------------------------------------===//

namespace {
/// A number of JSON taken apart: value = ±0.d₁d₂d₃… × 10^point, `digits` may begin with zeros.
struct Decimal {
  std::string_view whole, fraction;
  int64_t exponent = 0;
  bool negative = false;
  explicit Decimal(std::string_view text);
  size_t size() const { return whole.size() + fraction.size(); }
  uint32_t digit(size_t i) const { return uint32_t((i < whole.size() ? whole[i] : fraction[i - whole.size()]) - '0'); }
};
} // namespace

Decimal::Decimal(std::string_view text) {
  negative = text[0] == '-';
  size_t at = negative, begin = at;
  while (at < text.size() && uint8_t(text[at] - '0') < 10)
    ++at;
  whole = text.substr(begin, at - begin);
  if (at < text.size() && text[at] == '.') {
    begin = ++at;
    while (at < text.size() && uint8_t(text[at] - '0') < 10)
      ++at;
    fraction = text.substr(begin, at - begin);
  }
  if (at == text.size())
    return;
  bool down = text[++at] == '-';
  at += down || text[at] == '+';
  for (; at < text.size(); ++at) // beyond a record's length the digits of the mantissa cannot make up for it
    exponent = exponent > 100'000'000 ? exponent : exponent * 10 + (text[at] - '0');
  exponent = down ? -exponent : exponent;
}

bool millrace::json::scaledFloor(std::string_view number, int power, int64_t &result) {
  Decimal decimal(number);
  int64_t point = int64_t(decimal.whole.size()) + decimal.exponent + power; // digits before it are the whole part
  uint64_t magnitude = 0;
  bool rest = false, any = false;
  size_t size = decimal.size();
  for (size_t i = 0; i < size; ++i) {
    uint32_t digit = decimal.digit(i);
    any |= digit != 0;
    if (int64_t(i) >= point)
      rest |= digit != 0;
    else if (__builtin_mul_overflow(magnitude, 10u, &magnitude) || __builtin_add_overflow(magnitude, digit, &magnitude))
      return false;
  }
  for (int64_t i = int64_t(size); any && i < point; ++i)
    if (__builtin_mul_overflow(magnitude, 10u, &magnitude))
      return false;
  magnitude += decimal.negative && rest; // down, not towards zero
  if (magnitude > uint64_t(INT64_MAX))
    return false;
  result = decimal.negative ? -int64_t(magnitude) : int64_t(magnitude);
  return true;
}

static uint8_t numberStatus(Parse parse) {
  switch (parse) {
  case Parse::Ok:
    return MR_VALUE;
  case Parse::Range:
    return statusOf(MR_OUT_OF_RANGE);
  case Parse::Syntax:
  case Parse::Fraction:
    break;
  }
  return statusOf(MR_WRONG_TYPE);
}

template <typename T> static uint8_t put(Parse parse, T value, uint8_t *out) {
  if (parse == Parse::Ok)
    std::memcpy(out, &value, sizeof value);
  return numberStatus(parse);
}

static uint8_t fitInteger(uint8_t type, std::string_view text, uint8_t *out) {
  uint64_t bits = 0;
  Parse parse = parseInteger(text, mr_type(type), bits);
  if (parse == Parse::Ok)
    std::memcpy(out, &bits, typeSize(type)); // little end first
  return numberStatus(parse);
}

static uint8_t fitFloat(uint8_t type, const Token &token, uint8_t *out) {
  if (token.kind == Token::String && token.text != "NaN" && token.text != "Infinity" && token.text != "-Infinity")
    return statusOf(MR_WRONG_TYPE);
  bool special = token.kind == Token::String;
  if (type == MR_F64) {
    double value = 0;
    Parse parse = parseF64(token.text, value, special);
    return put(parse, value, out);
  }
  float value = 0;
  Parse parse = parseF32(token.text, value, special);
  return put(parse, value, out);
}

//===-- times -------------------------------------------------------------===//

static uint8_t fitTimeNumber(const Field &field, std::string_view text, uint8_t *out) {
  int64_t micros = 0;
  int power = field.unit == TimeUnit::Seconds        ? 6
              : field.unit == TimeUnit::Milliseconds ? 3
              : field.unit == TimeUnit::Microseconds ? 0
                                                     : -3;
  if (!scaledFloor(text, power, micros))
    return statusOf(MR_OUT_OF_RANGE);
  if (field.type == MR_TIMESTAMP && (micros < kFirstTime || micros > kLastTime))
    return statusOf(MR_OUT_OF_RANGE);
  std::memcpy(out, &micros, sizeof micros);
  return MR_VALUE;
}

static uint8_t timeStatus(Parse parse) {
  return parse == Parse::Ok ? MR_VALUE : statusOf(parse == Parse::Range ? MR_OUT_OF_RANGE : MR_BAD_TIME);
}

static uint8_t fitTimeText(uint8_t type, std::string_view text, uint8_t *out) {
  if (type == MR_DATE) {
    int32_t days = 0;
    Parse parse = parseDate(text, days);
    if (parse == Parse::Ok)
      std::memcpy(out, &days, sizeof days);
    return timeStatus(parse);
  }
  int64_t micros = 0;
  Parse parse = type == MR_TIMESTAMP ? parseTimestamp(text, micros) : parseDuration(text, micros);
  if (parse == Parse::Ok)
    std::memcpy(out, &micros, sizeof micros);
  return timeStatus(parse);
}

//===-- strings -----------------------------------------------------------===//

static uint32_t hex4(const char *at) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    uint32_t c = uint8_t(at[i]);
    value = value << 4 | ((c & 0xf) + (c > '9' ? 9 : 0));
  }
  return value;
}

static char *putUtf8(char *out, uint32_t c) {
  if (c < 0x80) {
    *out++ = char(c);
  } else if (c < 0x800) {
    *out++ = char(0xc0 | c >> 6);
    *out++ = char(0x80 | (c & 63));
  } else if (c < 0x10000) {
    *out++ = char(0xe0 | c >> 12);
    *out++ = char(0x80 | (c >> 6 & 63));
    *out++ = char(0x80 | (c & 63));
  } else {
    *out++ = char(0xf0 | c >> 18);
    *out++ = char(0x80 | (c >> 12 & 63));
    *out++ = char(0x80 | (c >> 6 & 63));
    *out++ = char(0x80 | (c & 63));
  }
  return out;
}

size_t millrace::json::unescape(std::string_view text, char *out) {
  char *begin = out;
  const char *at = text.data(), *end = at + text.size();
  while (at != end) {
    const char *back = static_cast<const char *>(std::memchr(at, '\\', size_t(end - at)));
    size_t plain = size_t((back ? back : end) - at);
    std::memmove(out, at, plain);
    out += plain;
    if (!back)
      break;
    at = back + 2;
    switch (char c = back[1]) {
    case 'b':
      *out++ = '\b';
      break;
    case 'f':
      *out++ = '\f';
      break;
    case 'n':
      *out++ = '\n';
      break;
    case 'r':
      *out++ = '\r';
      break;
    case 't':
      *out++ = '\t';
      break;
    case 'u': {
      uint32_t code = hex4(at);
      at += 4;
      if (code >= 0xd800 && code < 0xdc00) {
        code = 0x10000 + ((code - 0xd800) << 10) + (hex4(at + 2) - 0xdc00);
        at += 6;
      }
      out = putUtf8(out, code);
      break;
    }
    default:
      *out++ = c;
    }
  }
  return size_t(out - begin);
}

/// The token's bytes without escapes.
static std::string_view plainText(const Token &token, Arena &arena) {
  if (!token.escaped)
    return token.text;
  uint8_t *room = arena.get(token.text.size());
  size_t size = unescape(token.text, reinterpret_cast<char *>(room));
  arena.shrink(room, size);
  return {reinterpret_cast<char *>(room), size};
}

static int base64Digit(char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/// Strict: whole groups of four, padding only at the end, no bits behind the last byte.
static bool decodeBase64(std::string_view text, uint8_t *out, size_t &size) {
  if (text.size() % 4)
    return false;
  size_t padding = text.empty() ? 0 : (text.back() == '=') + (text[text.size() - 2] == '=' && text.back() == '=');
  uint8_t *begin = out;
  for (size_t at = 0; at < text.size(); at += 4) {
    bool last = at + 4 == text.size();
    uint32_t word = 0;
    for (size_t i = 0; i < 4; ++i) {
      int digit = last && i >= 4 - padding ? 0 : base64Digit(text[at + i]);
      if (digit < 0)
        return false;
      word = word << 6 | uint32_t(digit);
    }
    size_t bytes = last ? 3 - padding : 3;
    if (word & ((uint32_t(1) << (24 - 8 * bytes)) - 1))
      return false;
    for (size_t i = 0; i < bytes; ++i)
      *out++ = uint8_t(word >> (16 - 8 * i));
  }
  size = size_t(out - begin);
  return true;
}

static uint8_t fitString(uint8_t type, const Token &token, Arena &arena, uint8_t *out) {
  std::string_view text = plainText(token, arena);
  if (type == MR_BYTES) {
    uint8_t *room = arena.get(text.size());
    size_t size = 0;
    if (!decodeBase64(text, room, size))
      return statusOf(MR_WRONG_TYPE);
    arena.shrink(room, size);
    text = {reinterpret_cast<char *>(room), size};
  }
  mr_string value = text.empty() ? mr_string{0, 0} : stringOf(text);
  std::memcpy(out, &value, sizeof value);
  return MR_VALUE;
}

//===-- lists -------------------------------------------------------------===//

namespace {
/// Walks over the elements of a valid array of any kind.
class Elements {
public:
  explicit Elements(std::string_view array) : at(array.data() + 1), end(array.data() + array.size() - 1) {}
  bool next(Token &token);

private:
  void skipBlanks() {
    while (at != end && (*at == ' ' || *at == '\t' || *at == '\r' || *at == '\n' || *at == ','))
      ++at;
  }
  void skipString(bool &escaped) {
    for (++at; *at != '"'; ++at)
      if (*at == '\\')
        ++at, escaped = true;
    ++at;
  }
  void skipContainer() {
    size_t depth = 0;
    bool escaped = false;
    do {
      if (*at == '"') {
        skipString(escaped);
        continue;
      }
      depth += *at == '[' || *at == '{';
      depth -= *at == ']' || *at == '}';
      ++at;
    } while (depth);
  }
  const char *at, *end;
};
} // namespace

bool Elements::next(Token &token) {
  skipBlanks();
  if (at == end)
    return false;
  const char *begin = at;
  token.escaped = false;
  switch (*at) {
  case '"':
    token.kind = Token::String;
    skipString(token.escaped);
    token.text = {begin + 1, size_t(at - begin - 2)};
    return true;
  case '[':
  case '{':
    token.kind = *at == '[' ? Token::Array : Token::Object;
    skipContainer();
    break;
  default:
    token.kind = *at == 'n' ? Token::Null : *at == 't' ? Token::True : *at == 'f' ? Token::False : Token::Number;
    while (at != end && *at != ',' && *at != ' ' && *at != '\t' && *at != '\r' && *at != '\n')
      ++at;
  }
  token.text = {begin, size_t(at - begin)};
  return true;
}

static uint8_t fitList(const Field &field, const Token &token, Arena &arena, uint8_t *out) {
  uint64_t count = 0;
  Token element;
  for (Elements all(token.text); all.next(element);)
    ++count;
  uint32_t width = typeSize(field.element);
  uint8_t *room = arena.get(count * width + (field.elementNullable ? count : 0));
  Field one = field;
  one.type = field.element;
  uint64_t i = 0;
  for (Elements all(token.text); all.next(element); ++i) {
    uint8_t status = MR_NULL;
    if (element.kind == Token::Null)
      std::memset(room + i * width, 0, width);
    else
      status = fitValue(one, element, arena, room + i * width);
    if (status == MR_NULL && !field.elementNullable)
      status = statusOf(MR_MISSING);
    if (status >= MR_ERROR_BASE)
      return status;
    if (field.elementNullable)
      room[count * width + i] = status;
  }
  mr_list list{room, count};
  std::memcpy(out, &list, sizeof list);
  return MR_VALUE;
}

//===-- all ---------------------------------------------------------------===//

uint8_t millrace::json::fitValue(const Field &field, const Token &token, Arena &arena, uint8_t *out) {
  bool isNumber = token.kind == Token::Number, isString = token.kind == Token::String;
  std::memset(out, 0, typeSize(field.type));
  switch (field.type) {
  case MR_BOOL:
    *out = token.kind == Token::True;
    return token.kind == Token::True || token.kind == Token::False ? uint8_t(MR_VALUE) : statusOf(MR_WRONG_TYPE);
  case MR_F32:
  case MR_F64:
    return isNumber || isString ? fitFloat(field.type, token, out) : statusOf(MR_WRONG_TYPE);
  case MR_STRING:
  case MR_BYTES:
    return isString ? fitString(field.type, token, arena, out) : statusOf(MR_WRONG_TYPE);
  case MR_TIMESTAMP:
  case MR_DURATION:
    if (field.unit != TimeUnit::Text)
      return isNumber ? fitTimeNumber(field, token.text, out) : statusOf(MR_WRONG_TYPE);
    [[fallthrough]];
  case MR_DATE:
    return isString ? fitTimeText(field.type, plainText(token, arena), out) : statusOf(MR_WRONG_TYPE);
  case MR_LIST:
    return token.kind == Token::Array ? fitList(field, token, arena, out) : statusOf(MR_WRONG_TYPE);
  default:
    return isNumber ? fitInteger(field.type, token.text, out) : statusOf(MR_WRONG_TYPE);
  }
}
