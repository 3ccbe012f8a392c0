//===- Format.cpp - `millrace fmt` ----------------------------------------===//
#include "CommandLine.h"
#include "Diagnostics.h"
#include "TextFormatter.h"

#include "codegen/OutputFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace millrace {

/// One file; true in `changed` if its layout is not the formatter's.
static int formatFile(const std::string &file, bool check, bool &changed) {
  auto buffer = MemoryBuffer::getFileOrSTDIN(file, /*IsText=*/false);
  if (!buffer) {
    reportError(file + ": " + buffer.getError().message());
    return kEnvironment;
  }
  StringRef before = (*buffer)->getBuffer();
  auto after = formatText(before);
  if (!after) {
    reportError(file + ": " + toString(after.takeError()));
    return kWrong;
  }
  changed = before != *after;
  if (file == "-") {
    if (!check)
      outs() << *after;
  } else if (changed && !check) {
    auto permissions = sys::fs::getPermissions(file);
    if (Error error = codegen::writeFile(file, *after)) {
      reportError(toString(std::move(error)));
      return kEnvironment;
    }
    if (permissions)
      (void)sys::fs::setPermissions(file, *permissions);
  }
  return kDone;
}

int formatFiles(const FormatFlags &flags) {
  int worst = kDone;
  for (const std::string &file : flags.files) {
    bool changed = false;
    worst = std::max(worst, formatFile(file, flags.check, changed));
    if (changed && flags.check) {
      errs() << (file == "-" ? "<stdin>" : file) << " is not formatted; `millrace fmt` would change it\n";
      worst = std::max<int>(worst, kWrong);
    }
  }
  return worst;
}

} // namespace millrace
