//===- Import.h - pipeline text to IR -------------------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_IMPORT_IMPORT_H
#define MILLRACE_DIALECT_IMPORT_IMPORT_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <string>

namespace millrace {

/// Limits of pipeline text. MLIR's parser recurses: beyond some thousand brackets it would run out of stack.
inline constexpr unsigned maxBracketDepth = 256;
inline constexpr size_t maxPipelineBytes = 16 << 20;

/// Why `text` cannot be given to MLIR, and where (an offset), or an empty message.
struct TextProblem {
  std::string message;
  size_t offset = 0;
};
/// Looks for brackets nested too deep, braces without a partner, unclosed texts, `;`, `#` and `--` as other languages
/// use them, bytes that are not UTF-8, zeros, and text that is too long.
TextProblem checkPipelineText(llvm::StringRef text);

/// A message as users of pipelines understand it: MLIR's own are reworded, names of ops in front are dropped.
std::string plainMessage(llvm::StringRef text);

/// Parses and verifies pipeline text that was read already; `name` is how messages call it. Problems are reported
/// through `context` at `name:line:column`, without dumps of ops; then the result is null. The context must have the
/// dialects registered (registerDialects).
mlir::OwningOpRef<mlir::ModuleOp> parsePipelineText(llvm::StringRef text, llvm::StringRef name,
                                                    mlir::MLIRContext *context);
/// The same for the file `path` (`-`: standard input). A file that cannot be read sets `unreadable`.
mlir::OwningOpRef<mlir::ModuleOp> parsePipelineFile(llvm::StringRef path, mlir::MLIRContext *context,
                                                    bool *unreadable = nullptr);

} // namespace millrace

#endif
