//===- Inspect.cpp - `millrace inspect` -----------------------------------===//
#include "CommandLine.h"
#include "Diagnostics.h"

#include "codegen/Manifest.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
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
  auto file = object.getString("file");
  auto line = object.getInteger("line"), column = object.getInteger("column");
  if (object.size() == 3 && file && line && column)
    return formatv("{0}:{1}:{2}", *file, *line, *column).str();
  auto name = object.getString("name");
  auto type = object.getString("type");
  if (object.size() == 2 && name && type)
    return (*name + ": " + *type).str();
  return "";
}

/// The members in an order for people: what a thing is before what it holds. JSON's objects have none.
static std::vector<const json::Object::value_type *> inOrder(const json::Object &object) {
  static const StringRef order[] = {"name",   "abi_version", "kind",      "connector", "window",  "time",  "size",
                                    "offset", "params",      "operators", "keys",      "members", "fields"};
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

int inspectProgram(const InspectFlags &flags) {
  auto manifest = codegen::readManifest(flags.binary);
  if (!manifest) {
    bool missing = false;
    Error error = handleErrors(manifest.takeError(), [&](std::unique_ptr<StringError> problem) {
      missing = problem->convertToErrorCode() != std::errc::invalid_argument;
      return Error(std::move(problem));
    });
    reportError(toString(std::move(error)));
    return missing ? kEnvironment : kWrong;
  }
  if (flags.json) {
    outs() << *manifest << "\n";
    return kDone;
  }
  auto value = json::parse(*manifest);
  if (!value || !value->getAsObject()) {
    consumeError(value.takeError());
    reportError(flags.binary + ": the manifest is damaged");
    return kWrong;
  }
  printTree(*value, 0);
  return kDone;
}

} // namespace millrace
