//===- Diagnostics.h - messages for the person at the terminal ----------*- C++ -*-===//
//
// Internal to the driver. MLIR's diagnostics as `file:line:column: error: …` with
// the source line and a caret, or as JSON.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_DIAGNOSTICS_H
#define MILLRACE_TOOLS_MILLRACE_DIAGNOSTICS_H

#include "mlir/IR/Diagnostics.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace millrace {

/// What a message says and where. `line` and `column` count from 1; 0: unknown.
struct Message {
  mlir::DiagnosticSeverity severity;
  std::string file;
  unsigned line = 0, column = 0;
  std::string text;
  std::vector<Message> notes;
};

/// Takes the context's diagnostics for as long as it lives.
class Diagnostics {
public:
  /// `json`: nothing is printed, all is kept for toJson. `remarks`: also show decisions. `quiet`: no warnings.
  Diagnostics(mlir::MLIRContext &context, bool json, bool remarks, bool quiet = false);

  /// The text of a file that messages may point into.
  void addSource(llvm::StringRef file, llvm::StringRef text);

  unsigned errors() const { return errorCount; }
  unsigned warnings() const { return warningCount; }

  /// All messages so far as a JSON list: {file, line, column, severity, message, notes}.
  llvm::json::Array toJson() const;

  /// A decision of the compiler about an operator, in the words of the pass.
  void takeDecision(mlir::Location location, llvm::StringRef pass, llvm::StringRef name, llvm::StringRef text);

private:
  void take(mlir::Diagnostic &diagnostic);
  void keep(Message message);
  void print(const Message &message, const Message *parent = nullptr) const;
  void printSource(const Message &message, bool colours) const;
  /// Says it as Millrace would, where MLIR's own words do not help: an unknown operation gets its near miss.
  std::string reword(llvm::StringRef text) const;

  mlir::MLIRContext &context;
  mlir::ScopedDiagnosticHandler handler;
  bool json, remarks, quiet;
  unsigned errorCount = 0, warningCount = 0;
  std::vector<Message> messages;
  std::vector<std::pair<std::string, std::string>> sources;
};

/// The one of `known` that is nearest to `word`, or "" if none is near.
llvm::StringRef nearMiss(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> known);

/// Why a file cannot be read or written, in the words that running programs have for it too.
std::string problemText(std::error_code problem);

/// `millrace: error: …` on standard error.
void reportError(const llvm::Twine &text);

} // namespace millrace

#endif
