//===- Value.h - what one value of a record can be ----------------*- C++ -*-===//
//
// Part of the reference interpreter, which is the definition of what is right:
// it is written to be read, record by record, and shares with the compiler only
// the dialects and the numbering of error sites.
//
// A value is there, null, or an error of the record (rule 46). Its type is not
// kept with it: the pipeline's types are static and are asked for where needed.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_VALUE_H
#define MILLRACE_TEST_REFERENCE_VALUE_H

#include "dialect/expr/Expr.h"
#include "millrace/abi.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace millrace::reference {

/// Wide enough for every integer type, every sum of them and every product of two signed ones.
using Integer = __int128;

struct Value;
using List = std::vector<Value>;

/// One value. Integers, bool, timestamps, durations (microseconds) and dates (days) are an Integer; f32 and f64 a
/// double (f32 always rounded to float); string and bytes a std::string; lists a List; records a
/// List of their fields.
struct Value {
  enum class State : uint8_t { Present, Null, Error };
  State state = State::Null;
  mr_error error = MR_NO_ERROR; ///< site << 3 | kind, when state is Error
  std::variant<Integer, double, std::string, List> data = Integer(0);

  bool isPresent() const { return state == State::Present; }
  bool isNull() const { return state == State::Null; }
  bool isError() const { return state == State::Error; }

  Integer integer() const { return std::get<Integer>(data); }
  bool isTrue() const { return isPresent() && integer() != 0; }
  double real() const { return std::get<double>(data); }
  const std::string &text() const { return std::get<std::string>(data); }
  const List &list() const { return std::get<List>(data); }

  static Value null() { return {}; }
  static Value ofInteger(Integer v) { return {State::Present, MR_NO_ERROR, v}; }
  static Value ofBool(bool v) { return ofInteger(v ? 1 : 0); }
  static Value ofReal(double v) { return {State::Present, MR_NO_ERROR, v}; }
  static Value ofText(std::string v) { return {State::Present, MR_NO_ERROR, std::move(v)}; }
  static Value ofList(List v) { return {State::Present, MR_NO_ERROR, std::move(v)}; }
  static Value ofError(mr_error error) { return {State::Error, error, Integer(0)}; }
  static Value ofError(uint32_t site, mr_error_kind kind) { return ofError(site << 3 | uint32_t(kind)); }
};

/// The types of the pipeline, without MLIR's spelling.
enum class Kind {
  Bool,
  I8,
  I16,
  I32,
  I64,
  U8,
  U16,
  U32,
  U64,
  F32,
  F64,
  String,
  Bytes,
  Timestamp,
  Duration,
  Date,
  List,
  Record,
  Null
};

struct TypeInfo {
  Kind kind = Kind::Null;
  bool nullable = false;
  mlir::Type element; ///< of a list
  expr::RecordType record;
};
TypeInfo describe(mlir::Type type);

bool isInteger(Kind kind);
bool isFloat(Kind kind);
/// Held as an Integer: integers, bool and the times.
bool isExact(Kind kind);

/// Does `value` lie in the range of `kind` (rules 1, 2 and 44)?
bool fits(Integer value, Kind kind);

/// The order of values as keys, in min and max, and in a firing (rules 10, 26): NaN is one value above +infinity, -0
/// and +0 are one, strings and bytes by bytes, false before true, null last. Negative, 0 or positive.
int compareTotal(const Value &a, const Value &b);

struct TotalLess {
  bool operator()(const std::vector<Value> &a, const std::vector<Value> &b) const;
};

} // namespace millrace::reference
#endif
