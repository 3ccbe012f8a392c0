//===- Range.cpp - the integers that an expression can give -----------------===//
//
// Sums, differences and products are computed without overflow and then cut to
// the type: beyond it the value is an error (rule 46). What is not understood is
// the whole type.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Range.h"
#include "dialect/expr/Types.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

// Expressions are deep where maps follow maps, and a choice that looks at both ways may be met again in each.
static constexpr unsigned deepest = 1000, mostSplits = 8;

static constexpr Wide mostWide = ~(Wide(1) << 127), leastWide = Wide(1) << 127;

//===-- ranges --------------------------------------------------------------===//

Range expr::meet(Range a, Range b) { return {std::max(a.least, b.least), std::min(a.greatest, b.greatest)}; }

Range expr::join(Range a, Range b) {
  if (a.isEmpty() || b.isEmpty())
    return a.isEmpty() ? b : a;
  return {std::min(a.least, b.least), std::max(a.greatest, b.greatest)};
}

std::optional<Range> expr::rangeOfType(Type type) {
  type = stripNull(type);
  if (isBool(type))
    return Range{0, 1};
  if (!isInteger(type))
    return std::nullopt;
  unsigned width = type.getIntOrFloatBitWidth();
  if (type.isUnsignedInteger())
    return Range{0, (Wide(1) << width) - 1};
  return Range{-(Wide(1) << (width - 1)), (Wide(1) << (width - 1)) - 1};
}

//===-- arithmetic ----------------------------------------------------------===//

/// The product, at most as far from zero as 128 bits allow, which is far outside of all types.
static Wide multiply(Wide a, Wide b) {
  Wide product;
  if (__builtin_mul_overflow(a, b, &product))
    return (a < 0) == (b < 0) ? mostWide : leastWide;
  return product;
}

/// The least and greatest of what a function that is monotonous in each operand gives at the corners.
static Range ofCorners(Range a, Range b, Wide (*function)(Wide, Wide)) {
  if (a.isEmpty() || b.isEmpty())
    return {};
  Range result;
  for (Wide x : {a.least, a.greatest})
    for (Wide y : {b.least, b.greatest})
      result = join(result, {function(x, y), function(x, y)});
  return result;
}

static Range quotientOf(Range a, Range b) {
  auto quotient = [](Wide x, Wide y) { return x / y; };
  return join(ofCorners(a, meet(b, {1, mostWide}), quotient), ofCorners(a, meet(b, {leastWide, -1}), quotient));
}

static Range remainderOf(Range a, Range b) {
  if (a.isEmpty() || b.isEmpty() || (b.least == 0 && b.greatest == 0))
    return {};
  Wide farthest = std::max(b.greatest, -b.least) - 1;
  if (!b.contains(0) && std::max(a.greatest, -a.least) < (b.least > 0 ? b.least : -b.greatest))
    return a; // always less than the divisor
  return meet({a.least >= 0 ? 0 : -farthest, a.greatest <= 0 ? 0 : farthest},
              {std::min<Wide>(a.least, 0), std::max<Wide>(a.greatest, 0)});
}

static Range negate(Range a) { return a.isEmpty() ? a : Range{-a.greatest, -a.least}; }

static Range magnitude(Range a) {
  if (a.isEmpty())
    return a;
  Wide farthest = std::max(a.greatest, -a.least);
  return {a.contains(0) ? 0 : std::min(a.least < 0 ? -a.least : a.least, a.greatest < 0 ? -a.greatest : a.greatest),
          farthest};
}

//===-- conditions ----------------------------------------------------------===//

static Range truth(bool mayFail, bool mayHold) { return {mayFail ? 0 : 1, mayHold ? 1 : 0}; }

static Range compare(CmpPredicate predicate, Range a, Range b) {
  if (a.isEmpty() || b.isEmpty())
    return {};
  bool same = a.least == a.greatest && a == b, apart = meet(a, b).isEmpty();
  switch (predicate) {
  case CmpPredicate::eq:
    return truth(!same, !apart);
  case CmpPredicate::ne:
    return truth(!apart, !same);
  case CmpPredicate::lt:
    return truth(a.greatest >= b.least, a.least < b.greatest);
  case CmpPredicate::le:
    return truth(a.greatest > b.least, a.least <= b.greatest);
  case CmpPredicate::gt:
    return truth(a.least <= b.greatest, a.greatest > b.least);
  case CmpPredicate::ge:
    return truth(a.least < b.greatest, a.greatest >= b.least);
  }
  return {0, 1};
}

/// `a and b` is false if one is, whatever the other: also null or an error.
static Range both(Range a, Range b) { return truth(a.contains(0) || b.contains(0), a.contains(1) && b.contains(1)); }
static Range either(Range a, Range b) { return truth(a.contains(0) && b.contains(0), a.contains(1) || b.contains(1)); }

/// The predicate that holds where `predicate` does not.
static CmpPredicate opposite(CmpPredicate predicate) {
  switch (predicate) {
  case CmpPredicate::eq:
    return CmpPredicate::ne;
  case CmpPredicate::ne:
    return CmpPredicate::eq;
  case CmpPredicate::lt:
    return CmpPredicate::ge;
  case CmpPredicate::le:
    return CmpPredicate::gt;
  case CmpPredicate::gt:
    return CmpPredicate::le;
  case CmpPredicate::ge:
    return CmpPredicate::lt;
  }
  llvm_unreachable("every predicate has an opposite");
}

/// What is left of `a` if it compares so with something of `b`.
static Range comparesWith(CmpPredicate predicate, Range a, Range b) {
  if (b.isEmpty())
    return {};
  switch (predicate) {
  case CmpPredicate::eq:
    return meet(a, b);
  case CmpPredicate::ne:
    if (b.least != b.greatest)
      return a;
    return {a.least + (a.least == b.least), a.greatest - (a.greatest == b.least)};
  case CmpPredicate::lt:
    return meet(a, {leastWide, b.greatest - 1});
  case CmpPredicate::le:
    return meet(a, {leastWide, b.greatest});
  case CmpPredicate::gt:
    return meet(a, {b.least + 1, mostWide});
  case CmpPredicate::ge:
    return meet(a, {b.least, mostWide});
  }
  return a;
}

/// The predicate with its operands changed over.
static CmpPredicate mirrored(CmpPredicate predicate) {
  switch (predicate) {
  case CmpPredicate::lt:
    return CmpPredicate::gt;
  case CmpPredicate::le:
    return CmpPredicate::ge;
  case CmpPredicate::gt:
    return CmpPredicate::lt;
  case CmpPredicate::ge:
    return CmpPredicate::le;
  default:
    return predicate;
  }
}

//===-- functions -----------------------------------------------------------===//

/// Parts of a time (years are 0000 to 9999, rule 1).
static std::optional<Range> rangeOfPart(StringRef part) {
  return llvm::StringSwitch<std::optional<Range>>(part)
      .Cases({"second", "minute"}, Range{0, 59})
      .Case("hour", Range{0, 23})
      .Case("day", Range{1, 31})
      .Case("week", Range{1, 53})
      .Case("month", Range{1, 12})
      .Case("quarter", Range{1, 4})
      .Case("year", Range{0, 9999})
      .Case("day_of_week", Range{1, 7})
      .Case("day_of_year", Range{1, 366})
      .Case("microsecond", Range{0, 999999})
      .Default(std::nullopt);
}

static std::optional<Range> rangeOfCall(CallOp call) {
  StringRef callee = call.getCallee();
  if (callee == "length" || callee == "position" || callee == "size")
    return Range{0, mostWide};
  if (callee != "extract" || call.getArgs().size() != 2)
    return std::nullopt;
  auto unit = call.getArgs()[1].getDefiningOp<ConstantOp>();
  auto word = unit ? dyn_cast<StringAttr>(unit.getValue()) : StringAttr();
  return word ? rangeOfPart(word.getValue()) : std::nullopt;
}

//===-- values --------------------------------------------------------------===//

std::optional<Range> Ranges::of(Value value) {
  if (!rangeOfType(value.getType()))
    return std::nullopt;
  return ofInteger(value);
}

Range Ranges::ofInteger(Value value) {
  if (auto at = known.find(value); at != known.end())
    return at->second;
  Range range = *rangeOfType(value.getType());
  if (depth < deepest) {
    ++depth;
    range = meet(range, compute(value));
    --depth;
  }
  if (auto at = narrowed.find(value); at != narrowed.end())
    range = meet(range, at->second);
  known[value] = range;
  return range;
}

Range Ranges::compute(Value value) {
  Operation *op = value.getDefiningOp();
  if (op && isa<ExprDialect>(op->getDialect()))
    return ofOp(op);
  std::optional<Range> told = leaf ? leaf(value) : std::nullopt;
  return told ? *told : *rangeOfType(value.getType());
}

Range Ranges::ofOperand(Operation *op, unsigned number) { return ofInteger(op->getOperand(number)); }

Range Ranges::ofOp(Operation *op) {
  Range all = *rangeOfType(op->getResult(0).getType());
  auto binary = [&](auto combine) { return combine(ofOperand(op, 0), ofOperand(op, 1)); };
  auto isKnown = [](Value operand) { return bool(rangeOfType(operand.getType())); };
  if (!isa<CmpOp, CallOp, CastOp, SelectOp>(op) && !llvm::all_of(op->getOperands(), isKnown))
    return all; // made of something else: a difference of times, an element of a list
  return llvm::TypeSwitch<Operation *, Range>(op)
      .Case([&](ConstantOp constant) {
        auto number = dyn_cast<IntegerAttr>(constant.getValue());
        if (!number)
          return isa<UnitAttr>(constant.getValue()) ? Range() : all;
        bool isSigned = all.least < 0;
        Wide value = isSigned ? Wide(number.getValue().getSExtValue()) : Wide(number.getValue().getZExtValue());
        return Range{value, value};
      })
      .Case<AddOp>([&](auto) {
        return binary([](Range a, Range b) { return ofCorners(a, b, [](Wide x, Wide y) { return x + y; }); });
      })
      .Case<SubOp>([&](auto) {
        return binary([](Range a, Range b) { return ofCorners(a, b, [](Wide x, Wide y) { return x - y; }); });
      })
      .Case<MulOp>([&](auto) { return binary([](Range a, Range b) { return ofCorners(a, b, multiply); }); })
      .Case<DivOp>([&](auto) { return binary(quotientOf); })
      .Case<ModOp>([&](auto) { return binary(remainderOf); })
      .Case<NegOp>([&](auto) { return negate(ofOperand(op, 0)); })
      .Case<AndOp>([&](auto) { return binary(both); })
      .Case<OrOp>([&](auto) { return binary(either); })
      .Case<NotOp>([&](auto) {
        Range a = ofOperand(op, 0);
        return truth(a.contains(1), a.contains(0));
      })
      .Case([&](CmpOp cmp) {
        if (!isKnown(cmp.getLhs()) || !isKnown(cmp.getRhs()))
          return all;
        return compare(cmp.getPredicate(), ofOperand(op, 0), ofOperand(op, 1));
      })
      .Case<TryOp>([&](auto) { return ofOperand(op, 0); })
      .Case<CoalesceOp>([&](auto) {
        Range any;
        for (Value operand : op->getOperands())
          any = join(any, ofInteger(operand));
        return any;
      })
      .Case<SelectOp>([&](auto) { return ofSelect(op); })
      .Case<CastOp>([&](auto) { return isKnown(op->getOperand(0)) ? ofOperand(op, 0) : all; })
      .Case([&](CallOp call) {
        if (call.getCallee() == "abs")
          return magnitude(ofOperand(op, 0));
        return rangeOfCall(call).value_or(all);
      })
      .Default([&](Operation *) { return all; });
}

// In a choice more is known of the values that its condition speaks of: `case when n > 99 then 99 else n end`.
Range Ranges::ofSelect(Operation *op) {
  auto select = cast<SelectOp>(op);
  Range condition = ofInteger(select.getCondition());
  bool never = !condition.contains(1);
  bool always = !condition.contains(0) && !isNullable(select.getCondition().getType());
  auto way = [&](Value value, bool holds) {
    if (splits >= mostSplits)
      return ofInteger(value);
    Ranges inside(leaf);
    inside.narrowed = narrowed;
    inside.depth = depth;
    inside.splits = splits + 1;
    holds ? inside.assume(select.getCondition()) : inside.assumeFalse(select.getCondition());
    return inside.ofInteger(value);
  };
  return join(never ? Range() : way(select.getThenValue(), true), always ? Range() : way(select.getElseValue(), false));
}

//===-- what conditions tell ------------------------------------------------===//

void Ranges::narrow(Value value, Range range) {
  auto [at, isNew] = narrowed.try_emplace(value, range);
  if (!isNew)
    at->second = meet(at->second, range);
  known.clear();
  // Between integers a cast keeps the value, or is an error.
  auto cast = value.getDefiningOp<CastOp>();
  if (cast && rangeOfType(cast.getValue().getType()))
    narrow(cast.getValue(), range);
}

void Ranges::assume(Value condition) {
  Operation *op = condition.getDefiningOp();
  if (auto all = dyn_cast_or_null<AndOp>(op)) {
    assume(all.getLhs());
    assume(all.getRhs());
  } else if (auto no = dyn_cast_or_null<NotOp>(op)) {
    assumeFalse(no.getValue());
  } else if (auto cmp = dyn_cast_or_null<CmpOp>(op)) {
    std::optional<Range> a = of(cmp.getLhs()), b = of(cmp.getRhs());
    if (!a || !b)
      return;
    narrow(cmp.getLhs(), comparesWith(cmp.getPredicate(), *a, *b));
    narrow(cmp.getRhs(), comparesWith(mirrored(cmp.getPredicate()), *b, *a));
  } else if (op || isa<BlockArgument>(condition)) {
    narrow(condition, {1, 1});
  }
}

// Not true: false or null, as in the second way of a choice. If a comparison is null, one of its operands is, and of
// the other nothing is known.
void Ranges::assumeFalse(Value condition) {
  Operation *op = condition.getDefiningOp();
  if (auto any = dyn_cast_or_null<OrOp>(op)) {
    assumeFalse(any.getLhs());
    assumeFalse(any.getRhs());
  } else if (auto no = dyn_cast_or_null<NotOp>(op)) {
    if (!isNullable(no.getType()))
      assume(no.getValue());
  } else if (auto cmp = dyn_cast_or_null<CmpOp>(op)) {
    std::optional<Range> a = of(cmp.getLhs()), b = of(cmp.getRhs());
    if (!a || !b)
      return;
    CmpPredicate predicate = opposite(cmp.getPredicate());
    if (!isNullable(cmp.getRhs().getType()))
      narrow(cmp.getLhs(), comparesWith(predicate, *a, *b));
    if (!isNullable(cmp.getLhs().getType()))
      narrow(cmp.getRhs(), comparesWith(mirrored(predicate), *b, *a));
  }
}
