//===- TextFormatter.h - the layout of a pipeline's text ----------------*- C++ -*-===//
#ifndef MILLRACE_TOOLS_MILLRACE_TEXTFORMATTER_H
#define MILLRACE_TOOLS_MILLRACE_TEXTFORMATTER_H

#include "llvm/Support/Error.h"
#include <string>

namespace millrace {

/// The text with every line indented by the brackets around it (two blanks each; a continued statement one step
/// further), without trailing blanks, tabs in front, doubled empty lines or carriage returns, and with one newline at
/// its end. Nothing inside a line changes: comments, columns and strings stay as they are. Formatting twice is
/// formatting once. The error is about brackets or quotes that do not match, with its line.
llvm::Expected<std::string> formatText(llvm::StringRef text);

} // namespace millrace

#endif
