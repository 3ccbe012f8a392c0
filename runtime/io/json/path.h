//===- path.h - paths into a JSON record ----------------------------------===//
//
// Internal; header-only, so that the compiler reads paths by the same rule.
//
//   path    = member step*          a record is an object, so a member comes first
//   step    = "." member | "[" digits "]"
//   member  = any bytes but . [ ]   or   "…" with the escapes \" and \\
//
// `properties.mag`, `geometry.coordinates[2]`, `"odd.name".x`, `Order ID`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_PATH_H
#define MILLRACE_RUNTIME_IO_JSON_PATH_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::json {

/// One step of a path: into a member of an object, or an element of an array (from 0).
struct PathStep {
  std::string member;
  uint32_t element = 0;
  bool isElement = false;
  bool operator==(const PathStep &) const = default;
};

/// Elements beyond this cannot be reached: no record within its limits has so many.
inline constexpr uint32_t maxPathElement = 1u << 20;

namespace detail {

inline bool parseMember(std::string_view text, size_t &at, std::string &member) {
  if (at < text.size() && text[at] == '"') {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
      if (text[at] == '\\' && ++at == text.size())
        return false;
      member += text[at];
    }
    return at++ < text.size();
  }
  size_t begin = at;
  while (at < text.size() && text[at] != '.' && text[at] != '[' && text[at] != ']')
    ++at;
  member = text.substr(begin, at - begin);
  return at > begin;
}

inline bool parseElement(std::string_view text, size_t &at, uint32_t &element) {
  size_t begin = ++at;
  for (element = 0; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
    if ((element = element * 10 + uint32_t(text[at] - '0')) > maxPathElement)
      return false;
  return at > begin && at < text.size() && text[at++] == ']';
}

} // namespace detail

/// Parses `text`; false and `problemAt` (bytes from its start) if it is no path.
inline bool parsePath(std::string_view text, std::vector<PathStep> &steps, size_t &problemAt) {
  steps.clear();
  size_t at = 0;
  bool good = !text.empty();
  while (good && (at < text.size() || steps.empty())) {
    PathStep step;
    step.isElement = !steps.empty() && text[at] == '[';
    if (step.isElement) {
      good = detail::parseElement(text, at, step.element);
    } else {
      if (!steps.empty() && text[at++] != '.')
        good = false;
      good = good && detail::parseMember(text, at, step.member);
    }
    steps.push_back(std::move(step));
  }
  problemAt = at < text.size() ? at : text.size();
  return good;
}

} // namespace millrace::json

#endif
