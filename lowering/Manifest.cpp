//===- Manifest.cpp - what a program says about itself ------------------------===//
#include "lowering/Descriptors.h"

#include "dialect/expr/Types.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

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

static llvm::json::Array fieldsOf(ArrayRef<StringAttr> names, ArrayRef<Type> types) {
  llvm::json::Array fields;
  for (auto [name, type] : llvm::zip_equal(names, types))
    fields.push_back(llvm::json::Object{{"name", name.getValue()}, {"type", expr::typeText(type)}});
  return fields;
}

/// Equal for equal schemas, whatever the order of builds: of the schema's text.
static std::string hashOf(const llvm::json::Value &schema) {
  std::string text;
  llvm::raw_string_ostream(text) << schema;
  return llvm::utohexstr(llvm::xxh3_64bits(text), /*LowerCase=*/true, /*Width=*/16);
}

static llvm::json::Object describeTable(Table &table) {
  state::TableType type = table.op.getType();
  stream::WindowAttr window = table.op.getWindow();
  llvm::json::Array members;
  for (state::MemberAttr member : type.getMembers()) {
    llvm::json::Object one{{"name", member.getName().getValue()}, {"aggregate", member.getFn()}};
    if (!isa<NoneType>(member.getArgument()))
      one["argument"] = expr::typeText(member.getArgument());
    one["type"] = expr::typeText(member.getResult());
    members.push_back(std::move(one));
  }
  llvm::json::Object schema{{"keys", fieldsOf(type.getKeyNames(), type.getKeyTypes())},
                            {"members", std::move(members)},
                            {"window", stream::stringifyWindowKind(window.getKind())},
                            {"time", stream::stringifyTimeDomain(window.getDomain())},
                            {"size", window.getSize()},
                            {"offset", window.getOffset()}};
  llvm::json::Value value(std::move(schema));
  std::string hash = hashOf(value);
  return llvm::json::Object{{"schema", std::move(value)}, {"schema_hash", hash}};
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
                           {"fields", fieldsOf(type.getNames(), type.getTypes())}});
  }
  for (Sink &sink : program.sinks) {
    stream::StreamType type = sink.op.getType();
    add(sink.op, sink.op.getSymName(), "sink",
        llvm::json::Object{{"connector", sink.op.getConnector()},
                           {"fields", fieldsOf(type.getNames(), type.getTypes())}});
  }
  for (Table &table : program.tables)
    add(table.op, table.op.getSymName(), "window", describeTable(table));
  for (exec::ParamOp param : program.params)
    params.push_back(llvm::json::Object{{"name", param.getName()},
                                        {"type", expr::typeText(param.getResult().getType())},
                                        {"default", textOf(param.getValue())}});
  std::string text;
  llvm::raw_string_ostream(text) << llvm::json::Value(llvm::json::Object{{"name", program.op.getSymName()},
                                                                         {"abi_version", MR_ABI_VERSION},
                                                                         {"params", std::move(params)},
                                                                         {"operators", std::move(operators)}});
  return text;
}
