//===- ExprPrinter.cpp - SSA back to infix ------------------------------------===//
#include "dialect/expr/ExprPrinter.h"
#include "dialect/expr/Functions.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/TypeSwitch.h"
#include <charconv>
#include <cmath>

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

//===--- literals ------------------------------------------------------------------------===//

/// The shortest text that reads back as the same number, always with a point.
template <typename Float> static std::string floatText(Float number) {
  char text[64];
  double size = std::fabs(double(number));
  bool fixed = size == 0 || (size < 1e15 && size >= 1e-6);
  auto format = fixed ? std::chars_format::fixed : std::chars_format::scientific;
  std::string s(text, std::to_chars(text, text + sizeof text, number, format).ptr);
  if (s.find('.') == std::string::npos)
    s.insert(std::min(s.find('e'), s.size()), ".0");
  return s;
}

static std::string integerText(IntegerAttr attr) {
  SmallString<24> text;
  attr.getValue().toString(text, 10, !attr.getType().isUnsignedInteger());
  return text.str().str();
}

std::string expr::literalText(Attribute value) {
  return TypeSwitch<Attribute, std::string>(value)
      .Case([](BoolAttr b) { return b.getValue() ? "true" : "false"; })
      .Case([](IntegerAttr i) { return integerText(i); })
      .Case([](FloatAttr f) {
        return f.getType().isF32() ? floatText(f.getValue().convertToFloat()) : floatText(f.getValueAsDouble());
      })
      .Case([](StringAttr s) { return quoted(s.getValue()); })
      .Case([](DurationAttr d) { return durationText(d.getMicros()); })
      .Case([](TimestampAttr t) { return "timestamp \"" + timestampText(t.getMicros()) + "\""; })
      .Case([](DateAttr d) { return "date \"" + dateText(d.getDays()) + "\""; })
      .Default([](Attribute) { return "null"; });
}

std::string expr::fieldText(StringRef name) {
  std::string text = nameText(name);
  return text[0] == '"' ? "field(" + text + ")" : text;
}

static bool isNegativeLiteral(Attribute value) {
  if (auto f = dyn_cast<FloatAttr>(value))
    return f.getValue().isNegative();
  if (auto d = dyn_cast<DurationAttr>(value))
    return d.getMicros() < 0;
  auto i = dyn_cast<IntegerAttr>(value);
  return i && !isa<BoolAttr>(value) && i.getType().isSignlessInteger() && i.getValue().isNegative();
}

/// The type a literal's text has without a neighbour.
static bool isNaturalType(ConstantOp op) {
  Type type = op.getType();
  if (!isNumber(type))
    return true;
  if (auto i = dyn_cast<IntegerAttr>(op.getValue()))
    return type.isSignlessInteger(64) || (type.isUnsignedInteger(64) && i.getValue().isNegative());
  return type.isF64();
}

/// Do the operands of `op` adapt to each other, so that a literal beside a value of its type needs no cast?
static bool adaptsOperands(Operation *op) {
  return isa<AddOp, SubOp, MulOp, DivOp, ModOp, CmpOp, CoalesceOp, ListOp>(op);
}

/// Would the reader make one literal of this op and the literal it works on, if that did not say its type?
static bool becomesLiteral(Operation *op) {
  auto cast = dyn_cast<CastOp>(op);
  if (!cast)
    return isa<NegOp>(op);
  Type from = stripNull(cast.getValue().getType()), to = stripNull(cast.getType());
  return from == to || (isNumber(from) && (isFloat(to) || (expr::isInteger(from) && expr::isInteger(to))));
}

std::string ExprPrinter::constant(ConstantOp op, int precedence) {
  Type type = op.getType();
  if (isa<UnitAttr>(op.getValue()))
    return "cast(null as " + typeText(stripNull(type)) + ")";
  std::string text = literalText(op.getValue());
  bool mustSayType = llvm::any_of(op->getUsers(), becomesLiteral);
  bool bare = !mustSayType && isNaturalType(op);
  if (!bare && !mustSayType && op->hasOneUse()) {
    Operation *user = *op->user_begin();
    auto operands = isa<SelectOp>(user) ? user->getOperands().drop_front() : user->getOperands();
    bare = (adaptsOperands(user) || isa<SelectOp>(user)) && llvm::any_of(operands, [&](Value v) {
             return stripNull(v.getType()) == type && !v.getDefiningOp<ConstantOp>() && !v.getDefiningOp<SelectOp>();
           });
  }
  if (!bare)
    return "cast(" + text + " as " + typeText(type) + ")";
  return isNegativeLiteral(op.getValue()) && precedence > SignPrecedence ? "(" + text + ")" : text;
}

//===--- what is printable, and what is shared --------------------------------------------===//

static bool isFiniteOrNoFloat(Attribute value) {
  auto f = dyn_cast<FloatAttr>(value);
  return !f || f.getValue().isFinite();
}

ExprPrinter::ExprPrinter(Block &block, ArrayRef<std::string> arguments, Outside outside)
    : block(block), outside(outside) {
  for (auto [argument, text] : llvm::zip(block.getArguments(), arguments))
    named[argument] = text;
  printable = arguments.size() == block.getNumArguments() && !block.empty() && isa<YieldOp>(block.back());
  if (!printable)
    return;
  for (Operation &op : block.without_terminator())
    findMembership(op);
  for (Operation &op : block.without_terminator()) {
    if (!(printable &= check(op)))
      return;
    Value result = op.getResult(0);
    if (!inlined(result) && !subjects.contains(result))
      shared.push_back(&op);
  }
}

/// Does the record have a name, so that `name.field` is one word?
static bool isPath(FieldOp field) {
  Operation *made = field.getRecord().getDefiningOp();
  std::string name = field.getName().str();
  return (!made || isa<NameLoc>(made->getLoc())) && nameText(name) == name && name.find('.') == name.npos;
}

bool ExprPrinter::check(Operation &op) {
  bool known =
      operatorOf(&op) ||
      isa<ConstantOp, NegOp, NotOp, IsNullOp, CoalesceOp, SelectOp, CastOp, TryOp, ListOp, FieldOp, CallOp>(op);
  if (!known || op.use_empty() || !op.getDiscardableAttrs().empty())
    return false;
  if (auto field = dyn_cast<FieldOp>(op); field && !isPath(field))
    return false;
  auto constant = dyn_cast<ConstantOp>(op);
  return !constant || isFiniteOrNoFloat(constant.getValue());
}

/// Was it written as a `let`?
static bool isNamed(Operation *op) { return isa<NameLoc>(op->getLoc()); }

bool ExprPrinter::inlined(Value value) const {
  return !isNamed(value.getDefiningOp()) && (value.getDefiningOp<ConstantOp>() || value.hasOneUse());
}

/// An op whose only use may hide it in a longer form.
static bool isHidden(Operation *op) { return op->hasOneUse() && !isNamed(op); }

/// Collects the tests of `x = a or x = b or …` from its leftmost part on.
static bool collectIn(Value v, SmallVectorImpl<CmpOp> &tests) {
  if (auto either = v.getDefiningOp<OrOp>(); either && isHidden(either) && !either.getRhs().getDefiningOp<OrOp>())
    return collectIn(either.getLhs(), tests) && collectIn(either.getRhs(), tests);
  auto test = v.getDefiningOp<CmpOp>();
  if (!test || test.getPredicate() != CmpPredicate::eq || !isHidden(test))
    return false;
  tests.push_back(test);
  return true;
}

/// The tests of `x >= a and x <= b`.
static bool collectBetween(AndOp both, SmallVectorImpl<CmpOp> &tests) {
  auto low = both.getLhs().getDefiningOp<CmpOp>(), high = both.getRhs().getDefiningOp<CmpOp>();
  if (!low || !high || !isHidden(low) || !isHidden(high) || low.getPredicate() != CmpPredicate::ge ||
      high.getPredicate() != CmpPredicate::le)
    return false;
  tests.append({low, high});
  return true;
}

/// Were the tests built as `in` and `between` build them: of one value, all items before the first test?
static bool isMembership(ArrayRef<CmpOp> tests) {
  CmpOp first = tests.front();
  Value subject = first.getLhs();
  if (subject.getDefiningOp<ConstantOp>())
    return false;
  return llvm::all_of(tests, [&](CmpOp test) {
    Operation *item = test.getRhs().getDefiningOp();
    bool early = !item || isa<ConstantOp>(item) || item->getBlock() != test->getBlock() || item->isBeforeInBlock(first);
    return test.getLhs() == subject && test.getRhs() != subject && early;
  });
}

void ExprPrinter::findMembership(Operation &op) {
  SmallVector<CmpOp> tests;
  if (auto both = dyn_cast<AndOp>(op)) {
    if (!collectBetween(both, tests))
      return;
  } else if (auto either = dyn_cast<OrOp>(op)) {
    auto longer = isHidden(&op) ? dyn_cast<OrOp>(*op.user_begin()) : OrOp();
    bool isPart = longer && longer.getLhs() == either && longer.getRhs().getDefiningOp<CmpOp>();
    if (isPart || !either.getRhs().getDefiningOp<CmpOp>() || !collectIn(either.getLhs(), tests) ||
        !collectIn(either.getRhs(), tests))
      return;
  } else {
    return;
  }
  if (!isMembership(tests))
    return;
  Membership m{tests.front().getLhs(), {}, isa<AndOp>(op)};
  for (CmpOp test : tests)
    m.items.push_back(test.getRhs());
  Operation *made = m.subject.getDefiningOp();
  if (made && !isNamed(made) && size_t(llvm::range_size(m.subject.getUses())) == m.items.size())
    subjects.insert(m.subject);
  memberships[&op] = std::move(m);
}

/// The reader widens operands right before the operation: the left one, then the right one.
static bool standsWhereWidened(CastOp cast, Operation *user, bool left) {
  Operation *next = cast->getNextNode();
  if (next == user)
    return true;
  return left && next == user->getOperand(1).getDefiningOp() && next->getNextNode() == user;
}

/// Would the reader put in this cast by itself? Then it need not be shown.
bool ExprPrinter::isImplied(CastOp cast) const {
  Value result = cast.getResult();
  if (!result.hasOneUse())
    return false;
  Operation *user = *result.user_begin();
  Type from = stripNull(cast.getValue().getType()), to = stripNull(cast.getType());
  if (cast.getValue().getDefiningOp<ConstantOp>() || from == to ||
      isNullable(cast.getType()) != isNullable(cast.getValue().getType()))
    return false;
  if (!isa<AddOp, SubOp, MulOp, DivOp, ModOp, CmpOp>(user) || memberships.contains(user))
    return false;
  bool left = user->getOperand(0) == result;
  if (!standsWhereWidened(cast, user, left))
    return false;
  Value other = user->getOperand(left ? 1 : 0);
  if (auto literal = other.getDefiningOp<ConstantOp>()) // a literal adapts to what stands there
    return isa<FloatAttr>(literal.getValue()) && expr::isInteger(from) && to.isF64();
  auto otherCast = other.getDefiningOp<CastOp>();
  if (otherCast && !isNamed(otherCast) &&
      (otherCast->getNextNode() == user || otherCast->getNextNode() == cast)) // both may be implied
    return !otherCast.getValue().getDefiningOp<ConstantOp>() && otherCast->hasOneUse() &&
           isNullable(otherCast.getType()) == isNullable(otherCast.getValue().getType()) &&
           standsWhereWidened(otherCast, user, !left) &&
           commonType(from, stripNull(otherCast.getValue().getType())) == to;
  return commonType(from, stripNull(other.getType())) == to;
}

SmallVector<std::string> ExprPrinter::lets() {
  SmallVector<std::string> lines;
  llvm::SmallDenseSet<StringRef> used;
  for (auto &[value, text] : named)
    used.insert(text);
  for (Operation *op : shared) {
    auto loc = dyn_cast<NameLoc>(op->getLoc());
    std::string name = loc ? loc.getName().str() : "t" + std::to_string(lines.size());
    while (used.contains(name))
      name += "_";
    lines.push_back("let " + nameText(name) + " = " + operation(op, AnyPrecedence));
    used.insert(named[op->getResult(0)] = fieldText(name));
  }
  return lines;
}

//===--- text ------------------------------------------------------------------------------===//

std::string ExprPrinter::text(Value value, int precedence) {
  if (auto it = named.find(value); it != named.end())
    return it->second;
  Operation *op = value.getDefiningOp();
  return op && op->getBlock() == &block ? operation(op, precedence) : outside(value);
}

static std::string wrap(std::string text, int own, int precedence) {
  return own < precedence ? "(" + text + ")" : text;
}

std::string ExprPrinter::arguments(OperandRange values) {
  std::string s;
  for (Value v : values)
    s += (s.empty() ? "" : ", ") + text(v);
  return s;
}

std::string ExprPrinter::membership(const Membership &m, int precedence) {
  std::string s = text(m.subject, AddPrecedence);
  if (m.between) {
    s += " between " + text(m.items[0], AddPrecedence) + " and " + text(m.items[1], AddPrecedence);
  } else {
    s += " in (";
    for (auto [i, item] : llvm::enumerate(m.items))
      s += (i ? ", " : "") + text(item);
    s += ")";
  }
  return wrap(s, ComparePrecedence, precedence);
}

std::string ExprPrinter::choice(SelectOp op) {
  std::string s = "case";
  while (true) {
    s += " when " + text(op.getCondition()) + " then " + text(op.getThenValue());
    auto next = op.getElseValue().getDefiningOp<SelectOp>();
    if (!next || !isHidden(next) || next->getBlock() != &block)
      break;
    op = next;
  }
  auto constant = op.getElseValue().getDefiningOp<ConstantOp>();
  auto then = op.getThenValue().getDefiningOp<ConstantOp>();
  if (constant && isa<UnitAttr>(constant.getValue()) && !(then && isa<UnitAttr>(then.getValue())))
    return s + " end";
  return s + " else " + text(op.getElseValue()) + " end";
}

std::string ExprPrinter::operation(Operation *op, int precedence) {
  if (auto it = memberships.find(op); it != memberships.end())
    return membership(it->second, precedence);
  if (const Operator *o = operatorOf(op)) {
    // Comparisons do not chain; the others group to the left.
    int left = o->isCompare() ? int(AddPrecedence) : o->precedence;
    return wrap(text(op->getOperand(0), left) + " " + o->text.str() + " " + text(op->getOperand(1), o->precedence + 1),
                o->precedence, precedence);
  }
  return TypeSwitch<Operation *, std::string>(op)
      .Case([&](ConstantOp c) { return constant(c, precedence); })
      .Case([&](NegOp n) { return wrap("-" + text(n.getValue(), TightPrecedence), SignPrecedence, precedence); })
      .Case([&](IsNullOp n) {
        return wrap(text(n.getValue(), AddPrecedence) + " is null", ComparePrecedence, precedence);
      })
      .Case([&](NotOp n) {
        if (auto test = n.getValue().getDefiningOp<IsNullOp>(); test && inlined(test) && test->getBlock() == &block)
          return wrap(text(test.getValue(), AddPrecedence) + " is not null", ComparePrecedence, precedence);
        return wrap("not " + text(n.getValue(), ComparePrecedence), NotPrecedence, precedence);
      })
      .Case([&](CastOp c) {
        if (isImplied(c))
          return text(c.getValue(), precedence);
        bool implied = isNullable(c.getValue().getType());
        return "cast(" + text(c.getValue()) + " as " + typeText(implied ? stripNull(c.getType()) : c.getType()) + ")";
      })
      .Case([&](CoalesceOp c) { return "coalesce(" + arguments(c.getValues()) + ")"; })
      .Case([&](FieldOp f) { return text(f.getRecord()) + "." + f.getName().str(); })
      .Case([&](TryOp t) { return "try(" + text(t.getValue()) + ")"; })
      .Case([&](ListOp l) { return "[" + arguments(l.getValues()) + "]"; })
      .Case([&](SelectOp s) { return choice(s); })
      .Case([&](CallOp c) { return c.getCallee().str() + "(" + arguments(c.getArgs()) + ")"; })
      .Default([](Operation *) -> std::string { llvm_unreachable("an op that check() let pass"); });
}
