//===- record.cpp - the general path: any JSON record ---------------------===//
//
// Recursive descent over the bytes, with the node of the path tree where we
// are (0 where nothing is used). Depth is bounded by the limits.
//
//===----------------------------------------------------------------------===//
#include "runtime/io/json/record.h"
#include "runtime/engine/errors.h"
#include "runtime/io/json/utf8.h"

#include <cstring>
#include <immintrin.h>

using namespace millrace;
using namespace millrace::json;

RecordParser::RecordParser(const Schema &schema, const Limits &limits)
    : schema(schema), limits(limits), seen(schema.nodes.size(), 0) {
  if (this->limits.depth > maxDepthLimit)
    this->limits.depth = maxDepthLimit;
}

//===-- messages ----------------------------------------------------------===//

bool RecordParser::fail(const uint8_t *where, std::string reason) {
  flaw->reason = std::move(reason);
  flaw->byte = uint64_t(where - begin);
  return false;
}

/// A byte of the record as a message shows it.
static std::string shown(const uint8_t *at, const uint8_t *end) {
  if (at == end)
    return "the end of the record";
  if (*at > 0x20 && *at < 0x7f)
    return std::string("`") + char(*at) + "`";
  static const char digits[] = "0123456789abcdef";
  return std::string("the byte 0x") + digits[*at >> 4] + digits[*at & 15];
}

bool RecordParser::expected(const char *what) {
  return fail(at, std::string("invalid JSON: expected ") + what + ", found " + shown(at, end));
}

/// A name or a piece of text in a message, not longer than is readable. UTF-8 was checked.
static std::string quoted(std::string_view text) {
  size_t size = text.size() > 40 ? 40 : text.size();
  while (size < text.size() && (text[size] & 0xc0) == 0x80)
    --size;
  return "`" + std::string(text.substr(0, size)) + (size < text.size() ? "…`" : "`");
}

//===-- tokens ------------------------------------------------------------===//

void RecordParser::skipBlanks() {
  while (at != end && (*at == ' ' || *at == '\t' || *at == '\r'))
    ++at;
}

static bool isHex(uint8_t c) { return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'f'); }

/// Reads the four digits of \uXXXX at `at`; -1 if they are not there.
static int32_t codeUnit(const uint8_t *at, const uint8_t *end) {
  if (end - at < 4)
    return -1;
  int32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    if (!isHex(at[i]))
      return -1;
    value = value << 4 | ((at[i] & 0xf) + (at[i] > '9' ? 9 : 0));
  }
  return value;
}

/// At a backslash.
bool RecordParser::escape() {
  const uint8_t *start = at++;
  if (at == end)
    return fail(at, "invalid JSON: the record ends inside a string");
  if (*at != 'u') {
    if (*at == 0 || !std::strchr("\"\\/bfnrt", *at))
      return fail(start, "invalid JSON: no such escape in a string: `\\` and " + shown(at, end));
    ++at;
    return true;
  }
  int32_t unit = codeUnit(++at, end);
  if (unit < 0)
    return fail(start, "invalid JSON: `\\u` needs four hexadecimal digits");
  at += 4;
  if (unit < 0xd800 || unit > 0xdfff)
    return true;
  if (unit < 0xdc00 && end - at >= 6 && at[0] == '\\' && at[1] == 'u') {
    int32_t low = codeUnit(at + 2, end);
    if (low >= 0xdc00 && low <= 0xdfff) {
      at += 6;
      return true;
    }
  }
  return fail(start, "invalid JSON: half of a surrogate pair (no character)");
}

/// Bytes up to the next quote, backslash or control byte; reads up to 31 bytes beyond.
static const uint8_t *plainEnd(const uint8_t *at, const uint8_t *end) {
  const __m256i quote = _mm256_set1_epi8('"'), backslash = _mm256_set1_epi8('\\'), control = _mm256_set1_epi8(0x1f);
  for (; at < end; at += 32) {
    __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(at));
    __m256i hit = _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(v, quote), _mm256_cmpeq_epi8(v, backslash)),
                                  _mm256_cmpeq_epi8(_mm256_min_epu8(v, control), v));
    if (uint32_t mask = uint32_t(_mm256_movemask_epi8(hit))) {
      at += __builtin_ctz(mask);
      return at < end ? at : end;
    }
  }
  return end;
}

/// At a quote.
bool RecordParser::string(Token &token) {
  const uint8_t *start = ++at;
  token.kind = Token::String;
  token.escaped = false;
  while (true) {
    at = plainEnd(at, end);
    if (uint64_t(at - start) > limits.string)
      return fail(start - 1, "a string is longer than " + std::to_string(limits.string) + " bytes");
    if (at == end)
      return fail(at, "invalid JSON: the record ends inside a string");
    if (*at == '"')
      break;
    if (*at != '\\')
      return fail(at, "invalid JSON: a string holds " + shown(at, end) + ", which must be written as an escape");
    token.escaped = true;
    if (!escape())
      return false;
  }
  token.text = {reinterpret_cast<const char *>(start), size_t(at - start)};
  ++at;
  return true;
}

static const uint8_t *skipDigits(const uint8_t *at, const uint8_t *end) {
  while (at != end && uint8_t(*at - '0') < 10)
    ++at;
  return at;
}

bool RecordParser::number(Token &token) {
  const uint8_t *start = at;
  at += *at == '-';
  const uint8_t *digits = at;
  at = skipDigits(at, end);
  if (at == digits)
    return expected(*start == '-' ? "a digit after `-`" : "a value");
  if (*digits == '0' && at - digits > 1)
    return fail(start, "invalid JSON: a number begins with a superfluous zero");
  if (at != end && *at == '.') {
    digits = ++at;
    at = skipDigits(at, end);
    if (at == digits)
      return expected("a digit after the decimal point");
  }
  if (at != end && (*at | 0x20) == 'e') {
    ++at;
    at += at != end && (*at == '+' || *at == '-');
    digits = at;
    at = skipDigits(at, end);
    if (at == digits)
      return expected("a digit in the exponent");
  }
  token.kind = Token::Number;
  token.text = {reinterpret_cast<const char *>(start), size_t(at - start)};
  return true;
}

bool RecordParser::word(const char *text, Token::Kind kind, Token &token) {
  size_t size = std::strlen(text);
  if (size_t(end - at) < size || std::memcmp(at, text, size) != 0)
    return expected("a value");
  token.kind = kind;
  at += size;
  return true;
}

//===-- the fields of a place ---------------------------------------------===//

void RecordParser::setStatus(uint32_t field, uint8_t status) { columns[field].status[row] = status; }

void RecordParser::assign(const std::vector<uint32_t> &fields, const Token &token) {
  for (uint32_t i : fields) {
    const Field &field = schema.fields[i];
    setStatus(i, fitValue(field, token, *arena, columns[i].values + size_t(row) * typeSize(field.type)));
  }
}

void RecordParser::assignWrongType(const std::vector<uint32_t> &fields) {
  for (uint32_t i : fields)
    setStatus(i, statusOf(MR_WRONG_TYPE));
}

/// The place holds an object or an array: what is looked for in the other kind is of the wrong type.
void RecordParser::mismatch(const PathNode *node, bool isObject) {
  auto subtree = [&](uint32_t child) {
    assignWrongType(schema.nodes[child].fields);
    assignWrongType(schema.nodes[child].below);
  };
  if (isObject)
    for (auto &element : node->elements)
      subtree(element.node);
  else
    for (auto &member : node->members)
      subtree(member.node);
}

//===-- values ------------------------------------------------------------===//

bool RecordParser::scalar(const PathNode *node) {
  Token token;
  bool good;
  switch (at == end ? 0 : *at) {
  case '"':
    good = string(token);
    break;
  case 't':
    good = word("true", Token::True, token);
    break;
  case 'f':
    good = word("false", Token::False, token);
    break;
  case 'n':
    good = word("null", Token::Null, token);
    break;
  default:
    if (at == end)
      return expected("a value");
    good = number(token);
  }
  if (!good || !node || token.kind == Token::Null)
    return good;
  assign(node->fields, token);
  assignWrongType(node->below);
  return true;
}

bool RecordParser::value(const PathNode *node, uint32_t depth) {
  bool isObject = at != end && *at == '{';
  if (!isObject && (at == end || *at != '['))
    return scalar(node);
  const uint8_t *start = at;
  if (depth == limits.depth)
    return fail(at, "nested more than " + std::to_string(limits.depth) + " deep");
  if (node)
    mismatch(node, isObject);
  if (!(isObject ? object(node, depth + 1) : array(node, depth + 1)))
    return false;
  if (node) {
    Token token;
    token.kind = isObject ? Token::Object : Token::Array;
    token.text = {reinterpret_cast<const char *>(start), size_t(at - start)};
    assign(node->fields, token);
  }
  return true;
}

bool RecordParser::memberNode(const PathNode *node, const Token &name, const uint8_t *where, const PathNode *&child) {
  child = nullptr;
  if (!node || node->members.empty())
    return true;
  std::string_view text = name.text;
  if (name.escaped) {
    scratch.resize(text.size());
    text = {scratch.data(), unescape(text, scratch.data())};
  }
  for (auto &member : node->members) {
    if (member.name != text)
      continue;
    if (seen[member.node] == recordNumber)
      return fail(where, "the member " + quoted(text) + " occurs twice");
    seen[member.node] = recordNumber;
    child = &schema.nodes[member.node];
    break;
  }
  return true;
}

bool RecordParser::object(const PathNode *node, uint32_t depth) {
  ++at;
  skipBlanks();
  if (at != end && *at == '}') {
    ++at;
    return true;
  }
  while (true) {
    if (at == end || *at != '"')
      return expected("a member's name in quotes");
    const uint8_t *where = at;
    Token name;
    const PathNode *child;
    if (!string(name) || !memberNode(node, name, where, child))
      return false;
    if (++members > limits.members)
      return fail(where, "more than " + std::to_string(limits.members) + " members");
    skipBlanks();
    if (at == end || *at != ':')
      return expected("`:` after a member's name");
    ++at;
    skipBlanks();
    if (!value(child, depth))
      return false;
    skipBlanks();
    if (at == end || (*at != ',' && *at != '}'))
      return expected("`,` or `}` after a member");
    if (*at++ == '}')
      return true;
    skipBlanks();
  }
}

bool RecordParser::array(const PathNode *node, uint32_t depth) {
  ++at;
  skipBlanks();
  if (at != end && *at == ']') {
    ++at;
    return true;
  }
  for (uint64_t i = 0;; ++i) {
    const PathNode *child = nullptr;
    if (node)
      for (auto &element : node->elements)
        if (element.index == i)
          child = &schema.nodes[element.node];
    if (!value(child, depth))
      return false;
    skipBlanks();
    if (at == end || (*at != ',' && *at != ']'))
      return expected("`,` or `]` after an element");
    if (*at++ == ']')
      return true;
    skipBlanks();
  }
}

//===-- the record --------------------------------------------------------===//

bool RecordParser::parse(std::string_view record, const FieldColumn *columns_, uint32_t row_, Arena &arena_,
                         uint32_t &dirty, Flaw &flaw_) {
  begin = at = reinterpret_cast<const uint8_t *>(record.data());
  end = begin + record.size();
  columns = columns_;
  row = row_;
  arena = &arena_;
  flaw = &flaw_;
  members = 0;
  ++recordNumber;
  size_t wrong = invalidUtf8(begin, record.size());
  if (wrong != record.size())
    return fail(begin + wrong, "invalid UTF-8: " + shown(begin + wrong, end));
  if (record.substr(0, 3) == "\xef\xbb\xbf")
    return fail(begin, "invalid JSON: a byte order mark; the input must be UTF-8 without one");
  for (uint32_t i = 0; i < schema.fields.size(); ++i) {
    uint32_t width = typeSize(schema.fields[i].type);
    std::memset(columns[i].values + size_t(row) * width, 0, width);
    setStatus(i, missingStatus(schema.fields[i]));
  }
  skipBlanks();
  const uint8_t *start = at;
  if (!value(&schema.nodes[0], 0))
    return false;
  skipBlanks();
  if (at != end)
    return fail(at, "invalid JSON: text after the end of the record: " + shown(at, end));
  if (*start != '{')
    return fail(start, std::string("the record is ") +
                           (*start == '['   ? "an array"
                            : *start == '"' ? "a string"
                                            : "a bare value") +
                           ", not an object");
  uint8_t worst = 0;
  for (uint32_t i = 0; i < schema.fields.size(); ++i)
    worst = std::max(worst, columns[i].status[row]);
  if (schema.eventTime >= 0 && columns[schema.eventTime].status[row] != MR_VALUE)
    return fail(begin, eventTimeReason(columns[schema.eventTime].status[row], schema.eventTimeName));
  dirty |= worst >= MR_ERROR_BASE;
  return true;
}
