//===- Json.h - a record of JSON, read strictly -------------------*- C++ -*-===//
//
// Rule 48: a record must be valid RFC 8259, UTF-8 and Unicode, and within its
// limits. The whole line is read into a tree, whatever is used of it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_JSON_H
#define MILLRACE_TEST_REFERENCE_JSON_H

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::reference {

struct Json {
  enum class Kind { Null, False, True, Number, String, Array, Object };
  Kind kind = Kind::Null;
  std::string text;               ///< a number as it is written; a string without its escapes
  std::vector<std::string> names; ///< of an object's members, in their order, repeated ones too
  std::vector<Json> items;        ///< an array's elements, or the members' values
};

/// What a record may hold (durability.md, "Bad input").
struct JsonLimits {
  size_t string = 256 << 10; ///< bytes between quotes, as written
  size_t depth = 64;         ///< nested objects and arrays; the record counts as one
  size_t members = 4096;     ///< of all objects of the record together
};

/// The record that `line` holds, blanks around it allowed; nothing if it is not well-formed.
std::optional<Json> readJson(std::string_view line, const JsonLimits &limits = {});

} // namespace millrace::reference
#endif
