//===- line_shape.h - what the lines of a file look like ------------------===//
//
// Shared with the compiler; header-only. A shape is the text that is the same
// in all lines like a sample, with holes where the values are:
//
//   {"auction":1001,"channel":"Apple","at":[1.5,2]}
//   {"auction": _ ,"channel":" _ ","at":[ _ , _ ]}⏎
//
// and, for the fields of a source, which hole each of them is read from. Only
// lines without backslashes and control bytes have a shape.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_LINE_SHAPE_H
#define MILLRACE_RUNTIME_IO_JSON_LINE_SHAPE_H

#include "runtime/io/json/path.h"
#include "runtime/io/json/shape.h"

#include <algorithm>
#include <optional>

namespace millrace::json {

/// A hole: between quotes, or a number, true, false or null.
struct ShapeValue {
  std::vector<PathStep> path;
  bool isString = false;
  bool isNull = false; ///< in the sample
};

/// The text before a hole, or behind the last one (it ends with a line feed then).
struct ShapeLiteral {
  std::string text;
  uint32_t first = 0;      ///< which of the line's quotes and line ends is the first in the text
  uint32_t stops = 0;      ///< how many are in the text; 0 between values of an array
  uint32_t stopOffset = 0; ///< where the first of them stands in the text
};

struct LineShape {
  std::string sample;
  std::vector<ShapeLiteral> literals; ///< one more than values; literal i is before value i
  std::vector<ShapeValue> values;
  struct Container {
    std::vector<PathStep> path;
    bool isArray;
  };
  std::vector<Container> containers;
  uint32_t positions = 0; ///< quotes and line ends of a line
  uint32_t depth = 0;     ///< nesting, the record counts as one
};

/// Shapes deeper than this are not learned.
inline constexpr uint32_t maxShapeDepth = 16;

namespace detail {

/// Strict descent over a sample; gathers literals and values as it goes.
class ShapeLearner {
public:
  explicit ShapeLearner(std::string_view line, LineShape &shape)
      : at(line.data()), end(line.data() + line.size()), shape(shape) {}

  bool learn() {
    if (at == end || *at != '{' || !value(1) || at != end)
      return false;
    take("\n");
    finishLiteral();
    return shape.positions <= MR_JSON_POSITIONS;
  }

private:
  void take(std::string_view text) { literal.append(text); }
  void blanks() {
    while (at != end && *at == ' ')
      literal += *at++;
  }
  bool symbol(char c) {
    if (at == end || *at != c)
      return false;
    literal += *at++;
    return true;
  }

  void finishLiteral() {
    ShapeLiteral one;
    one.first = shape.positions;
    for (char c : literal)
      one.stops += c == '"' || c == '\n';
    size_t offset = literal.find_first_of("\"\n");
    one.stopOffset = offset == literal.npos ? 0 : uint32_t(offset);
    shape.positions += one.stops;
    one.text = std::move(literal);
    literal.clear();
    good = good && one.text.size() <= MR_JSON_LITERAL;
    shape.literals.push_back(std::move(one));
  }

  bool quoted(std::string_view &text) {
    const char *begin = ++at;
    while (at != end && *at != '"') {
      if (*at == '\\' || uint8_t(*at) < 0x20)
        return false;
      ++at;
    }
    if (at == end)
      return false;
    text = {begin, size_t(at++ - begin)};
    return true;
  }

  bool value(uint32_t depth) {
    if (at == end || !good)
      return false;
    if (*at == '{' || *at == '[')
      return container(depth, *at == '[');
    ShapeValue one;
    one.path = path;
    std::string_view text;
    if (*at == '"') {
      one.isString = true;
      take("\"");
      finishLiteral();
      if (!quoted(text))
        return false;
      take("\"");
    } else {
      const char *begin = at;
      while (at != end && *at != ',' && *at != '}' && *at != ']' && *at != ' ')
        ++at;
      text = {begin, size_t(at - begin)};
      if (!isBare(text))
        return false;
      one.isNull = text == "null";
      finishLiteral();
    }
    shape.values.push_back(std::move(one));
    return true;
  }

  static bool isBare(std::string_view text) {
    if (text == "null" || text == "true" || text == "false")
      return true;
    size_t i = !text.empty() && text[0] == '-', begin = i;
    auto digits = [&] {
      size_t start = i;
      while (i < text.size() && text[i] >= '0' && text[i] <= '9')
        ++i;
      return i > start;
    };
    if (!digits() || (text[begin] == '0' && i - begin > 1))
      return false;
    if (i < text.size() && text[i] == '.' && (++i, !digits()))
      return false;
    if (i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
      ++i;
      i += i < text.size() && (text[i] == '+' || text[i] == '-');
      if (!digits())
        return false;
    }
    return i == text.size();
  }

  bool container(uint32_t depth, bool isArray) {
    if (depth > maxShapeDepth)
      return false;
    shape.depth = depth > shape.depth ? depth : shape.depth;
    shape.containers.push_back({path, isArray});
    literal += *at++;
    blanks();
    std::vector<std::string_view> names;
    char close = isArray ? ']' : '}';
    if (symbol(close))
      return true;
    for (uint32_t i = 0;; ++i) {
      if (isArray)
        path.push_back({"", i, true});
      else if (!memberName(names))
        return false;
      if (!value(depth + 1))
        return false;
      path.pop_back();
      blanks();
      if (symbol(close))
        return true;
      if (!symbol(','))
        return false;
      blanks();
    }
  }

  bool memberName(std::vector<std::string_view> &names) {
    std::string_view name;
    if (at == end || *at != '"' || !quoted(name))
      return false;
    for (std::string_view other : names)
      if (other == name)
        return false;
    names.push_back(name);
    literal += '"';
    literal += name;
    literal += '"';
    blanks();
    if (!symbol(':'))
      return false;
    blanks();
    path.push_back({std::string(name), 0, false});
    return true;
  }

  const char *at, *end;
  LineShape &shape;
  std::vector<PathStep> path;
  std::string literal;
  bool good = true;
};

} // namespace detail

/// The shape of a line (without its line end), if it has one: an object in valid JSON whose text between two values is
/// short enough, with no member twice. UTF-8 is not judged.
inline std::optional<LineShape> learnShape(std::string_view line) {
  LineShape shape;
  shape.sample = line;
  if (!detail::ShapeLearner(line, shape).learn())
    return std::nullopt;
  return shape;
}

/// What a field is read with; the rest is for the general path.
enum class Reader : uint8_t { Integer, Time, F64, Number, Bool, OnlyNull, String, Text };

/// A field as the binding of a shape needs it.
struct ShapeField {
  uint32_t index; ///< in the source's description
  uint8_t type;   ///< mr_type
  uint8_t unit;   ///< TimeUnit: 0 text, 1 s, 2 ms, 3 us, 4 ns
  bool nullable;
  std::vector<PathStep> path;
};

struct BoundField {
  uint32_t index;
  uint8_t type, unit;
  bool nullable;
  Reader reader;
};

/// The range of an integer type, as far as 16 digits reach.
inline void shapeIntegerRange(uint8_t type, int64_t &least, int64_t &most) {
  uint32_t bits = 8u << ((type - MR_I8) & 3);
  bool isSigned = type <= MR_I64;
  least = isSigned ? -(int64_t(1) << (bits - 2)) * 2 : 0;
  most = bits == 64 ? INT64_MAX : (int64_t(1) << (isSigned ? bits - 1 : bits)) - 1;
}

/// Which fields are read from which hole.
struct ShapeBinding {
  std::vector<std::vector<BoundField>> values; ///< by value of the shape
  std::vector<BoundField> absent;              ///< nullable fields that such lines do not have: always null
};

namespace detail {

inline std::optional<Reader> readerOf(const ShapeField &field, const ShapeValue &value) {
  bool isTime = field.type == MR_TIMESTAMP || field.type == MR_DURATION;
  if (value.isString) {
    if (field.type == MR_STRING)
      return Reader::String;
    if (field.type == MR_DATE || (isTime && field.unit == 0))
      return Reader::Text;
    return std::nullopt;
  }
  if (field.type == MR_BOOL)
    return Reader::Bool;
  if (field.type == MR_F64)
    return Reader::F64;
  if (field.type == MR_F32)
    return Reader::Number;
  if (field.type >= MR_I8 && field.type <= MR_U64)
    return Reader::Integer;
  if (isTime && field.unit != 0)
    return Reader::Time;
  return value.isNull && field.nullable ? std::optional(Reader::OnlyNull) : std::nullopt;
}

/// Is `prefix` a proper beginning of `path`?
inline bool leadsTo(const std::vector<PathStep> &prefix, const std::vector<PathStep> &path) {
  return prefix.size() < path.size() && std::equal(prefix.begin(), prefix.end(), path.begin());
}

/// May a field that is in no hole be taken as missing? Not if something else stands on its way.
inline bool isAbsent(const LineShape &shape, const ShapeField &field) {
  if (!field.nullable)
    return false;
  for (const ShapeValue &value : shape.values)
    if (leadsTo(value.path, field.path))
      return false;
  for (const LineShape::Container &container : shape.containers)
    if (container.path == field.path ||
        (leadsTo(container.path, field.path) && field.path[container.path.size()].isElement != container.isArray))
      return false;
  return true;
}

} // namespace detail

/// Binds the used fields; nothing if a line of this shape needs the general path for one of them.
template <typename Fields> std::optional<ShapeBinding> bindShape(const LineShape &shape, const Fields &fields) {
  ShapeBinding binding;
  binding.values.resize(shape.values.size());
  for (const ShapeField &field : fields) {
    BoundField bound = {field.index, field.type, field.unit, field.nullable, Reader::OnlyNull};
    size_t hole = 0;
    while (hole < shape.values.size() && shape.values[hole].path != field.path)
      ++hole;
    if (hole == shape.values.size()) {
      if (!detail::isAbsent(shape, field))
        return std::nullopt;
      binding.absent.push_back(bound);
      continue;
    }
    std::optional<Reader> reader = detail::readerOf(field, shape.values[hole]);
    if (!reader)
      return std::nullopt;
    bound.reader = *reader;
    binding.values[hole].push_back(bound);
  }
  return binding;
}

} // namespace millrace::json

#endif
