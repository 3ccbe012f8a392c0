//===- Pipeline.cpp - pipeline and param --------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/OpSyntax.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Path.h"

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

/// Devices may be read and written by many.
static bool isDevice(Attribute path) {
  auto text = dyn_cast_or_null<StringAttr>(path);
  return text && text.getValue().starts_with("/dev/");
}

/// What says which file an op of the connector `file` means: a path without needless dots, or the param that has it.
static std::string fileOf(Operation *op, StringAttr connector, DictionaryAttr options, OperandRange args) {
  Attribute path = connector.getValue() == "file" ? options.get("path") : Attribute();
  if (isDevice(path))
    return "";
  if (auto text = dyn_cast_or_null<StringAttr>(path)) {
    llvm::SmallString<128> plain(text.getValue());
    llvm::sys::path::remove_dots(plain, /*remove_dot_dot=*/false);
    return plain.str().str();
  }
  auto arg = dyn_cast_or_null<ArgAttr>(path);
  auto param = arg && arg.getIndex() < args.size() ? args[arg.getIndex()].getDefiningOp<ParamOp>() : ParamOp();
  if (!param || isDevice(param.getValue()))
    return "";
  auto labels = param->getAttrOfType<ArrayAttr>("labels");
  return labels && !labels.empty() ? "%" + cast<StringAttr>(labels[0]).getValue().str() : "";
}

/// A file has one writer, and is not read while it is written.
static LogicalResult verifyFiles(PipelineOp pipeline) {
  llvm::StringMap<Operation *> read, written;
  for (auto source : pipeline.getOps<SourceOp>())
    read.try_emplace(fileOf(source, source.getConnectorAttr(), source.getOptions(), source.getArgs()), source);
  for (auto sink : pipeline.getOps<SinkOp>()) {
    std::string file = fileOf(sink, sink.getConnectorAttr(), sink.getOptions(), sink.getArgs());
    if (file.empty())
      continue;
    Operation *other = nullptr;
    StringRef why;
    if (auto it = read.find(file); it != read.end())
      other = it->second, why = "is an input of this pipeline and would be emptied";
    else if (auto [it, fresh] = written.try_emplace(file, sink); !fresh)
      other = it->second,
      why = "is written by another sink already; a file has one writer: give one of them another name, or "
            "unite their streams with `union`";
    if (!other)
      continue;
    auto diag = sink.emitOpError() << "`" << file << "` " << why;
    diag.attachNote(other->getLoc()) << "the other one";
    return diag;
  }
  return success();
}

LogicalResult PipelineOp::verify() {
  if (failed(verifyOneStdin(*this)) || failed(verifyFiles(*this)))
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
  return finishStatement(p, result);
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
