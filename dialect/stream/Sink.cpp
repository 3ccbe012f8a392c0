//===- Sink.cpp - where records leave: `sink %x to CONNECTOR [as FORMAT]` -----===//
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Types.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

ParseResult SinkOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  const Plugin *connector, *format;
  if (parseInput(p, result, in))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (failed(p.parseOptionalKeyword("to")))
    return errorAt(p, loc) << "expected `to` and where: " << listed(pluginNames(Role::Sink));
  if (parsePlugin(p, result, 1, Role::Sink, connector))
    return failure();
  loc = p.getCurrentLocation();
  if (succeeded(p.parseOptionalKeyword("as"))) {
    if (parsePlugin(p, result, 1, Role::OutputFormat, format))
      return failure();
    if (!connector->formatted)
      return errorAt(p, loc) << "`" << connector->name << "` takes no format";
  } else if (connector->formatted) {
    return errorAt(p, missingAt(p)) << "expected a format: `as` " << listed(pluginNames(Role::OutputFormat));
  }
  return finishStatement(p, result);
}

void SinkOp::print(OpAsmPrinter &p) {
  p << " " << getInput() << " to " << pluginText(p, getArgs(), getConnector(), getOptions(), Role::Sink);
  if (getFormat())
    p << " as "
      << pluginText(p, getArgs(), *getFormat(), getFormatOptions().value_or(DictionaryAttr::get(getContext())),
                    Role::OutputFormat);
  printRest(p, *this, {"connector", "options", "format", "format_options"});
}

/// Rows of upserts have a field `op` of their own.
static LogicalResult explainOp(SinkOp sink, StreamType in) {
  bool isKey = llvm::is_contained(in.getUpsertKeys(), StringAttr::get(sink.getContext(), "op"));
  auto diag = sink.emitOpError("rows of upserts begin with a field `op`, which says upsert or delete, so none of their "
                               "own can be called `op`; ");
  diag << (isKey ? "give it another name with `map` before `key_by`" : "give it another name where it is made");
  if (isKey)
    diag << ", as in `map %in { *, kind = op }` and `key_by ... on kind`";
  return diag;
}

/// Rows of the binary format all have one length, and nothing is beside them but the bytes of strings.
static LogicalResult explainLists(SinkOp sink, StreamType in) {
  for (auto [name, type] : llvm::zip(in.getNames(), in.getTypes()))
    if (!expr::isScalar(type))
      return sink.emitOpError("a field in the binary format is no list and no record, but `")
             << name.getValue() << "` is " << expr::typeText(type)
             << "; write it `as json`, take it apart with flat_map, or leave it out with map";
  return success();
}

LogicalResult SinkOp::verify() {
  if (isReported(*this))
    return failure();
  if (failed(verifyPlugins(*this, getArgs(), Role::Sink, Role::OutputFormat)))
    return failure();
  if (getOptions().contains("order"))
    return emitOpError("writes one file, so `order` means nothing here");
  StreamType in = getInput().getType();
  if (getFormat() && in.getChanges() != Changes::Insert && in.lookup("op"))
    return explainOp(*this, in);
  return getFormat() == "binary" ? explainLists(*this, in) : success();
}
