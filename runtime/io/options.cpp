//===- options.cpp --------------------------------------------------------===//
#include "runtime/io/options.h"
#include "runtime/time/duration.h"
#include "runtime/values/parse.h"

#include <charconv>

namespace millrace {

Options::Options(const mr_option *options, uint32_t count, const std::vector<std::string> &paramTexts) {
  for (uint32_t i = 0; i < count; ++i)
    entries.emplace_back(options[i].name, options[i].param >= 0 ? paramTexts[options[i].param]
                                                                : std::string(options[i].text ? options[i].text : ""));
}

std::optional<std::string_view> Options::get(std::string_view name) const {
  for (const auto &[key, value] : entries)
    if (key == name)
      return value;
  return std::nullopt;
}

std::string_view Options::text(std::string_view name, std::string_view fallback) const {
  return get(name).value_or(fallback);
}

namespace {

/// Reads an option by `parse`, which answers nothing where the text does not fit.
template <typename T, typename ParseFn>
T typed(const Options &options, std::string_view name, T fallback, const char *expected, std::string &error,
        ParseFn parse) {
  std::optional<std::string_view> text = options.get(name);
  if (!text)
    return fallback;
  if (std::optional<T> value = parse(*text))
    return *value;
  error = "option `" + std::string(name) + "`: expected " + expected + ", found `" + std::string(*text) + "`";
  return fallback;
}

} // namespace

bool Options::flag(std::string_view name, bool fallback, std::string &error) const {
  return typed(*this, name, fallback, "true or false", error, [](std::string_view text) -> std::optional<bool> {
    if (text == "true" || text == "1")
      return true;
    if (text == "false" || text == "0")
      return false;
    return std::nullopt;
  });
}

int64_t Options::integer(std::string_view name, int64_t fallback, std::string &error) const {
  return typed(*this, name, fallback, "a whole number", error, [](std::string_view text) -> std::optional<int64_t> {
    int64_t value;
    auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc() || end != text.data() + text.size())
      return std::nullopt;
    return value;
  });
}

double Options::number(std::string_view name, double fallback, std::string &error) const {
  return typed(*this, name, fallback, "a number", error, [](std::string_view text) -> std::optional<double> {
    double value;
    auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (status != std::errc() || end != text.data() + text.size())
      return std::nullopt;
    return value;
  });
}

int64_t Options::duration(std::string_view name, int64_t fallback, std::string &error) const {
  return typed(*this, name, fallback, "a duration, as `10 s`", error, parseWrittenDuration);
}

int64_t Options::timestamp(std::string_view name, int64_t fallback, std::string &error) const {
  return typed(*this, name, fallback, "a time, as `2024-01-31T12:00:00Z`", error,
               [](std::string_view text) -> std::optional<int64_t> {
                 int64_t value;
                 if (parseTimestamp(text, value) != Parse::Ok)
                   return std::nullopt;
                 return value;
               });
}

} // namespace millrace
