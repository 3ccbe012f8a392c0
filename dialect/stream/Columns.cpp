//===- Columns.cpp - the fields of a source, as they are written --------------===//
//
//   name: type [at path] [in unit] [between LO and HI]
//
//===----------------------------------------------------------------------===//
#include "dialect/stream/Columns.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Types.h"
#include "llvm/ADT/APSInt.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

//===--- paths and units --------------------------------------------------------------------===//

/// `properties.mag`, `geometry.coordinates[2]`: a bare path, or a quoted one where MLIR's lexer could not follow.
static ParseResult parsePath(OpAsmParser &p, std::string &path) {
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) == '"' ? parseText(p, path) : p.parseKeywordOrString(&path))
    return failure();
  while (peek(p) == '[') {
    const char *s = textAt(p);
    const char *end = s + 1;
    while (llvm::isDigit(*end))
      ++end;
    if (end == s + 1 || *end != ']')
      return errorAt(p, p.getCurrentLocation()) << "expected an index, as in `coordinates[2]`";
    if (end[1] == '.')
      return errorAt(p, loc) << "a path that goes on behind `]` is written in quotes, as in `at \"a[2].b\"`";
    unsigned index;
    if (p.parseLSquare() || p.parseInteger(index) || p.parseRSquare())
      return failure();
    path += "[" + std::to_string(index) + "]";
  }
  return success();
}

static std::string pathText(StringRef path) {
  auto [head, rest] = path.split('[');
  bool bare =
      nameText(head)[0] != '"' && llvm::all_of(rest, [](char c) { return llvm::isDigit(c) || c == '[' || c == ']'; });
  return bare ? path.str() : quoted(path);
}

/// A path is members, `a.b`, and indices, `[2]`; the reason why it is none, or empty.
static StringRef whyNoPath(StringRef path) {
  if (path.empty() || path.starts_with(".") || path.ends_with(".") || path.contains(".."))
    return "a part of it is empty";
  while (true) {
    auto [before, rest] = path.split('[');
    if (before.contains(']'))
      return "a `]` has no `[`";
    if (rest.empty())
      return path.contains('[') ? "a `[` has no `]`" : "";
    if (!rest.contains(']'))
      return "a `[` has no `]`";
    auto [index, behind] = rest.split(']');
    unsigned number;
    if (index.getAsInteger(10, number))
      return "between `[` and `]` stands an index";
    if (!behind.empty() && behind[0] != '[' && behind[0] != '.')
      return "behind `]` stands `.` or `[`";
    path = behind;
  }
}

/// The units a column of this type may be given in; the first is the default, none: no unit.
static ArrayRef<StringRef> unitsOf(Type type) {
  static const StringRef times[] = {"rfc3339", "s", "ms", "us", "ns"};
  static const StringRef durations[] = {"", "s", "ms", "us", "ns"};
  type = expr::stripNull(type);
  if (isa<expr::TimestampType>(type))
    return times;
  return isa<expr::DurationType>(type) ? ArrayRef<StringRef>(durations) : ArrayRef<StringRef>();
}

static std::string defaultUnit(Type type) { return unitsOf(type).empty() ? "" : unitsOf(type).front().str(); }

ColumnAttr stream::plainColumn(MLIRContext *ctx, StringRef name, Type type) {
  return ColumnAttr::get(ctx, name, defaultUnit(type), {}, {});
}

//===--- ranges -----------------------------------------------------------------------------===//

static APSInt leastOf(IntegerType type) { return APSInt::getMinValue(type.getWidth(), type.isUnsigned()); }
static APSInt greatestOf(IntegerType type) { return APSInt::getMaxValue(type.getWidth(), type.isUnsigned()); }
static APSInt valueOf(IntegerAttr bound) {
  return APSInt(bound.getValue(), cast<IntegerType>(bound.getType()).isUnsigned());
}
static std::string numberText(const APSInt &value) { return llvm::toString(value, 10); }

/// The type whose values a range of `type` has, null if it can have none.
static IntegerType rangedType(Type type) {
  type = expr::stripNull(type);
  return expr::isInteger(type) ? cast<IntegerType>(type) : IntegerType();
}
static std::string whyNoRange(StringRef name, Type type) {
  return ("only an integer has a range, but `" + name + "` is ").str() + typeText(type);
}

/// A bound of a range of `type`: an integer, written out.
static ParseResult parseBound(OpAsmParser &p, IntegerType type, IntegerAttr &bound) {
  SMLoc loc = p.getCurrentLocation();
  if (guardToken(p))
    return failure();
  bool negative = succeeded(p.parseOptionalMinus());
  const char *end = textAt(p);
  while (llvm::isDigit(*end))
    ++end;
  APInt digits;
  if (end == textAt(p) || *end == '.' || llvm::isAlnum(*end) || *end == '_' ||
      !p.parseOptionalInteger(digits).has_value())
    return errorAt(p, loc) << "expected an integer, as in `between 0 and 9999`";
  std::string text = (negative ? "-" : "") + llvm::toString(digits, 10, /*Signed=*/false);
  APSInt value(digits.zextOrTrunc(digits.getActiveBits() + 1), /*isUnsigned=*/false);
  if (negative)
    value = -value;
  if (APSInt::compareValues(value, leastOf(type)) < 0 || APSInt::compareValues(value, greatestOf(type)) > 0)
    return errorAt(p, loc) << "`" << text << "` is no " << typeText(type) << ", which has " << numberText(leastOf(type))
                           << " to " << numberText(greatestOf(type));
  bound = IntegerAttr::get(type, value.extOrTrunc(type.getWidth()));
  return success();
}

/// Behind `between`.
static ParseResult parseBetween(OpAsmParser &p, StringRef name, Type type, IntegerAttr &least, IntegerAttr &greatest) {
  SMLoc loc = p.getCurrentLocation();
  IntegerType ranged = rangedType(type);
  if (!ranged)
    return errorAt(p, loc) << whyNoRange(name, type);
  if (parseBound(p, ranged, least))
    return failure();
  if (failed(p.parseOptionalKeyword("and")))
    return errorAt(p, missingAt(p)) << "expected `and` and the greatest value, as in `between 0 and 9999`";
  if (parseBound(p, ranged, greatest))
    return failure();
  if (valueOf(greatest) < valueOf(least))
    return errorAt(p, loc) << "no integer is between " << numberText(valueOf(least)) << " and "
                           << numberText(valueOf(greatest)) << "; the least value comes first";
  return success();
}

//===--- columns ----------------------------------------------------------------------------===//

/// Reports a word behind a column that is meant as one of its clauses, or stands too late.
static ParseResult checkClauses(OpAsmParser &p) {
  static const StringRef clauses[] = {"at", "in", "between"};
  StringRef word = nextWord(p);
  if (word.empty() || missingAt(p) != p.getCurrentLocation() || *skipBlanks(word.end()) == ':')
    return success();
  if (llvm::is_contained(clauses, word))
    return errorAt(p, p.getCurrentLocation())
           << "`" << word << "` is twice or too late: first `at path`, then `in unit`, then `between LO and HI`";
  StringRef near = nearest(word, clauses);
  if (near.empty())
    return success();
  return errorAt(p, p.getCurrentLocation()) << "expected `,` or `}`; did you mean `" << near << "`?";
}

ParseResult stream::parseColumn(OpAsmParser &p, Columns &columns) {
  std::string name, path;
  Type type;
  SMLoc loc = p.getCurrentLocation();
  SMLoc typeLoc;
  if (parseName(p, name) || p.parseColon() || p.getCurrentLocation(&typeLoc) || expr::parseBareType(p, type))
    return failure();
  auto list = dyn_cast<expr::ListType>(expr::stripNull(type));
  if (isa<expr::RecordType>(expr::stripNull(list ? list.getElement() : type)))
    return errorAt(p, typeLoc) << "a record inside a record is reached by its path: `name: type at outer.inner`";
  if (llvm::is_contained(columns.names, name))
    return errorAt(p, loc) << "field `" << name << "` is declared twice";
  path = name;
  if (succeeded(p.parseOptionalKeyword("at"))) {
    loc = p.getCurrentLocation();
    if (parsePath(p, path))
      return failure();
    if (StringRef why = whyNoPath(path); !why.empty())
      return errorAt(p, loc) << "`" << path << "` is no path: " << why;
  }
  std::string unit = defaultUnit(type);
  if (succeeded(p.parseOptionalKeyword("in"))) {
    loc = p.getCurrentLocation();
    if (p.parseKeywordOrString(&unit))
      return failure();
    ArrayRef<StringRef> units = unitsOf(type);
    if (units.empty())
      return errorAt(p, loc) << "only a timestamp or a duration has a unit, but `" << name << "` is " << typeText(type);
    if (!llvm::is_contained(units, unit) || unit.empty())
      return errorAt(p, loc) << "unknown unit `" << unit << "`: expected "
                             << listed(units.front().empty() ? units.drop_front() : units);
  }
  IntegerAttr least, greatest;
  if (succeeded(p.parseOptionalKeyword("between")) && parseBetween(p, name, type, least, greatest))
    return failure();
  columns.add(name, type, ColumnAttr::get(p.getContext(), path, unit, least, greatest));
  return failure(checkClauses(p) || guardComma(p));
}

SmallVector<std::string> stream::columnTexts(StreamType type, ArrayAttr columns) {
  SmallVector<std::string> items;
  size_t widestName = 0, widestType = 0;
  for (auto [name, fieldType] : llvm::zip(type.fieldNames(), type.getTypes())) {
    widestName = std::max(widestName, nameText(name).size());
    widestType = std::max(widestType, typeText(fieldType).size());
  }
  for (auto [name, fieldType, attr] : llvm::zip(type.fieldNames(), type.getTypes(), columns)) {
    auto column = cast<ColumnAttr>(attr);
    std::string head = nameText(name) + ":", text = typeText(fieldType);
    bool at = column.getPath() != name, in = column.getUnit() != defaultUnit(fieldType);
    head.resize(widestName + 2, ' ');
    if (at || in || column.hasRange())
      text.resize(widestType, ' ');
    if (at)
      text += " at " + pathText(column.getPath());
    if (in)
      text += " in " + nameText(column.getUnit());
    if (column.hasRange())
      text +=
          " between " + numberText(valueOf(column.getLeast())) + " and " + numberText(valueOf(column.getGreatest()));
    items.push_back(head + text);
  }
  return items;
}

std::string stream::whyNoColumn(ColumnAttr column, StringRef name, Type type) {
  std::string reads = ("reads `" + name + "`").str();
  if (StringRef why = whyNoPath(column.getPath()); !why.empty())
    return (reads + " at `" + column.getPath() + "`, which is no path: " + why).str();
  ArrayRef<StringRef> units = unitsOf(type);
  if (units.empty() ? !column.getUnit().empty() : !llvm::is_contained(units, column.getUnit()))
    return (reads + ", which is " + typeText(type) + ", in the unit `" + column.getUnit() + "`").str();
  if (!column.hasRange())
    return column.getGreatest() ? reads + " in a range without a least value" : "";
  IntegerType ranged = rangedType(type);
  if (!ranged)
    return whyNoRange(name, type);
  if (!column.getGreatest() || column.getLeast().getType() != ranged || column.getGreatest().getType() != ranged)
    return reads + ", which is " + typeText(type) + ", in a range of another type";
  if (valueOf(column.getGreatest()) < valueOf(column.getLeast()))
    return reads + " in a range that holds no value";
  return {};
}
