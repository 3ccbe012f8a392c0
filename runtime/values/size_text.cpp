//===- size_text.cpp - amounts of memory as people write them --------------===//
#include "runtime/values/size_text.h"

#include <charconv>
#include <cstdio>

std::optional<uint64_t> millrace::parseSize(std::string_view text) {
  uint64_t number = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc())
    return std::nullopt;
  std::string_view unit(end, size_t(text.data() + text.size() - end));
  unsigned shift = 0;
  if (unit.size() > 1)
    return std::nullopt;
  if (!unit.empty()) {
    size_t power = std::string_view("kmg").find(char(unit[0] | 0x20));
    if (power == std::string_view::npos)
      return std::nullopt;
    shift = unsigned(power + 1) * 10;
  }
  if (number > UINT64_MAX >> shift)
    return std::nullopt;
  return number << shift;
}

/// `1.5g` in the unit in which it is a whole number; empty if it is no such number.
static std::string inWholeUnits(std::string_view text) {
  double number = 0;
  auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string unit(end, size_t(text.data() + text.size() - end));
  size_t power = unit.size() == 1 ? std::string_view("kmg").find(char(unit[0] | 0x20)) : std::string_view::npos;
  if (problem != std::errc() || power == std::string_view::npos || !(number > 0 && number < 1e6))
    return "";
  static constexpr const char *kSmaller[] = {"", "k", "m"};
  return std::to_string(uint64_t(number * 1024)) + kSmaller[power];
}

std::optional<uint64_t> millrace::parseMemory(std::string_view text, std::string &problem) {
  constexpr uint64_t kMost = uint64_t(1) << 47;
  std::optional<uint64_t> bytes = parseSize(text);
  if (bytes && *bytes && *bytes <= kMost)
    return bytes;
  std::string found = "found `" + std::string(text) + "`", whole = inWholeUnits(text);
  size_t digits = text.find_first_not_of("0123456789");
  bool isNumber = digits && !text.empty() && text.size() - std::min(digits, text.size()) <= 1;
  if (bytes && *bytes == 0)
    problem = "expected more than nothing, " + found;
  else if (bytes ||
           (isNumber && (digits == std::string_view::npos || parseSize("1" + std::string(text.substr(digits))))))
    problem = "no machine has so much memory: " + found + "; without the option there is no limit";
  else if (!whole.empty())
    problem = "expected a whole number, " + found + "; write " + whole;
  else
    problem = "expected a number of bytes, or one with k, m or g, as in 512m, " + found;
  return std::nullopt;
}

std::string millrace::sizeText(uint64_t bytes) {
  if (bytes < 1024)
    return std::to_string(bytes) + (bytes == 1 ? " byte" : " bytes");
  const char *units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double number = double(bytes) / 1024;
  int unit = 0;
  for (; number >= 999.5 && unit < 5; ++unit)
    number /= 1024;
  char text[32];
  std::snprintf(text, sizeof(text), "%.*f %s", number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2, number, units[unit]);
  return text;
}
