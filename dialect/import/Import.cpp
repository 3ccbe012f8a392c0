//===- Import.cpp - pipeline text to IR ---------------------------------------===//
#include "dialect/import/Import.h"
#include "dialect/import/UnknownStatement.h"
#include "dialect/stream/Stream.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/StringExtras.h"
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

namespace {
/// Braces that are open, and which of them lacks its partner: MLIR would report that at the end of the text.
struct Braces {
  StringRef text;
  SmallVector<size_t> open;
  std::optional<size_t> suspect; ///< the first whose partner stands further left than its own line begins

  StringRef beforeOnLine(size_t at) const {
    size_t newline = text.rfind('\n', at); // the character at `at` is none
    return newline == StringRef::npos ? text.take_front(at) : text.slice(newline + 1, at);
  }
  static size_t indentOf(StringRef line) { return line.size() - line.ltrim(" \t").size(); }

  bool close(size_t at) {
    if (open.empty())
      return false;
    size_t opener = open.pop_back_val();
    StringRef before = beforeOnLine(at);
    if (!suspect && before.trim(" \t").empty() && before.size() < indentOf(beforeOnLine(opener)))
      suspect = opener;
    return true;
  }

  /// `--` before a blank or a word at the begin of a line: no expression has that.
  bool startsSqlComment(size_t at) const {
    if (!text.substr(at).starts_with("--") || text.substr(at).starts_with("-->"))
      return false;
    char next = at + 2 < text.size() ? text[at + 2] : '\n';
    return next == ' ' || next == '\n' || beforeOnLine(at).trim(" \t").empty();
  }

  /// A `#` that begins no attribute of MLIR's: no name follows.
  bool startsComment(size_t at) const {
    if (text.substr(at + 1).starts_with("-}") || text.take_front(at).ends_with("{-"))
      return false;
    char next = at + 1 < text.size() ? text[at + 1] : ' ';
    return !llvm::isAlnum(next) && next != '_' && next != '"';
  }
};
} // namespace

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
  Braces braces;
  braces.text = text;
  for (size_t at = 0; at < text.size(); ++at) {
    size_t start = at;
    at = skipQuoted(text, at);
    if (text[start] == '"' && (at >= text.size() || text[at] == '\n'))
      return {"this text has no closing quote", start};
    if (at >= text.size())
      break;
    char c = text[at];
    if (c == ';')
      return {"no `;` is needed here", at};
    if (c == '#' && braces.startsComment(at))
      return {"comments begin with `//`", at};
    if (c == '-' && braces.startsSqlComment(at))
      return {"comments begin with `//`, not with `--`", at};
    if (c == '{')
      braces.open.push_back(at);
    if (c == '}' && !braces.close(at))
      return {"`}` closes nothing", at};
    if (c == '(' || c == '[' || c == '{') {
      if (++depth > maxBracketDepth)
        return {"brackets are nested more than " + std::to_string(maxBracketDepth) + " deep", at};
    } else if ((c == ')' || c == ']' || c == '}') && depth) {
      --depth;
    }
  }
  if (!braces.open.empty())
    return {"`{` is never closed", braces.suspect.value_or(braces.open.back())};
  return {};
}

std::string millrace::plainMessage(StringRef text) {
  for (StringRef before : {"custom op '", "'"}) { // `custom op 'stream.x' …`, `'stream.x' op …`: the place says it
    StringRef rest = text;
    if (!rest.consume_front(before))
      continue;
    auto [name, message] = rest.split("' ");
    if (before == "'" && !message.consume_front("op "))
      continue;
    if (name.starts_with("stream.") || name.starts_with("expr."))
      text = message;
    break;
  }
  static const std::pair<StringRef, StringRef> known[] = {
      {"expected operation name in quotes", "expected a statement, as in `%big = filter %in where n > 3`"},
      {"expected valid '@'-identifier for symbol name", "a pipeline's name begins with `@`, as in `@daily`"},
      {"expected '{' to begin a region", "expected `{`"},
      {"invalid SSA name", "expected a name behind `%`"},
      {"previously defined here", "the first one"},
      {"see existing symbol definition here", "the first one"},
      {"unexpected character", "this character has no meaning here"}};
  for (auto [theirs, ours] : known)
    if (text == theirs)
      return ours.str();
  auto name = [](StringRef rest) { return rest.take_until([](char c) { return c == '\''; }).str(); };
  if (text.consume_front("redefinition of SSA value '"))
    return "`" + name(text) + "` is defined twice";
  if (text.consume_front("redefinition of symbol named '"))
    return "there are two pipelines `@" + name(text) + "`";
  std::string result = text.str();
  if (text.starts_with("expected '")) // MLIR quotes signs this way
    llvm::replace(result, '\'', '`');
  return result;
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
  ScopedDiagnosticHandler handler(context, [&](Diagnostic &diag) { return explainUnknown(diag, text, context); });
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
