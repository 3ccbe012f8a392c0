//===- duration.cpp -------------------------------------------------------===//
#include "runtime/time/duration.h"

#include <charconv>

namespace millrace {

namespace {

struct Unit {
  std::string_view name;
  int64_t micros;
};
constexpr Unit kUnits[] = {{"d", 86'400'000'000}, {"h", 3'600'000'000}, {"min", 60'000'000},
                           {"s", 1'000'000},      {"ms", 1'000},        {"us", 1}};

std::string_view skipBlanks(std::string_view text) {
  size_t first = text.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view() : text.substr(first);
}

} // namespace

std::optional<int64_t> parseWrittenDuration(std::string_view text) {
  int64_t total = 0;
  text = skipBlanks(text);
  if (text.empty())
    return std::nullopt;
  while (!text.empty()) {
    int64_t count = 0;
    auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (status != std::errc() || count < 0)
      return std::nullopt;
    text = skipBlanks(text.substr(end - text.data()));
    size_t length = 0;
    while (length < text.size() && text[length] >= 'a' && text[length] <= 'z')
      ++length;
    int64_t micros = 0;
    for (const Unit &unit : kUnits)
      if (unit.name == text.substr(0, length))
        micros = unit.micros;
    if (!micros || __builtin_mul_overflow(count, micros, &count) || __builtin_add_overflow(total, count, &total))
      return std::nullopt;
    text = skipBlanks(text.substr(length));
  }
  return total;
}

std::string writtenDuration(int64_t micros) {
  std::string text = micros < 0 ? "-" : "";
  uint64_t rest = micros < 0 ? 0 - uint64_t(micros) : uint64_t(micros);
  int parts = 0;
  for (const Unit &unit : kUnits) {
    uint64_t count = rest / uint64_t(unit.micros);
    if (count && parts < 2) {
      text += (parts++ ? " " : "") + std::to_string(count) + " " + std::string(unit.name);
      rest %= uint64_t(unit.micros);
    }
  }
  return parts ? text : "0 s";
}

} // namespace millrace
