//===- RowText.cpp - JSON objects, canonical ---------------------------------===//
#include "Rows.h"
#include "runtime/values/parse.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

using namespace llvm;

namespace millrace::script {
namespace {

constexpr unsigned kDeepest = 200; ///< levels of nesting

/// A number's exact value as text: digits without zeros at their ends, and a power of ten.
std::string canonicalNumber(StringRef text) {
  bool negative = text.consume_front("-");
  auto [mantissa, power] = text.split(text.contains('E') ? 'E' : 'e');
  auto [whole, fraction] = mantissa.split('.');
  int64_t exponent = 0;
  power.consume_front("+");
  if (!power.empty() && power.getAsInteger(10, exponent))
    return text.str(); // a power beyond 64 bits
  std::string digits = (whole + fraction).str();
  exponent -= int64_t(fraction.size());
  StringRef bare = StringRef(digits).ltrim('0');
  if (bare.empty())
    return "0";
  exponent += int64_t(bare.size() - bare.rtrim('0').size());
  return ((negative ? "-" : "") + bare.rtrim('0') + "e" + Twine(exponent)).str();
}

/// Reads one JSON value and writes it canonically.
class Canon {
public:
  explicit Canon(StringRef text) : rest(text), size(text.size()) {}

  std::string problem;
  size_t place = 0; ///< of the problem

  bool object(std::vector<std::pair<std::string, std::string>> &members) {
    skip();
    if (!take('{'))
      return fail("expected `{`");
    if (!inBraces(members))
      return false;
    skip();
    return rest.empty() || fail("`" + rest.take_front(20) + "` behind the object");
  }

private:
  void skip() { rest = rest.ltrim(" \t\r\n"); }
  bool take(char c) {
    skip();
    return rest.consume_front(StringRef(&c, 1));
  }
  bool fail(const Twine &text) {
    if (problem.empty()) {
      problem = text.str();
      place = size - rest.size();
    }
    return false;
  }

  /// Behind `{`, with the `}`.
  bool inBraces(std::vector<std::pair<std::string, std::string>> &members) {
    if (++depth > kDeepest)
      return fail("nested too deeply");
    if (!take('}'))
      do {
        std::string name, value;
        skip();
        if (!string(name))
          return false;
        if (!take(':'))
          return fail("expected `:` behind " + name);
        if (!this->value(value))
          return false;
        members.emplace_back(std::move(name), std::move(value));
      } while (take(','));
    else
      return --depth, true;
    if (!take('}'))
      return fail("expected `,` or `}`" + found());
    --depth;
    llvm::sort(members);
    return true;
  }

  std::string found() const {
    return rest.empty() ? ", found the end of the line" : (", found `" + rest.take_front(20) + "`").str();
  }

  /// A string, written as LLVM writes it.
  bool string(std::string &text) {
    if (!rest.starts_with("\""))
      return fail("expected a text in quotes" + found());
    size_t end = 1;
    while (end < rest.size() && rest[end] != '"')
      end += rest[end] == '\\' ? 2 : 1;
    if (end >= rest.size())
      return fail("a text has no end");
    Expected<json::Value> parsed = json::parse(rest.take_front(end + 1));
    if (!parsed)
      return fail(toString(parsed.takeError()));
    raw_string_ostream(text) << *parsed;
    rest = rest.drop_front(end + 1);
    return true;
  }

  bool list(std::string &text) {
    if (++depth > kDeepest)
      return fail("nested too deeply");
    text = "[";
    if (take(']')) {
      --depth;
      text += "]";
      return true;
    }
    do {
      std::string element;
      if (!value(element))
        return false;
      text += (text.size() > 1 ? "," : "") + element;
    } while (take(','));
    --depth;
    text += "]";
    return take(']') || fail("expected `,` or `]`" + found());
  }

  bool value(std::string &text) {
    skip();
    for (StringRef word : {"null", "true", "false"})
      if (rest.consume_front(word)) {
        text = word.str();
        return true;
      }
    if (rest.starts_with("\""))
      return string(text);
    if (take('['))
      return list(text);
    if (take('{')) {
      std::vector<std::pair<std::string, std::string>> members;
      if (!inBraces(members))
        return false;
      text = joined(members);
      return true;
    }
    StringRef number = rest.take_while([](char c) { return isDigit(c) || StringRef("+-.eE").contains(c); });
    Expected<json::Value> parsed = json::parse(number);
    if (number.empty() || !parsed) {
      if (!parsed)
        consumeError(parsed.takeError());
      return fail("expected a value" + found());
    }
    text = canonicalNumber(number);
    rest = rest.drop_front(number.size());
    return true;
  }

public:
  static std::string joined(ArrayRef<std::pair<std::string, std::string>> members) {
    std::string text = "{";
    for (auto &[name, value] : members)
      text += (text.size() > 1 ? "," : "") + name + ":" + value;
    return text + "}";
  }

private:
  StringRef rest;
  size_t size;
  unsigned depth = 0;
};

} // namespace

void countTimes(Row &row, ArrayRef<std::pair<std::string, mr_type>> times) {
  for (auto &[quoted, value] : row.members)
    for (auto &[name, type] : times) {
      uint64_t micros;
      StringRef text = value;
      if (StringRef(quoted).drop_front().drop_back() == name && text.consume_front("\"") && text.consume_back("\"") &&
          parseValue(std::string_view(text), type, micros) == Parse::Ok)
        value = "\"" + std::to_string(int64_t(micros)) + " us\"";
    }
  if (!row.members.empty())
    row.canonical = Canon::joined(row.members);
}

StringRef Row::member(StringRef name) const {
  for (auto &[each, value] : members)
    if (each == name)
      return value;
  return "";
}

bool parseRow(StringRef text, Row &row, std::string &problem, size_t &place) {
  Canon canon(text);
  row.text = text.str();
  if (!canon.object(row.members)) {
    problem = canon.problem;
    place = canon.place;
    return false;
  }
  row.canonical = Canon::joined(row.members);
  return true;
}

} // namespace millrace::script
