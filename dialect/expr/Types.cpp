//===- Types.cpp - the value types: read, written, verified -------------------===//
#include "dialect/expr/Types.h"
#include "dialect/expr/Syntax.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

bool expr::isInteger(Type type) {
  auto integer = dyn_cast<IntegerType>(type);
  return integer && !integer.isSigned() && llvm::is_contained({8u, 16u, 32u, 64u}, integer.getWidth());
}

bool expr::isScalar(Type type) {
  type = stripNull(type);
  return isBool(type) || isNumber(type) ||
         isa<StringType, BytesType, TimestampType, DurationType, DateType, InvalidType>(type);
}

bool expr::isValueType(Type type) {
  if (auto list = dyn_cast<ListType>(stripNull(type)))
    type = list.getElement();
  return isa<RecordType>(stripNull(type)) || isScalar(type);
}

static Type namedType(StringRef word, MLIRContext *ctx) {
  Builder b(ctx);
  return llvm::StringSwitch<Type>(word)
      .Cases({"bool", "i1"}, b.getI1Type()) // the second is what it is called inside MLIR
      .Case("i8", b.getIntegerType(8))
      .Case("i16", b.getIntegerType(16))
      .Case("i32", b.getI32Type())
      .Case("i64", b.getI64Type())
      .Case("u8", b.getIntegerType(8, false))
      .Case("u16", b.getIntegerType(16, false))
      .Case("u32", b.getIntegerType(32, false))
      .Case("u64", b.getIntegerType(64, false))
      .Case("f32", b.getF32Type())
      .Case("f64", b.getF64Type())
      .Case("string", StringType::get(ctx))
      .Case("bytes", BytesType::get(ctx))
      .Case("timestamp", TimestampType::get(ctx))
      .Case("duration", DurationType::get(ctx))
      .Case("date", DateType::get(ctx))
      .Default({});
}

static LogicalResult unknownType(AsmParser &p, SMLoc loc, StringRef word) {
  static const StringRef known[] = {"bool", "i8",  "i16", "i32",    "i64",   "u8",        "u16",      "u32",
                                    "u64",  "f32", "f64", "string", "bytes", "timestamp", "duration", "date"};
  auto diag = errorAt(p, loc) << "unknown type `" << word << "`";
  StringRef here = llvm::StringSwitch<StringRef>(word.lower())
                       .Cases({"int", "long", "bigint", "integer"}, "i64")
                       .Cases({"float", "double", "real"}, "f64")
                       .Cases({"text", "varchar", "str", "char"}, "string")
                       .Case("boolean", "bool")
                       .Cases({"time", "datetime"}, "timestamp")
                       .Cases({"interval"}, "duration")
                       .Cases({"binary", "blob"}, "bytes")
                       .Default("");
  if (!here.empty())
    return diag << "; here it is `" << here << "`";
  suggest(diag, word, known);
  return diag << "; the types are " << listed(known);
}

/// `{place: string, mag: f64?}`.
static ParseResult parseRecordType(AsmParser &p, Type &type) {
  SmallVector<StringAttr> names;
  SmallVector<Type> types;
  SMLoc loc = p.getCurrentLocation();
  auto parseField = [&]() -> ParseResult {
    std::string name;
    SMLoc inner;
    if (parseName(p, name) || p.parseColon() || p.getCurrentLocation(&inner))
      return failure();
    if (peek(p) == '[' || peek(p) == '{')
      return errorAt(p, inner) << "a field of a record that is a value is no list and no record itself";
    names.push_back(p.getBuilder().getStringAttr(name));
    return parseBareType(p, types.emplace_back());
  };
  if (p.parseCommaSeparatedList(AsmParser::Delimiter::Braces, parseField))
    return failure();
  type = p.getChecked<RecordType>(loc, p.getContext(), ArrayRef(names), ArrayRef(types));
  return success(bool(type));
}

/// One type without its `?`. Lists nest to no depth, so the recursion ends.
static ParseResult parsePlainType(AsmParser &p, Type &type) {
  SMLoc loc = p.getCurrentLocation();
  StringRef word;
  if (succeeded(p.parseOptionalLSquare())) {
    Type element;
    SMLoc inner = p.getCurrentLocation();
    if (peek(p) == '[')
      return errorAt(p, inner) << "a list of lists is not supported";
    if (parseBareType(p, element) || p.parseRSquare())
      return failure();
    type = ListType::get(p.getContext(), element);
    return success();
  }
  if (peek(p) == '{')
    return parseRecordType(p, type);
  if (peek(p) == '!')
    return p.parseType(type);
  if (failed(p.parseOptionalKeyword(&word)))
    return errorAt(p, loc) << "expected a type";
  type = namedType(word, p.getContext());
  return type ? ParseResult(success()) : ParseResult(unknownType(p, loc, word));
}

ParseResult expr::parseBareType(AsmParser &p, Type &type) {
  if (parsePlainType(p, type))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (succeeded(p.parseOptionalQuestion())) {
    if (isNullable(type))
      return errorAt(p, loc) << typeText(type) << " is nullable already";
    type = withNull(type, true);
  }
  return success();
}

std::string expr::typeText(Type type) {
  if (auto nullable = dyn_cast<NullableType>(type))
    return typeText(nullable.getElement()) + "?";
  if (auto list = dyn_cast<ListType>(type))
    return "[" + typeText(list.getElement()) + "]";
  if (auto record = dyn_cast<RecordType>(type)) {
    std::string text;
    for (auto [name, field] : llvm::zip(record.getNames(), record.getTypes()))
      text += (text.empty() ? "" : ", ") + nameText(name) + ": " + typeText(field);
    return "{" + text + "}";
  }
  if (isBool(type))
    return "bool";
  if (isInteger(type))
    return (type.isUnsignedInteger() ? "u" : "i") + std::to_string(type.getIntOrFloatBitWidth());
  return TypeSwitch<Type, std::string>(type)
      .Case<StringType, BytesType, TimestampType, DurationType, DateType, NullType>(
          [](auto t) { return decltype(t)::getMnemonic().str(); })
      .Case([](InvalidType) { return "!expr.invalid"; })
      .Default([](Type other) {
        std::string text;
        llvm::raw_string_ostream(text) << other;
        return text;
      });
}

Type NullableType::parse(AsmParser &p) {
  Type element;
  SMLoc loc = p.getCurrentLocation();
  if (p.parseLess() || parseBareType(p, element) || p.parseGreater())
    return {};
  return p.getChecked<NullableType>(loc, p.getContext(), element);
}
void NullableType::print(AsmPrinter &p) const { p << "<" << typeText(getElement()) << ">"; }
LogicalResult NullableType::verify(function_ref<InFlightDiagnostic()> emitError, Type element) {
  if (isNullable(element) || !isValueType(element))
    return emitError() << "expected a type of values that is not nullable yet, but found " << typeText(element);
  return success();
}

Type ListType::parse(AsmParser &p) {
  Type element;
  SMLoc loc = p.getCurrentLocation();
  if (p.parseLess() || parseBareType(p, element) || p.parseGreater())
    return {};
  return p.getChecked<ListType>(loc, p.getContext(), element);
}
void ListType::print(AsmPrinter &p) const { p << "<" << typeText(getElement()) << ">"; }
LogicalResult ListType::verify(function_ref<InFlightDiagnostic()> emitError, Type element) {
  if (!isScalar(element) && !isa<RecordType>(stripNull(element)))
    return emitError() << "expected a list of scalars or records, but its elements are " << typeText(element);
  return success();
}

int RecordType::indexOf(StringRef name) const {
  const auto *found = llvm::find(getNames(), name);
  return found == getNames().end() ? -1 : int(found - getNames().begin());
}

Type RecordType::parse(AsmParser &p) {
  Type type;
  if (p.parseLess() || parseRecordType(p, type) || p.parseGreater())
    return {};
  return type;
}
void RecordType::print(AsmPrinter &p) const { p << "<" << typeText(*this) << ">"; }
LogicalResult RecordType::verify(function_ref<InFlightDiagnostic()> emitError, ArrayRef<StringAttr> names,
                                 ArrayRef<Type> types) {
  if (names.size() != types.size() || names.empty())
    return emitError() << "expected a record of at least one field, with a type for each name";
  for (auto [i, name] : llvm::enumerate(names))
    if (llvm::is_contained(names.take_front(i), name))
      return emitError() << "the record has two fields called `" << name.getValue() << "`";
  for (auto [name, type] : llvm::zip(names, types))
    if (!isScalar(type))
      return emitError() << "expected a scalar, but the record's `" << name.getValue() << "` is " << typeText(type);
  return success();
}
