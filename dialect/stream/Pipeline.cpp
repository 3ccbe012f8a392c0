//===- Pipeline.cpp - pipeline and param --------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/OpSyntax.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

/// A process has one standard input: a second source would silently get nothing of it.
static LogicalResult verifyOneStdin(PipelineOp pipeline) {
  SourceOp first;
  for (auto source : pipeline.getOps<SourceOp>()) {
    if (source.getConnector() != "stdin")
      continue;
    if (first) {
      auto diag = source.emitOpError("reads `stdin`, which another source reads already: one of them would get "
                                     "nothing; let both use one source");
      diag.attachNote(first.getLoc()) << "the other one";
      return diag;
    }
    first = source;
  }
  return success();
}

LogicalResult PipelineOp::verify() {
  if (failed(verifyOneStdin(*this)))
    return failure();
  // State, params and metrics are known by these names.
  llvm::StringMap<Operation *> known;
  for (Operation &op : getBody().front()) {
    if (op.getDialect() != (*this)->getDialect())
      return op.emitOpError("does not belong into a pipeline: only ops of `stream` do");
    auto labels = op.getAttrOfType<ArrayAttr>("labels");
    if (!labels)
      continue;
    for (Attribute label : labels) {
      auto [it, fresh] = known.try_emplace(cast<StringAttr>(label).getValue(), &op);
      if (fresh)
        continue;
      auto diag = op.emitOpError("is named `") << it->first() << "`, as another op of this pipeline";
      diag.attachNote(it->second->getLoc()) << "the other one";
      return diag;
    }
  }
  return success();
}

//===--- param -----------------------------------------------------------------------------===//

/// `param 4.5 "smallest magnitude"`, `param 5 : i32`.
ParseResult ParamOp::parse(OpAsmParser &p, OperationState &result) {
  Block scratch;
  expr::ExprBuilder build(p, scratch, {});
  expr::Expr e;
  Type type;
  SMLoc loc = p.getCurrentLocation();
  if (expr::ExprParser(p, build).parse(e))
    return failure();
  scratch.clear();
  if (e.isInvalid())
    return failure();
  if (!e.isLiteral() || e.isNull())
    return errorAt(p, loc) << "a param's default must be a literal";
  if (succeeded(p.parseOptionalColon())) {
    if (expr::parseBareType(p, type))
      return failure();
  } else {
    type = e.type;
  }
  Attribute value = build.adapt(e, type);
  if (!value)
    return errorAt(p, loc) << "this default does not fit the type " << typeText(type);
  result.addAttribute("value", value);
  std::string doc;
  if (peek(p) == '"') {
    if (parseText(p, doc))
      return failure();
    result.addAttribute("doc", p.getBuilder().getStringAttr(doc));
  }
  result.addTypes(type);
  keepNames(p, result);
  return p.parseOptionalAttrDict(result.attributes);
}

void ParamOp::print(OpAsmPrinter &p) {
  p << " " << expr::literalText(getValue());
  Type type = getType();
  bool natural = !expr::isNumber(type) || type.isSignlessInteger(64) || type.isF64();
  if (!natural)
    p << " : " << typeText(type);
  if (getDoc())
    p << " " << quoted(*getDoc());
  printRest(p, *this, {"value", "doc"});
}

LogicalResult ParamOp::verify() {
  Type type = getType();
  if (!expr::isScalar(type) || expr::isNullable(type))
    return emitOpError("needs a scalar type that is not nullable, but it is ") << typeText(type);
  auto typed = dyn_cast<TypedAttr>(getValue());
  bool fits = isa<StringAttr>(getValue()) ? isa<expr::StringType>(type) : typed && typed.getType() == type;
  if (!fits)
    return emitOpError("has a default ") << getValue() << " that does not fit its type " << typeText(type);
  return verifyLabels(*this);
}
