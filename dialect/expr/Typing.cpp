//===- Typing.cpp - which types an operation takes and gives ------------------===//
#include "dialect/expr/Typing.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

static const Operator operators[] = {{"or", "or", 1}, {"and", "and", 2}, {"=", "cmp", 4},   {"<>", "cmp", 4},
                                     {"<", "cmp", 4}, {"<=", "cmp", 4},  {">", "cmp", 4},   {">=", "cmp", 4},
                                     {"+", "add", 5}, {"-", "sub", 5},   {"||", "call", 5}, {"*", "mul", 6},
                                     {"/", "div", 6}, {"mod", "mod", 6}};

const Operator *expr::findOperator(StringRef text) {
  const auto *found = llvm::find_if(operators, [&](const Operator &o) { return o.text == text; });
  return found == std::end(operators) ? nullptr : found;
}

static StringRef predicateText(CmpPredicate predicate) {
  switch (predicate) {
  case CmpPredicate::eq:
    return "=";
  case CmpPredicate::ne:
    return "<>";
  case CmpPredicate::lt:
    return "<";
  case CmpPredicate::le:
    return "<=";
  case CmpPredicate::gt:
    return ">";
  case CmpPredicate::ge:
    return ">=";
  }
  llvm_unreachable("a predicate without a text");
}

CmpPredicate expr::predicateOf(StringRef text) {
  for (auto predicate : {CmpPredicate::eq, CmpPredicate::ne, CmpPredicate::lt, CmpPredicate::le, CmpPredicate::gt})
    if (predicateText(predicate) == text)
      return predicate;
  return CmpPredicate::ge;
}

const Operator *expr::operatorOf(Operation *op) {
  if (auto cmp = dyn_cast<CmpOp>(op))
    return findOperator(predicateText(cmp.getPredicate()));
  if (auto call = dyn_cast<CallOp>(op))
    return call.getCallee() == "concat" && call.getArgs().size() == 2 ? findOperator("||") : nullptr;
  if (!isa<AddOp, SubOp, MulOp, DivOp, ModOp, AndOp, OrOp>(op))
    return nullptr;
  StringRef mnemonic = op->getName().stripDialect();
  return llvm::find_if(operators, [&](const Operator &o) { return o.mnemonic == mnemonic; });
}

Type expr::commonNumber(Type a, Type b) {
  if (a == b)
    return a;
  if (isFloat(a) || isFloat(b))
    return Float64Type::get(a.getContext());
  unsigned widthA = a.getIntOrFloatBitWidth(), widthB = b.getIntOrFloatBitWidth();
  if (a.isUnsignedInteger() == b.isUnsignedInteger())
    return widthA > widthB ? a : b;
  unsigned unsignedWidth = a.isUnsignedInteger() ? widthA : widthB;
  unsigned signedWidth = a.isUnsignedInteger() ? widthB : widthA;
  if (unsignedWidth == 64)
    return {};
  return IntegerType::get(a.getContext(), std::max(signedWidth, 2 * unsignedWidth));
}

Type expr::commonType(Type a, Type b) {
  if (a == b)
    return a;
  return isNumber(a) && isNumber(b) ? commonNumber(a, b) : Type();
}

static bool isComparable(Type type, bool ordered) {
  if (isBool(type))
    return !ordered;
  return isNumber(type) || isa<StringType, BytesType, TimestampType, DurationType, DateType>(type);
}

/// add, sub, mul and div where time takes part.
static std::optional<Signature> timeSignature(StringRef op, Type lhs, Type rhs) {
  MLIRContext *ctx = lhs.getContext();
  Type duration = DurationType::get(ctx), i64 = IntegerType::get(ctx, 64);
  bool additive = op == "add" || op == "sub";
  if (additive && isa<TimestampType>(lhs) && rhs == duration)
    return Signature{lhs, rhs, lhs};
  if (additive && lhs == duration && rhs == duration)
    return Signature{lhs, rhs, lhs};
  if (op == "sub" && isa<TimestampType>(lhs) && lhs == rhs)
    return Signature{lhs, rhs, duration};
  if ((op == "mul" || op == "div") && lhs == duration && isInteger(rhs) && commonNumber(rhs, i64))
    return Signature{lhs, i64, lhs};
  return std::nullopt;
}

std::optional<Signature> expr::signatureOf(StringRef mnemonic, Type lhs, Type rhs, bool ordered) {
  Type i1 = IntegerType::get(lhs.getContext(), 1);
  if (mnemonic == "and" || mnemonic == "or")
    return lhs == i1 && rhs == i1 ? std::optional(Signature{i1, i1, i1}) : std::nullopt;
  if (mnemonic == "cmp") {
    Type common = commonType(lhs, rhs);
    return common && isComparable(common, ordered) ? std::optional(Signature{common, common, i1}) : std::nullopt;
  }
  if (!isNumber(lhs) || !isNumber(rhs))
    return timeSignature(mnemonic, lhs, rhs);
  Type common = commonNumber(lhs, rhs);
  if (!common || (mnemonic == "mod" && isFloat(common)))
    return std::nullopt;
  return Signature{common, common, common};
}

bool expr::isCastable(Type from, Type to) {
  if (from == to || (isNumber(from) && isNumber(to)) || (isBool(from) && isInteger(to)))
    return true;
  auto isText = [](Type t) { return isa<StringType>(t); };
  if (isText(to))
    return isScalar(from);
  if (isText(from))
    return isBool(to) || isNumber(to) || isa<TimestampType, DateType, BytesType>(to);
  if (isa<TimestampType, DateType>(from) && isa<TimestampType, DateType>(to))
    return true;
  auto isMicros = [](Type t) { return t.isSignlessInteger(64); };
  return (isa<DurationType>(from) && isMicros(to)) || (isMicros(from) && isa<DurationType>(to));
}
