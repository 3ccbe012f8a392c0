//===- Json.cpp - a record of JSON, read strictly -----------------------------===//
#include "Json.h"
#include "Text.h"

using namespace millrace::reference;

namespace {
class Reader {
public:
  Reader(std::string_view text, const JsonLimits &limits) : text(text), limits(limits) {}

  bool readAll(Json &json) {
    bool good = readValue(json, 0);
    skipBlanks();
    return good && at == text.size();
  }

private:
  void skipBlanks() {
    while (at < text.size() && std::string_view(" \t\r\n").find(text[at]) != std::string_view::npos)
      ++at;
  }
  bool take(char c) {
    bool is = at < text.size() && text[at] == c;
    at += is;
    return is;
  }
  bool takeWord(std::string_view word) {
    bool is = text.substr(at, word.size()) == word;
    at += is ? word.size() : 0;
    return is;
  }

  bool readValue(Json &json, size_t depth);
  bool readNumber(Json &json);
  bool readString(std::string &out);
  bool readEscape(std::u32string &out);
  bool readHex4(char32_t &code);
  bool readArray(Json &json, size_t depth);
  bool readObject(Json &json, size_t depth);

  std::string_view text;
  size_t at = 0, members = 0;
  const JsonLimits &limits;
};
} // namespace

bool Reader::readValue(Json &json, size_t depth) {
  skipBlanks();
  if (at == text.size())
    return false;
  switch (text[at]) {
  case '{':
    json.kind = Json::Kind::Object;
    return depth < limits.depth && readObject(json, depth + 1);
  case '[':
    json.kind = Json::Kind::Array;
    return depth < limits.depth && readArray(json, depth + 1);
  case '"':
    json.kind = Json::Kind::String;
    return readString(json.text);
  case 't':
    json.kind = Json::Kind::True;
    return takeWord("true");
  case 'f':
    json.kind = Json::Kind::False;
    return takeWord("false");
  case 'n':
    json.kind = Json::Kind::Null;
    return takeWord("null");
  default:
    json.kind = Json::Kind::Number;
    return readNumber(json);
  }
}

bool Reader::readNumber(Json &json) {
  size_t begin = at;
  while (at < text.size() && std::string_view("+-.eE0123456789").find(text[at]) != std::string_view::npos)
    ++at;
  json.text = text.substr(begin, at - begin);
  return isJsonNumber(json.text);
}

bool Reader::readHex4(char32_t &code) {
  code = 0;
  for (int i = 0; i < 4; ++i, ++at) {
    if (at == text.size() || !isxdigit(uint8_t(text[at])))
      return false;
    code = code << 4 | char32_t(std::stoi(std::string(1, text[at]), nullptr, 16));
  }
  return true;
}

/// What follows a backslash. A surrogate must be the high one of a pair.
bool Reader::readEscape(std::u32string &out) {
  if (at == text.size())
    return false;
  static const std::string_view letters = "\"\\/bfnrt";
  static const char32_t meanings[] = U"\"\\/\b\f\n\r\t";
  char c = text[at++];
  if (size_t letter = letters.find(c); letter != letters.npos) {
    out += meanings[letter];
    return true;
  }
  char32_t code = 0, low = 0;
  if (c != 'u' || !readHex4(code))
    return false;
  if (code >= 0xd800 && code < 0xe000) {
    if (code >= 0xdc00 || !takeWord("\\u") || !readHex4(low) || low < 0xdc00 || low >= 0xe000)
      return false;
    code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
  }
  out += code;
  return true;
}

bool Reader::readString(std::string &out) {
  if (!take('"'))
    return false;
  size_t begin = at;
  out.clear();
  while (!take('"')) {
    if (at == text.size() || uint8_t(text[at]) < 0x20)
      return false;
    std::u32string escaped;
    if (!take('\\'))
      out += text[at++];
    else if (readEscape(escaped))
      out += encodeUtf8(escaped);
    else
      return false;
  }
  return at - 1 - begin <= limits.string;
}

bool Reader::readArray(Json &json, size_t depth) {
  take('[');
  skipBlanks();
  if (take(']'))
    return true;
  do {
    if (!readValue(json.items.emplace_back(), depth))
      return false;
    skipBlanks();
  } while (take(','));
  return take(']');
}

bool Reader::readObject(Json &json, size_t depth) {
  take('{');
  skipBlanks();
  if (take('}'))
    return true;
  do {
    skipBlanks();
    std::string name;
    if (++members > limits.members || !readString(name))
      return false;
    skipBlanks();
    if (!take(':'))
      return false;
    json.names.push_back(std::move(name));
    if (!readValue(json.items.emplace_back(), depth))
      return false;
    skipBlanks();
  } while (take(','));
  return take('}');
}

std::optional<Json> millrace::reference::readJson(std::string_view line, const JsonLimits &limits) {
  Json json;
  if (!isUtf8(line) || !Reader(line, limits).readAll(json))
    return std::nullopt;
  return json;
}
