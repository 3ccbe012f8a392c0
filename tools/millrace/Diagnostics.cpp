//===- Diagnostics.cpp - printing MLIR's diagnostics ----------------------===//
#include "Diagnostics.h"

#include "dialect/import/Import.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OperationSupport.h"
#include "mlir/IR/Remarks.h"
#include "runtime/io/storage.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <tuple>

using namespace llvm;
using Severity = mlir::DiagnosticSeverity;

namespace millrace {

static StringRef severityName(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return "error";
  case Severity::Warning:
    return "warning";
  case Severity::Note:
    return "note";
  case Severity::Remark:
    return "remark";
  }
  return "error";
}

static raw_ostream::Colors severityColour(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return raw_ostream::RED;
  case Severity::Warning:
    return raw_ostream::MAGENTA;
  default:
    return raw_ostream::CYAN;
  }
}

/// Colours only where someone looks, and where NO_COLOR does not forbid them.
static bool wantsColours() {
  const char *terminal = ::getenv("TERM");
  return errs().is_displayed() && !::getenv("NO_COLOR") && terminal && StringRef(terminal) != "dumb";
}

StringRef nearMiss(StringRef word, ArrayRef<StringRef> known) {
  StringRef best;
  unsigned least = word.size() / 3 + 2;
  for (StringRef candidate : known) {
    unsigned distance = word.edit_distance(candidate, /*AllowReplacements=*/true, least);
    if (distance < least) {
      least = distance;
      best = candidate;
    }
  }
  return best;
}

std::string problemText(std::error_code problem) {
  bool isErrno = problem.category() == std::generic_category() || problem.category() == std::system_category();
  return isErrno ? errnoText(problem.value()) : problem.message();
}

void reportError(const Twine &text) {
  raw_ostream &stream = errs();
  bool colours = wantsColours();
  if (colours)
    stream.changeColor(raw_ostream::RED, /*Bold=*/true);
  stream << "error: ";
  if (colours)
    stream.resetColor();
  stream << text << "\n";
}

namespace {
/// Where passes say what they decided (dialect/transforms/Decisions.h).
struct DecisionStreamer : mlir::remark::detail::MLIRRemarkStreamerBase {
  explicit DecisionStreamer(Diagnostics &diagnostics) : diagnostics(diagnostics) {}
  void streamOptimizationRemark(const mlir::remark::detail::Remark &remark) override {
    std::string text;
    for (const auto &argument : remark.getArgs())
      text += argument.val;
    diagnostics.takeDecision(remark.getLocation(), remark.getCategoryName(), remark.getFunction(), text);
  }
  Diagnostics &diagnostics;
};
} // namespace

Diagnostics::Diagnostics(mlir::MLIRContext &context, bool json, bool remarks, bool quiet)
    : context(context), handler(&context, [this](mlir::Diagnostic &diagnostic) { take(diagnostic); }), json(json),
      remarks(remarks), quiet(quiet) {
  context.printOpOnDiagnostic(false);
  context.printStackTraceOnDiagnostic(false);
  if (!remarks)
    return;
  mlir::remark::RemarkCategories everything;
  everything.passed = everything.missed = everything.analysis = everything.failed = ".*";
  bool enabled = succeeded(
      mlir::remark::enableOptimizationRemarks(context, std::make_unique<DecisionStreamer>(*this),
                                              std::make_unique<mlir::remark::RemarkEmittingPolicyAll>(), everything));
  if (!enabled)
    reportError("internal error: remarks cannot be enabled");
}

void Diagnostics::addSource(StringRef file, StringRef text) { sources.emplace_back(file, text); }

static Message toMessage(Severity severity, mlir::Location location, std::string text) {
  Message message{severity, "", 0, 0, std::move(text), {}};
  if (auto place = location->findInstanceOf<mlir::FileLineColRange>()) {
    message.file = place.getFilename().str();
    message.line = place.getStartLine();
    message.column = place.getStartColumn();
  }
  return message;
}

/// The name of an unknown operation in one of MLIR's four messages about it, or "".
static StringRef unknownOperation(StringRef text) {
  for (StringRef before : {"custom op '", "unregistered operation '"})
    if (text.consume_front(before)) {
      auto [name, rest] = text.split('\'');
      return rest.starts_with(" is unknown") || rest.starts_with(" found in dialect") ? name : "";
    }
  if (text.starts_with("Dialect `") && text.contains("not found for custom op '"))
    return text.split("custom op '").second.split('\'').first;
  return "";
}

std::string Diagnostics::reword(StringRef text) const {
  StringRef name = unknownOperation(text);
  if (name.empty())
    return plainMessage(text.rtrim());
  bool prefixed = name.contains('.');
  std::vector<std::string> names; // with the prefix only if it was written
  for (mlir::RegisteredOperationName known : context.getRegisteredOperations()) {
    StringRef dialect = known.getDialectNamespace();
    if (prefixed ? dialect != "llvm" : dialect == "stream")
      names.push_back(prefixed ? known.getStringRef().str() : known.getStringRef().split('.').second.str());
  }
  std::vector<StringRef> views(names.begin(), names.end());
  StringRef near = nearMiss(name, views);
  std::string result = ("there is no operation `" + name + "`").str();
  if (!near.empty())
    result += "; did you mean `" + near.str() + "`?";
  return result;
}

void Diagnostics::take(mlir::Diagnostic &diagnostic) {
  if (diagnostic.getSeverity() == Severity::Remark && !remarks)
    return;
  if (diagnostic.getSeverity() == Severity::Warning && quiet)
    return;
  Message message = toMessage(diagnostic.getSeverity(), diagnostic.getLocation(), reword(diagnostic.str()));
  for (const mlir::Diagnostic &note : diagnostic.getNotes())
    if (!StringRef(note.str()).starts_with("Available dialects")) // MLIR's advice to its programmers
      message.notes.push_back(toMessage(note.getSeverity(), note.getLocation(), plainMessage(note.str())));
  keep(std::move(message));
}

void Diagnostics::takeDecision(mlir::Location location, StringRef pass, StringRef name, StringRef text) {
  std::string whole = (name + ": " + text + " [" + pass + "]").str();
  keep(toMessage(Severity::Remark, location, std::move(whole)));
}

void Diagnostics::keep(Message message) {
  errorCount += message.severity == Severity::Error;
  warningCount += message.severity == Severity::Warning;
  if (!json)
    print(message);
  messages.push_back(std::move(message));
}

/// The source line, and under it a caret; columns count bytes, the caret's place characters.
void Diagnostics::printSource(const Message &message, bool colours) const {
  for (auto &[file, text] : sources) {
    if (file != message.file || message.line == 0)
      continue;
    StringRef rest = text;
    for (unsigned line = 1; line < message.line; ++line)
      rest = rest.split('\n').second;
    StringRef line = rest.split('\n').first.rtrim();
    if (line.empty() || line.size() > 500 ||
        !json::isUTF8(line)) // generated or no text: the line would hide the message
      return;
    errs() << line << "\n";
    for (char c : line.take_front(message.column - 1))
      if (c == '\t')
        errs() << '\t';
      else if ((c & 0xC0) != 0x80)
        errs() << ' ';
    if (colours)
      errs().changeColor(raw_ostream::GREEN, /*Bold=*/true);
    errs() << "^";
    if (colours)
      errs().resetColor();
    errs() << "\n";
    return;
  }
}

void Diagnostics::print(const Message &message, const Message *parent) const {
  bool colours = wantsColours();
  raw_ostream &stream = errs();
  if (!message.file.empty()) {
    stream << message.file;
    if (message.line)
      stream << ':' << message.line << ':' << message.column;
    stream << ": ";
  }
  if (colours)
    stream.changeColor(severityColour(message.severity), /*Bold=*/true);
  stream << severityName(message.severity) << ": ";
  if (colours)
    stream.resetColor();
  stream << message.text << "\n";
  if (!parent || std::tie(parent->file, parent->line, parent->column) !=
                     std::tie(message.file, message.line, message.column)) // a note at the same place needs no caret
    printSource(message, colours);
  for (const Message &note : message.notes)
    print(note, &message);
}

static json::Object messageToJson(const Message &message) {
  json::Array notes;
  for (const Message &note : message.notes)
    notes.push_back(messageToJson(note));
  return json::Object{{"file", message.file},
                      {"line", message.line},
                      {"column", message.column},
                      {"severity", severityName(message.severity)},
                      {"message", json::fixUTF8(message.text)},
                      {"notes", std::move(notes)}};
}

json::Array Diagnostics::toJson() const {
  json::Array all;
  for (const Message &message : messages)
    all.push_back(messageToJson(message));
  return all;
}

} // namespace millrace
