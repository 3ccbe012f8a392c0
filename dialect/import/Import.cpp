//===- Import.cpp - pipeline text to IR ---------------------------------------===//
#include "dialect/import/Import.h"
#include "dialect/expr/Syntax.h"
#include "dialect/stream/Stream.h"
#include "mlir/IR/Diagnostics.h"
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
  if (text.starts_with("\xef\xbb\xbf"))
    return {"the file begins with a byte order mark; save it as UTF-8 without one", 0};
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

/// The statements of a pipeline, without `stream.`.
static SmallVector<StringRef> statements(MLIRContext *context) {
  SmallVector<StringRef> names;
  for (RegisteredOperationName op : context->getRegisteredOperations())
    if (op.getDialectNamespace() == "stream" && op.stripDialect() != "pipeline")
      names.push_back(op.stripDialect());
  return names;
}

/// MLIR's message for a word that is no statement speaks of custom ops; this one says what was meant.
static LogicalResult explainUnknown(Diagnostic &diag, MLIRContext *context) {
  std::string text = diag.str();
  StringRef rest(text);
  if (!rest.consume_front("custom op '") || !rest.contains("' is unknown"))
    return failure(); // another handler's
  StringRef word = rest.split('\'').first;
  word.consume_front("stream.");
  SmallVector<StringRef> known = statements(context);
  auto error = emitError(diag.getLocation());
  if (llvm::is_contained(known, word))
    error << "`" << word << "` stands in a pipeline: `stream.pipeline @name { ... }`";
  else if (!nearest(word, {"pipeline"}).empty())
    error << "a pipeline begins with `stream.pipeline @name {`";
  else
    suggest(error << "no statement `" << word << "`", word, known);
  return success();
}

OwningOpRef<ModuleOp> millrace::parsePipelineText(StringRef text, StringRef name, MLIRContext *context) {
  context->printOpOnDiagnostic(false);
  if (TextProblem problem = checkPipelineText(text); !problem.message.empty()) {
    StringRef before = text.take_front(problem.offset);
    size_t lineStart = before.rfind('\n') == StringRef::npos ? 0 : before.rfind('\n') + 1;
    unsigned line = before.count('\n') + 1, column = problem.offset - lineStart + 1;
    emitError(FileLineColLoc::get(context, name, line, column)) << problem.message;
    return {};
  }
  context->getOrLoadDialect<stream::StreamDialect>();
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diag) { return explainUnknown(diag, context); });
  return parseSourceString<ModuleOp>(text, ParserConfig(context), name);
}

OwningOpRef<ModuleOp> millrace::parsePipelineFile(StringRef path, MLIRContext *context, bool *unreadable) {
  auto buffer = llvm::MemoryBuffer::getFileOrSTDIN(path, /*IsText=*/false);
  if (unreadable)
    *unreadable = !buffer;
  if (!buffer) {
    emitError(UnknownLoc::get(context)) << "cannot read `" << path << "`: " << buffer.getError().message();
    return {};
  }
  return parsePipelineText((*buffer)->getBuffer(), path == "-" ? "<stdin>" : path, context);
}
