//===- Inspect.cpp - `millrace inspect` -----------------------------------===//
#include "CommandLine.h"
#include "Diagnostics.h"

#include "codegen/Manifest.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace millrace {

/// An entry's scalars on one line, `name: value`; lists and objects indented below.
static void printTree(const json::Value &value, unsigned indent);

static void printMember(StringRef name, const json::Value &value, unsigned indent) {
  outs().indent(indent) << name << ":";
  if (value.getAsObject() || value.getAsArray()) {
    outs() << "\n";
    printTree(value, indent + 2);
  } else if (auto text = value.getAsString()) {
    outs() << " " << *text << "\n";
  } else {
    outs() << " " << value << "\n";
  }
}

static void printTree(const json::Value &value, unsigned indent) {
  if (auto *object = value.getAsObject()) {
    for (auto &member : *object)
      printMember(member.first, member.second, indent);
    return;
  }
  for (const json::Value &element : *value.getAsArray()) {
    auto *object = element.getAsObject();
    if (!object) {
      outs().indent(indent) << "- " << element << "\n";
      continue;
    }
    if (auto name = object->getString("name")) {
      outs().indent(indent) << *name << "\n";
      for (auto &member : *object)
        if (member.first != "name")
          printMember(member.first, member.second, indent + 2);
    } else {
      printTree(element, indent);
    }
  }
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
