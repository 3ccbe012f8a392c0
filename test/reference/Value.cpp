//===- Value.cpp - kinds of values, their ranges and their order --------------===//
#include "Value.h"
#include "Time.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>
#include <limits>

using namespace millrace::reference;
using namespace millrace;

static Kind integerKind(mlir::IntegerType type) {
  bool isUnsigned = type.isUnsigned();
  switch (type.getWidth()) {
  case 1:
    return Kind::Bool;
  case 8:
    return isUnsigned ? Kind::U8 : Kind::I8;
  case 16:
    return isUnsigned ? Kind::U16 : Kind::I16;
  case 32:
    return isUnsigned ? Kind::U32 : Kind::I32;
  default:
    return isUnsigned ? Kind::U64 : Kind::I64;
  }
}

TypeInfo millrace::reference::describe(mlir::Type type) {
  TypeInfo info;
  if (auto nullable = llvm::dyn_cast<expr::NullableType>(type)) {
    info.nullable = true;
    type = nullable.getElement();
  }
  info.kind = llvm::TypeSwitch<mlir::Type, Kind>(type)
                  .Case([](mlir::IntegerType t) { return integerKind(t); })
                  .Case([](mlir::Float32Type) { return Kind::F32; })
                  .Case([](mlir::Float64Type) { return Kind::F64; })
                  .Case([](expr::StringType) { return Kind::String; })
                  .Case([](expr::BytesType) { return Kind::Bytes; })
                  .Case([](expr::TimestampType) { return Kind::Timestamp; })
                  .Case([](expr::DurationType) { return Kind::Duration; })
                  .Case([](expr::DateType) { return Kind::Date; })
                  .Case([](expr::ListType) { return Kind::List; })
                  .Case([](expr::RecordType) { return Kind::Record; })
                  .Default([](mlir::Type) { return Kind::Null; });
  if (auto list = llvm::dyn_cast<expr::ListType>(type))
    info.element = list.getElement();
  info.record = llvm::dyn_cast<expr::RecordType>(type);
  return info;
}

bool millrace::reference::isInteger(Kind kind) { return kind >= Kind::I8 && kind <= Kind::U64; }
bool millrace::reference::isFloat(Kind kind) { return kind == Kind::F32 || kind == Kind::F64; }
bool millrace::reference::isExact(Kind kind) {
  return kind == Kind::Bool || isInteger(kind) || kind == Kind::Timestamp || kind == Kind::Duration ||
         kind == Kind::Date;
}

template <typename T> static bool within(Integer value) {
  return value >= Integer(std::numeric_limits<T>::min()) && value <= Integer(std::numeric_limits<T>::max());
}

bool millrace::reference::fits(Integer value, Kind kind) {
  switch (kind) {
  case Kind::Bool:
    return value == 0 || value == 1;
  case Kind::I8:
    return within<int8_t>(value);
  case Kind::I16:
    return within<int16_t>(value);
  case Kind::I32:
    return within<int32_t>(value);
  case Kind::I64:
  case Kind::Duration:
    return within<int64_t>(value);
  case Kind::U8:
    return within<uint8_t>(value);
  case Kind::U16:
    return within<uint16_t>(value);
  case Kind::U32:
    return within<uint32_t>(value);
  case Kind::U64:
    return within<uint64_t>(value);
  case Kind::Timestamp:
    return value >= firstTimestamp && value <= lastTimestamp;
  case Kind::Date:
    return value >= firstDate && value <= lastDate;
  default:
    return true;
  }
}

static int compareReals(double a, double b) {
  bool aNan = std::isnan(a), bNan = std::isnan(b);
  if (aNan || bNan)
    return int(aNan) - int(bNan);    // one value, above +infinity
  return a < b ? -1 : a > b ? 1 : 0; // -0 and +0 compare as equal
}

int millrace::reference::compareTotal(const Value &a, const Value &b) {
  if (a.isNull() || b.isNull())
    return int(a.isNull()) - int(b.isNull()); // null last
  if (auto *x = std::get_if<Integer>(&a.data))
    return *x < b.integer() ? -1 : *x > b.integer() ? 1 : 0;
  if (auto *x = std::get_if<double>(&a.data))
    return compareReals(*x, b.real());
  if (auto *x = std::get_if<std::string>(&a.data)) {
    int order = x->compare(b.text()); // char_traits<char> compares as unsigned bytes
    return order < 0 ? -1 : order > 0 ? 1 : 0;
  }
  const List &x = a.list(), &y = b.list();
  for (size_t i = 0; i < x.size() && i < y.size(); ++i)
    if (int order = compareTotal(x[i], y[i]))
      return order;
  return x.size() < y.size() ? -1 : x.size() > y.size() ? 1 : 0;
}

bool TotalLess::operator()(const std::vector<Value> &a, const std::vector<Value> &b) const {
  for (size_t i = 0; i < a.size() && i < b.size(); ++i)
    if (int order = compareTotal(a[i], b[i]))
      return order < 0;
  return a.size() < b.size();
}
