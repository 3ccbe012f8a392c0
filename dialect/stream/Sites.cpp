//===- Sites.cpp - where errors arise, and where they are judged ------------===//
#include "dialect/stream/Sites.h"
#include "dialect/expr/ExprPrinter.h"
#include "dialect/expr/Functions.h"
#include "dialect/expr/Typing.h"
#include "dialect/stream/Names.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

bool stream::canFail(Operation *op) {
  auto isFloat = [&] { return expr::isFloat(expr::stripNull(op->getResult(0).getType())); };
  if (isa<expr::AddOp, expr::SubOp, expr::MulOp, expr::NegOp, expr::DivOp, expr::ModOp>(op))
    return !isFloat(); // floats follow IEEE (rule 46)
  if (auto cast = dyn_cast<expr::CastOp>(op)) {
    Type from = expr::stripNull(cast.getValue().getType()), to = expr::stripNull(cast.getType());
    bool always = isa<expr::StringType>(to) && !isa<expr::BytesType>(from); // bytes need not be UTF-8
    return from != to && !always && !(expr::isFloat(to) && expr::isNumber(from));
  }
  if (auto call = dyn_cast<expr::CallOp>(op)) {
    const expr::Function *function = expr::findFunction(call.getCallee());
    return !function || function->fails != "none";
  }
  return false;
}

//===-- the text of an expression -------------------------------------------===//

namespace {
/// Infix text of an expression, for messages.
struct ExpressionWriter {
  llvm::function_ref<std::string(Value)> leaf;
  std::string text;
  llvm::raw_string_ostream os{text};

  explicit ExpressionWriter(llvm::function_ref<std::string(Value)> leaf) : leaf(leaf) {}

  void write(Value value, int around = expr::AnyPrecedence) {
    Operation *op = value.getDefiningOp();
    if (!op || !isa<expr::ExprDialect>(op->getDialect()))
      os << leaf(value);
    else if (auto constant = dyn_cast<expr::ConstantOp>(op))
      os << (isa<UnitAttr>(constant.getValue()) ? "null" : expr::literalText(constant.getValue()));
    else if (auto cast = dyn_cast<expr::CastOp>(op); cast && isWidening(cast))
      write(cast.getValue(), around);
    else if (const expr::Operator *infix = op->getNumOperands() == 2 ? expr::operatorOf(op) : nullptr)
      writeInfix(op, *infix, around);
    else
      writeOther(op, around);
  }

private:
  void writeInfix(Operation *op, const expr::Operator &infix, int around) {
    bool wrap = infix.precedence < around;
    os << (wrap ? "(" : "");
    write(op->getOperand(0), infix.precedence);
    os << ' ' << infix.text << ' ';
    write(op->getOperand(1), infix.precedence + 1);
    os << (wrap ? ")" : "");
  }
  void writeOther(Operation *op, int around) {
    TypeSwitch<Operation *>(op)
        .Case<expr::NegOp>([&](auto) { os << '-', write(op->getOperand(0), expr::SignPrecedence); })
        .Case<expr::NotOp>([&](auto) { writeNot(op->getOperand(0)); })
        .Case<expr::IsNullOp>([&](auto) { write(op->getOperand(0), expr::AddPrecedence), os << " is null"; })
        .Case([&](expr::CastOp cast) {
          os << "cast(", write(cast.getValue()), os << " as " << expr::typeText(cast.getType()) << ')';
        })
        .Case([&](expr::SelectOp) {
          os << "case when ", write(op->getOperand(0)), os << " then ", write(op->getOperand(1));
          os << " else ", write(op->getOperand(2)), os << " end";
        })
        .Case([&](expr::ListOp) { writeArguments('[', op->getOperands(), ']'); })
        .Case([&](expr::CallOp call) { os << call.getCallee(), writeArguments('(', op->getOperands(), ')'); })
        .Default([&](Operation *) { os << op->getName().stripDialect(), writeArguments('(', op->getOperands(), ')'); });
  }
  void writeArguments(char open, ValueRange values, char close) {
    os << open;
    llvm::interleaveComma(values, os, [&](Value v) { write(v); });
    os << close;
  }
  void writeNot(Value value) {
    if (auto isNull = value.getDefiningOp<expr::IsNullOp>())
      write(isNull.getValue(), expr::AddPrecedence), os << " is not null";
    else
      os << "not ", write(value, expr::NotPrecedence);
  }
  /// Between numbers, and it cannot fail: such casts are mostly implied.
  static bool isWidening(expr::CastOp cast) {
    return !canFail(cast) && expr::isNumber(expr::stripNull(cast.getValue().getType())) &&
           expr::isNumber(expr::stripNull(cast.getType()));
  }
};
} // namespace

static std::string leafText(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return argumentName(argument).str();
  return ("%" + operatorName(value.getDefiningOp())).str();
}

std::string stream::expressionText(Value value, llvm::function_ref<std::string(Value)> leaf) {
  static constexpr size_t limit = 80;
  ExpressionWriter writer(leaf ? leaf : leafText);
  writer.write(value);
  std::string text = std::move(writer.text);
  if (text.size() > limit) {
    size_t end = limit;
    while (end > 0 && (text[end] & 0xC0) == 0x80) // not inside a code point
      --end;
    text.resize(end);
    text += "…";
  }
  return text;
}

//===-- numbering -----------------------------------------------------------===//

/// What a reason says of a field (runtime/engine/errors.h).
static std::string fieldText(StringRef name, ColumnAttr column) {
  std::string text = ("field `" + name + "`").str();
  if (!column.hasRange())
    return text;
  auto number = [](IntegerAttr bound) { return llvm::toString(bound.getAPSInt(), 10); };
  return text + " between " + number(column.getLeast()) + " and " + number(column.getGreatest());
}

SmallVector<Site> stream::numberSites(PipelineOp pipeline) {
  SmallVector<Site> sites;
  Builder builder(pipeline.getContext());
  auto add = [&](Operation *op, StringRef name, std::string text) {
    LineColumn at = lineColumn(op->getLoc());
    sites.push_back({name.str(), std::move(text), at.line, at.column});
    return builder.getI32IntegerAttr(sites.size() - 1);
  };
  for (Operation &op : pipeline.getBody().front()) {
    StringRef name = operatorName(&op);
    if (auto source = dyn_cast<SourceOp>(op)) {
      op.setAttr(firstSiteAttr, builder.getI32IntegerAttr(sites.size()));
      for (auto [field, column] : llvm::zip_equal(source.getOutput().getType().fieldNames(), source.getColumns()))
        add(&op, name, fieldText(field, cast<ColumnAttr>(column)));
    }
    op.walk<WalkOrder::PreOrder>([&](Operation *inner) {
      if (inner != &op && canFail(inner))
        inner->setAttr(siteAttr, add(inner, name, expressionText(inner->getResult(0))));
    });
  }
  return sites;
}

bool stream::isTerminal(Operation *op) { return isa<SinkOp, WindowOp, TopOp, OverOp, RunningOp, DeduplicateOp>(op); }

SmallVector<Operation *> stream::numberTerminals(PipelineOp pipeline) {
  SmallVector<Operation *> terminals;
  Builder builder(pipeline.getContext());
  for (Operation &op : pipeline.getBody().front())
    if (isTerminal(&op)) {
      op.setAttr(terminalAttr, builder.getI32IntegerAttr(terminals.size()));
      terminals.push_back(&op);
    }
  return terminals;
}

int32_t stream::terminalNumber(Operation *terminal) {
  return int32_t(terminal->getAttrOfType<IntegerAttr>(terminalAttr).getInt());
}
