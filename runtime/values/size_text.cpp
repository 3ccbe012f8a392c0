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
