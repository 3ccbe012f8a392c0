//===- Inspect.cpp - `millrace inspect` -----------------------------------===//
//
// A program carries its manifest; of a pipeline it is what its program would
// carry, so it is compiled as far as that.
//
//===----------------------------------------------------------------------===//
#include "Compilation.h"
#include "StateView.h"

#include "codegen/Manifest.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace millrace {

static std::string scalarText(const json::Value &value) {
  if (auto text = value.getAsString())
    return text->str();
  return formatv("{0}", value).str();
}

/// What reads better on one line: a place in a file, and a name with a single value. "" for all else.
static std::string shortForm(const json::Object &object) {
  if (std::string place = placeText(object); !place.empty() && object.size() == 3)
    return place;
  auto name = object.getString("name");
  auto type = object.getString("type");
  if (object.size() == 2 && name && type)
    return (*name + ": " + *type).str();
  return "";
}

/// The members in an order for people: what a thing is before what it holds. JSON's objects have none.
static std::vector<const json::Object::value_type *> inOrder(const json::Object &object) {
  static const StringRef order[] = {"name",      "abi_version", "kind",    "connector", "window",
                                    "keep",      "time",        "size",    "offset",    "params",
                                    "operators", "keys",        "members", "fields",    "text"};
  std::vector<const json::Object::value_type *> members;
  for (auto &member : object)
    members.push_back(&member);
  sort(members, [](auto *a, auto *b) {
    auto rank = [](StringRef name) { return std::pair(find(order, name) - std::begin(order), name); };
    return rank(a->first) < rank(b->first);
  });
  return members;
}

static void printTree(const json::Value &value, unsigned indent);

/// A scalar, or something short, behind its name; lists and objects indented below it.
static void printMember(StringRef name, const json::Value &value, unsigned indent) {
  outs().indent(indent) << name << ":";
  const json::Object *object = value.getAsObject();
  std::string text = object ? shortForm(*object) : "";
  if (!object && !value.getAsArray())
    text = scalarText(value);
  if (!text.empty()) {
    outs() << " " << text << "\n";
    return;
  }
  outs() << "\n";
  printTree(value, indent + 2);
}

/// An element of a list, under its name if it has one.
static void printElement(const json::Value &element, unsigned indent) {
  auto *object = element.getAsObject();
  std::string text = object ? shortForm(*object) : scalarText(element);
  if (!text.empty()) {
    outs().indent(indent) << text << "\n";
    return;
  }
  auto name = object->getString("name");
  if (!name)
    return printTree(element, indent);
  outs().indent(indent) << *name << "\n";
  for (auto *member : inOrder(*object))
    if (member->first != "name")
      printMember(member->first, member->second, indent + 2);
}

static void printTree(const json::Value &value, unsigned indent) {
  if (auto *object = value.getAsObject())
    for (auto *member : inOrder(*object))
      printMember(member->first, member->second, indent);
  else
    for (const json::Value &element : *value.getAsArray())
      printElement(element, indent);
}

//===-- where the manifest comes from ---------------------------------------===//

static bool isProgram(StringRef path) {
  auto begin = MemoryBuffer::getFileSlice(path, 4, 0);
  return begin && (*begin)->getBuffer() == "\x7f"
                                           "ELF";
}

/// The manifest of a program that was built. An exit code.
static int manifestOfProgram(const InspectFlags &flags, std::string &text) {
  auto manifest = codegen::readManifest(flags.compile.file);
  if (manifest) {
    text = std::move(*manifest);
    return kDone;
  }
  bool missing = false;
  Error error = handleErrors(manifest.takeError(), [&](std::unique_ptr<StringError> problem) {
    missing = problem->convertToErrorCode() != std::errc::invalid_argument;
    return Error(std::move(problem));
  });
  reportError(toString(std::move(error)));
  return missing ? kEnvironment : kWrong;
}

/// The manifest that the pipeline's program would carry. An exit code.
static int manifestOfPipeline(const InspectFlags &flags, std::string &text) {
  Compilation compilation(flags.compile);
  if (int code = compilation.runTo(Phase::Lower))
    return code;
  auto global = compilation.module().lookupSymbol<mlir::LLVM::GlobalOp>("mr_manifest");
  auto value = global ? mlir::dyn_cast_or_null<mlir::StringAttr>(global.getValueOrNull()) : mlir::StringAttr();
  if (!value) {
    reportError(flags.compile.file + ": internal error: the program has no manifest");
    return kWrong;
  }
  text = value.getValue().take_until([](char c) { return c == 0; }).str();
  return kDone;
}

static int inspectState(const InspectFlags &flags, const json::Object &manifest) {
  std::optional<std::vector<StateTable>> tables = readState(manifest);
  if (!tables) {
    reportError(flags.compile.file + ": the manifest is damaged, or of another version of Millrace");
    return kWrong;
  }
  if (flags.json) {
    json::Array all;
    for (const json::Value &value : *manifest.getArray("operators"))
      if (value.getAsObject()->get("layout"))
        all.push_back(value);
    outs() << formatv("{0:2}", json::Value(std::move(all))) << "\n";
    return kDone;
  }
  StringRef name = manifest.getString("name").value_or("");
  flags.svg ? drawState(name, *tables, outs()) : printState(name, *tables, outs());
  return kDone;
}

int inspectProgram(const InspectFlags &flags) {
  std::string manifest;
  bool built = flags.compile.file != "-" && isProgram(flags.compile.file);
  if (built && !flags.choices.empty()) {
    reportError(flags.choices.front() + " chooses how a pipeline is compiled, and `" + flags.compile.file +
                "` is a program: what it is like was decided when it was built");
    return kUsage;
  }
  if (int code = built ? manifestOfProgram(flags, manifest) : manifestOfPipeline(flags, manifest))
    return code;
  if (flags.json && !flags.state) {
    outs() << manifest << "\n";
    return kDone;
  }
  auto value = json::parse(manifest);
  if (!value || !value->getAsObject()) {
    consumeError(value.takeError());
    reportError(flags.compile.file + ": the manifest is damaged");
    return kWrong;
  }
  if (flags.state || flags.svg)
    return inspectState(flags, *value->getAsObject());
  printTree(*value, 0);
  return kDone;
}

} // namespace millrace
