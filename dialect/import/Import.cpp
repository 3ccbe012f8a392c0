//===- Import.cpp - pipeline text to IR ---------------------------------------===//
#include "dialect/import/Import.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace mlir;
using namespace millrace;

/// Offset behind a text or a comment that starts at `at`, or `at` itself.
static size_t skipQuoted(StringRef text, size_t at) {
  if (text.substr(at).starts_with("//"))
    return std::min(text.find('\n', at), text.size());
  if (text[at] != '"')
    return at;
  for (size_t i = at + 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"' || text[i] == '\n')
      return i;
  }
  return text.size();
}

TextProblem millrace::checkPipelineText(StringRef text) {
  if (text.size() > maxPipelineBytes)
    return {"a pipeline file may have " + std::to_string(maxPipelineBytes >> 20) + " MiB at most", 0};
  const auto *bytes = reinterpret_cast<const llvm::UTF8 *>(text.data()), *end = bytes + text.size(), *good = bytes;
  if (!llvm::isLegalUTF8String(&good, end))
    return {"this byte is not UTF-8", size_t(good - bytes)};
  if (size_t zero = text.find('\0'); zero != StringRef::npos)
    return {"a zero byte in a pipeline file", zero};
  unsigned depth = 0;
  for (size_t at = 0; at < text.size(); ++at) {
    at = skipQuoted(text, at);
    if (at >= text.size())
      break;
    char c = text[at];
    if (c == '(' || c == '[' || c == '{') {
      if (++depth > maxBracketDepth)
        return {"brackets are nested more than " + std::to_string(maxBracketDepth) + " deep", at};
    } else if ((c == ')' || c == ']' || c == '}') && depth) {
      --depth;
    }
  }
  return {};
}

static OwningOpRef<ModuleOp> parseBuffer(std::unique_ptr<llvm::MemoryBuffer> buffer, MLIRContext *context,
                                         llvm::SourceMgr &sources) {
  StringRef text = buffer->getBuffer();
  std::string name = buffer->getBufferIdentifier().str();
  if (TextProblem problem = checkPipelineText(text); !problem.message.empty()) {
    StringRef before = text.take_front(problem.offset);
    unsigned line = before.count('\n') + 1;
    unsigned column = problem.offset - (before.rfind('\n') == StringRef::npos ? 0 : before.rfind('\n') + 1) + 1;
    emitError(FileLineColLoc::get(context, name, line, column)) << problem.message;
    return {};
  }
  sources.AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  context->printOpOnDiagnostic(false);
  return parseSourceFile<ModuleOp>(sources, context);
}

OwningOpRef<ModuleOp> millrace::parsePipelineText(StringRef text, StringRef name, MLIRContext *context,
                                                  llvm::SourceMgr &sources) {
  return parseBuffer(llvm::MemoryBuffer::getMemBufferCopy(text, name), context, sources);
}

OwningOpRef<ModuleOp> millrace::parsePipelineFile(StringRef path, MLIRContext *context, llvm::SourceMgr &sources,
                                                  bool *unreadable) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/true);
  if (unreadable)
    *unreadable = !buffer;
  if (!buffer) {
    emitError(UnknownLoc::get(context)) << "cannot read `" << path << "`: " << buffer.getError().message();
    return {};
  }
  return parseBuffer(std::move(*buffer), context, sources);
}
