//===- Functions.cpp - the built-in functions ---------------------------------===//
//
// One short function for each row of dialect/expr/Functions.def, in its order.
// Strings are taken apart into code points (rule 44): positions count those.
//
//===----------------------------------------------------------------------===//
#include "Functions.h"
#include "Text.h"
#include "Time.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"

#include <clocale>
#include <cmath>
#include <cwctype>

using namespace millrace::reference;

namespace {
struct Call {
  const std::vector<Value> &args;
  Kind kind;
  uint32_t site;

  const std::string &text(size_t i) const { return args[i].text(); }
  Value error(mr_error_kind kind) const { return Value::ofError(site, kind); }
};
} // namespace

static Value integer(Integer value) { return Value::ofInteger(value); }

//===-- strings -----------------------------------------------------------===//

static Value length(const Call &call) { return integer(Integer(decodeUtf8(call.text(0)).size())); }
static Value concat(const Call &call) { return Value::ofText(call.text(0) + call.text(1)); }
static Value contains(const Call &call) { return Value::ofBool(call.text(0).find(call.text(1)) != std::string::npos); }
static Value startsWith(const Call &call) { return Value::ofBool(call.text(0).starts_with(call.text(1))); }
static Value endsWith(const Call &call) { return Value::ofBool(call.text(0).ends_with(call.text(1))); }

/// The code points at the positions start, …, start + count - 1 that there are; positions begin at 1.
static Value substring(const Call &call) {
  std::u32string points = decodeUtf8(call.text(0)), part;
  Integer start = call.args[1].integer();
  Integer end = call.args.size() > 2 ? start + call.args[2].integer() : Integer(points.size()) + 1;
  for (Integer at = 1; at <= Integer(points.size()); ++at)
    if (at >= start && at < end)
      part += points[size_t(at - 1)];
  return Value::ofText(encodeUtf8(part));
}

static Value position(const Call &call) {
  size_t at = decodeUtf8(call.text(0)).find(decodeUtf8(call.text(1)));
  return integer(at == std::u32string::npos ? 0 : Integer(at) + 1);
}

/// An empty separator separates nothing.
static std::vector<std::string> parts(const std::string &text, const std::string &separator) {
  std::vector<std::string> found;
  size_t begin = 0;
  while (!separator.empty()) {
    size_t end = text.find(separator, begin);
    if (end == std::string::npos)
      break;
    found.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  found.push_back(text.substr(begin));
  return found;
}

static Value split(const Call &call) {
  List list;
  for (std::string &part : parts(call.text(0), call.text(1)))
    list.push_back(Value::ofText(std::move(part)));
  return Value::ofList(std::move(list));
}

static Value splitPart(const Call &call) {
  std::vector<std::string> found = parts(call.text(0), call.text(1));
  Integer n = call.args[2].integer();
  return Value::ofText(n >= 1 && n <= Integer(found.size()) ? found[size_t(n - 1)] : "");
}

/// Unicode's simple case mapping, code point by code point, as the C library's UTF-8 locale has it.
static Value mapCase(const Call &call, wint_t (*map)(wint_t, locale_t)) {
  static locale_t unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  std::u32string points = decodeUtf8(call.text(0));
  for (char32_t &c : points)
    c = char32_t(map(wint_t(c), unicode));
  return Value::ofText(encodeUtf8(points));
}
static Value lower(const Call &call) { return mapCase(call, towlower_l); }
static Value upper(const Call &call) { return mapCase(call, towupper_l); }

/// Unicode's White_Space.
static bool isSpace(char32_t c) {
  return (c >= 0x09 && c <= 0x0d) || (c >= 0x2000 && c <= 0x200a) || c == 0x20 || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

static Value trim(const Call &call) {
  std::u32string points = decodeUtf8(call.text(0));
  while (!points.empty() && isSpace(points.front()))
    points.erase(0, 1);
  while (!points.empty() && isSpace(points.back()))
    points.pop_back();
  return Value::ofText(encodeUtf8(points));
}

//===-- times, numbers, lists ---------------------------------------------===//

static Value truncate(const Call &call) {
  int64_t time = truncateTime(int64_t(call.args[0].integer()), call.text(1));
  return fits(time, Kind::Timestamp) ? integer(time) : call.error(MR_OVERFLOW); // rule 2
}
static Value extract(const Call &call) { return integer(extractTime(int64_t(call.args[0].integer()), call.text(1))); }

static Value absolute(const Call &call) {
  if (isFloat(call.kind))
    return Value::ofReal(std::fabs(call.args[0].real()));
  Integer value = call.args[0].integer();
  value = value < 0 ? -value : value;
  return fits(value, call.kind) ? integer(value) : call.error(MR_OVERFLOW);
}
static Value roundDown(const Call &call) { return Value::ofReal(std::floor(call.args[0].real())); }
static Value roundUp(const Call &call) { return Value::ofReal(std::ceil(call.args[0].real())); }
static Value roundAway(const Call &call) { return Value::ofReal(std::round(call.args[0].real())); }
static Value squareRoot(const Call &call) { return Value::ofReal(std::sqrt(call.args[0].real())); }

static Value ofReal(double value, Kind kind) { return Value::ofReal(kind == Kind::F32 ? double(float(value)) : value); }
static Value logarithm(const Call &call) { return ofReal(std::log(call.args[0].real()), call.kind); }
static Value exponential(const Call &call) { return ofReal(std::exp(call.args[0].real()), call.kind); }

static Value size(const Call &call) { return integer(Integer(call.args[0].list().size())); }
static Value element(const Call &call) {
  const List &list = call.args[0].list();
  Integer n = call.args[1].integer();
  return n >= 1 && n <= Integer(list.size()) ? list[size_t(n - 1)] : call.error(MR_BAD_INDEX);
}

Value millrace::reference::callFunction(llvm::StringRef name, const std::vector<Value> &args, Kind kind,
                                        uint32_t site) {
  using Meaning = Value (*)(const Call &);
  static const llvm::StringMap<Meaning> meanings = {
      {"length", length},        {"concat", concat},       {"contains", contains}, {"starts_with", startsWith},
      {"ends_with", endsWith},   {"substring", substring}, {"position", position}, {"split", split},
      {"split_part", splitPart}, {"lower", lower},         {"upper", upper},       {"trim", trim},
      {"truncate", truncate},    {"extract", extract},     {"abs", absolute},      {"floor", roundDown},
      {"ceil", roundUp},         {"round", roundAway},     {"sqrt", squareRoot},   {"size", size},
      {"log", logarithm},        {"exp", exponential},     {"element", element}};
  auto found = meanings.find(name);
  if (found == meanings.end())
    llvm::report_fatal_error("the reference has no meaning for function `" + llvm::Twine(name) + "`");
  return found->second({args, kind, site});
}
