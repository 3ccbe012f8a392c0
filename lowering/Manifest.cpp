//===- Manifest.cpp - what a program says about itself ------------------------===//
#include "lowering/Manifest.h"

#include "lowering/Descriptors.h"

#include "dialect/expr/Types.h"
#include "dialect/stream/ZoneClocks.h"
#include "llvm/Support/Path.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// Where an op was written: file, line, column; all that locations know. Without the file's directories: a program is
/// the same wherever it is built.
static llvm::json::Object place(Operation *op) {
  llvm::json::Object result;
  if (auto at = op->getLoc()->findInstanceOf<FileLineColLoc>()) {
    result["file"] = llvm::sys::path::filename(at.getFilename().getValue());
    result["line"] = at.getLine();
    result["column"] = at.getColumn();
  }
  return result;
}

llvm::json::Array millrace::lowering::manifestFields(ArrayRef<StringAttr> names, ArrayRef<Type> types) {
  llvm::json::Array fields;
  for (auto [name, type] : llvm::zip_equal(names, types))
    fields.push_back(llvm::json::Object{{"name", name.getValue()}, {"type", expr::typeText(type)}});
  return fields;
}

std::string millrace::lowering::manifestOf(Program &program) {
  llvm::json::Array operators, params;
  auto add = [&](Operation *op, StringRef name, StringRef kind, llvm::json::Object more) {
    more["name"] = name;
    more["kind"] = kind;
    more["location"] = place(op);
    operators.push_back(std::move(more));
  };
  for (Source &source : program.sources) {
    stream::StreamType type = source.op.getType();
    add(source.op, source.op.getSymName(), "source",
        llvm::json::Object{{"connector", source.op.getConnector()},
                           {"fields", manifestFields(type.getNames(), type.getTypes())}});
  }
  for (Sink &sink : program.sinks) {
    stream::StreamType type = sink.op.getType();
    add(sink.op, sink.op.getSymName(), "sink",
        llvm::json::Object{{"connector", sink.op.getConnector()},
                           {"fields", manifestFields(type.getNames(), type.getTypes())}});
  }
  for (Table &table : program.tables)
    add(table.op, table.op.getSymName(), operatorKind(table.op), manifestState(table));
  for (exec::ParamOp param : program.params)
    params.push_back(llvm::json::Object{{"name", param.getName()},
                                        {"type", expr::typeText(param.getResult().getType())},
                                        {"default", textOf(param.getValue())}});
  llvm::json::Object manifest{{"name", program.op.getSymName()},
                              {"abi_version", MR_ABI_VERSION},
                              {"params", std::move(params)},
                              {"operators", std::move(operators)}};
  if (llvm::any_of(program.tables, [](Table &table) {
        stream::WindowAttr window = table.op.getWindow();
        return window && !window.getZone().empty();
      }))
    manifest["zone_data"] = stream::zoneDataVersion();
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(std::move(manifest));
  return text;
}
