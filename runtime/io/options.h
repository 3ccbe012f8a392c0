//===- options.h - options of a connector or format, read at start --------===//
//
// Internal. Options come as text (abi.h: mr_option), either as written in the
// pipeline or as the value of a param. Readers say what they expect; a value
// that does not fit becomes a message for the user.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_OPTIONS_H
#define MILLRACE_RUNTIME_IO_OPTIONS_H

#include "millrace/abi.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

/// The options of one source or sink, with params already put in. The positional argument of a connector is the
/// option named `path` (file) or as the connector declares it.
class Options {
public:
  Options() = default;
  /// `paramTexts[i]` is the value of param i as text.
  Options(const mr_option *options, uint32_t count, const std::vector<std::string> &paramTexts);

  /// The option's text; nothing if it was not given.
  std::optional<std::string_view> get(std::string_view name) const;
  std::string_view text(std::string_view name, std::string_view fallback) const;

  /// The typed readers return the fallback when the option is absent, and put a message into `error` when its text does
  /// not fit ("option `rate`: expected a whole number, found `fast`").
  bool flag(std::string_view name, bool fallback, std::string &error) const;
  int64_t integer(std::string_view name, int64_t fallback, std::string &error) const;
  double number(std::string_view name, double fallback, std::string &error) const;
  /// `10 s`, `1 h 30 min`, in microseconds.
  int64_t duration(std::string_view name, int64_t fallback, std::string &error) const;
  /// RFC 3339, in microseconds since 1970.
  int64_t timestamp(std::string_view name, int64_t fallback, std::string &error) const;

private:
  std::vector<std::pair<std::string, std::string>> entries;
};

} // namespace millrace

#endif
