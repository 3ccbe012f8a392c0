//===- Syntax.h - pieces shared by the readers and writers of text --*- C++ -*-===//
//
// MLIR's lexer reads a pipeline's text. These are the devices that make it
// serve: a look at the next character, names and texts as a pipeline writes
// them, durations, near misses, and messages for what the lexer cannot read.
// Used inside the dialects' parsers and printers only.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_EXPR_SYNTAX_H
#define MILLRACE_DIALECT_EXPR_SYNTAX_H

#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/ArrayRef.h"
#include <string>

namespace millrace {

/// The text from the next token on (zero-terminated): the only look-ahead there is.
inline const char *textAt(mlir::AsmParser &p) { return p.getCurrentLocation().getPointer(); }
/// First character of the next token.
inline char peek(mlir::AsmParser &p) { return *textAt(p); }
/// The word that starts at `s`, or empty. `a.b.c` is one word.
llvm::StringRef wordAt(const char *s);
/// The next token if it is a word, else empty.
inline llvm::StringRef nextWord(mlir::AsmParser &p) { return wordAt(textAt(p)); }
/// `s` behind white space and comments.
const char *skipBlanks(const char *s);

/// Like p.emitError, but without its "custom op 'stream.map'" in front.
inline mlir::InFlightDiagnostic errorAt(mlir::AsmParser &p, llvm::SMLoc loc) {
  return mlir::emitError(p.getEncodedSourceLoc(loc));
}
/// Where something is missing: the next token, or the end of the line before if that is on another line.
llvm::SMLoc missingAt(mlir::AsmParser &p);
/// Adds "; did you mean `x`?" if one of `words` is near `word`.
mlir::InFlightDiagnostic &suggest(mlir::InFlightDiagnostic &diag, llvm::StringRef word,
                                  llvm::ArrayRef<llvm::StringRef> words);
/// The one of `words` that is nearest to `word`, or empty if none is near.
llvm::StringRef nearest(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> words);
/// `a, b, c` for messages.
std::string listed(llvm::ArrayRef<llvm::StringRef> words);

/// Reports what stands after `end` if MLIR's lexer would stumble over it (`!=`, `&&`, `'us'`, `.5`, `"\d"`). Must
/// be called before the token that ends at `end` is consumed, because the lexer reads one token ahead.
mlir::ParseResult guardAfter(mlir::AsmParser &p, const char *end);
/// `guardAfter` the next token.
mlir::ParseResult guardToken(mlir::AsmParser &p);
/// Reports a missing comma if a word or a text stands where a list goes on or ends.
mlir::ParseResult guardComma(mlir::AsmParser &p);

/// A field or definition name: a bare word or a quoted one. The quoted form may be any text.
mlir::ParseResult parseName(mlir::AsmParser &p, std::string &name);
/// How `name` is written so that parseName reads it.
std::string nameText(llvm::StringRef name);
/// Is this a word of the expression grammar (which a field must be quoted to have as its name)?
bool isReserved(llvm::StringRef word);
/// A string literal; unlike MLIR's own printer it keeps UTF-8 readable.
std::string quoted(llvm::StringRef s);
/// Like AsmParser::parseString, but text that is not UTF-8 is an error.
mlir::ParseResult parseText(mlir::AsmParser &p, std::string &text);

/// `10 s`, `1 h 30 min`, `500 ms`, as microseconds. Negative ones are not read.
mlir::ParseResult parseDuration(mlir::AsmParser &p, int64_t &micros);
/// The shortest text parseDuration reads as `micros`; a negative one with `-` in front.
std::string durationText(int64_t micros);
bool isDurationUnit(llvm::StringRef word);

/// Finds the value an operand names, whatever its type: OpAsmParser has no question for that. Null after a report.
mlir::Value resolveAny(mlir::OpAsmParser &p, const mlir::OpAsmParser::UnresolvedOperand &operand);

/// Offers `words` for completion where the cursor of a language client is.
void offerCompletion(mlir::AsmParser &p, llvm::ArrayRef<llvm::StringRef> words);
/// The next word; empty at a cursor that asks for completion.
mlir::ParseResult parseWordOrCompletion(mlir::AsmParser &p, llvm::StringRef &word);

} // namespace millrace

#endif
