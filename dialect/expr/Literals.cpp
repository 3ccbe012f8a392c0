//===- Literals.cpp - literal times, and constants ----------------------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"
#include "dialect/expr/Types.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

//===--- durations, timestamps, dates --------------------------------------------===//

Type DurationAttr::getType() const { return DurationType::get(getContext()); }
Attribute DurationAttr::parse(AsmParser &p, Type) {
  int64_t micros;
  if (p.parseLess())
    return {};
  bool negative = succeeded(p.parseOptionalMinus());
  if (parseDuration(p, micros) || p.parseGreater())
    return {};
  return DurationAttr::get(p.getContext(), negative ? -micros : micros);
}
void DurationAttr::print(AsmPrinter &p) const { p << "<" << durationText(getMicros()) << ">"; }
LogicalResult DurationAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t micros) {
  if (micros == std::numeric_limits<int64_t>::min())
    return emitError() << "a literal duration is out of range";
  return success();
}

Type TimestampAttr::getType() const { return TimestampType::get(getContext()); }
Attribute TimestampAttr::parse(AsmParser &p, Type) {
  std::string text;
  SMLoc loc;
  if (p.parseLess() || p.getCurrentLocation(&loc) || p.parseString(&text) || p.parseGreater())
    return {};
  if (auto micros = parseTimestamp(text))
    return TimestampAttr::get(p.getContext(), *micros);
  errorAt(p, loc) << "expected an RFC 3339 time with its zone, as in \"2018-02-03T04:05:06Z\"";
  return {};
}
void TimestampAttr::print(AsmPrinter &p) const { p << "<\"" << timestampText(getMicros()) << "\">"; }
LogicalResult TimestampAttr::verify(function_ref<InFlightDiagnostic()> emitError, int64_t micros) {
  if (micros < minTimestamp || micros > maxTimestamp)
    return emitError() << "a timestamp lies in the years 0000 to 9999";
  return success();
}

Type DateAttr::getType() const { return DateType::get(getContext()); }
Attribute DateAttr::parse(AsmParser &p, Type) {
  std::string text;
  SMLoc loc;
  if (p.parseLess() || p.getCurrentLocation(&loc) || p.parseString(&text) || p.parseGreater())
    return {};
  if (auto days = parseDate(text))
    return DateAttr::get(p.getContext(), *days);
  errorAt(p, loc) << "expected a date, as in \"2018-02-03\"";
  return {};
}
void DateAttr::print(AsmPrinter &p) const { p << "<\"" << dateText(getDays()) << "\">"; }
LogicalResult DateAttr::verify(function_ref<InFlightDiagnostic()> emitError, int32_t days) {
  if (days < minDate || days > maxDate)
    return emitError() << "a date lies in the years 0000 to 9999";
  return success();
}

//===--- constants -------------------------------------------------------------------===//

OpFoldResult ConstantOp::fold(FoldAdaptor) { return getValue(); }

Operation *ExprDialect::materializeConstant(OpBuilder &b, Attribute value, Type type, Location loc) {
  return ConstantOp::create(b, loc, type, value);
}

LogicalResult ConstantOp::verify() {
  Type type = getType();
  if (isa<UnitAttr>(getValue())) {
    if (!isNullable(type))
      return emitOpError("is null, so its type must be nullable, but it is ") << typeText(type);
    return success();
  }
  if (isa<StringAttr>(getValue()) && isa<StringType>(type))
    return success();
  auto typed = dyn_cast<TypedAttr>(getValue());
  bool known = isa<IntegerAttr, FloatAttr, DurationAttr, TimestampAttr, DateAttr>(getValue());
  if (!known || isa<StringAttr>(getValue()) || !typed || typed.getType() != type || !isScalar(type))
    return emitOpError("has a value ") << getValue() << " that does not fit its type " << typeText(type);
  return success();
}
