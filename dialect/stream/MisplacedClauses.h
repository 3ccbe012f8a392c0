//===- MisplacedClauses.h - clauses where they cannot stand ---------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_MISPLACEDCLAUSES_H
#define MILLRACE_DIALECT_STREAM_MISPLACEDCLAUSES_H

#include "mlir/IR/OpImplementation.h"
#include "llvm/ADT/StringRef.h"
#include <string>

namespace millrace::stream {

/// What to say of `word`, which stands in or behind the statement `op` ("window") where no clause of that name can:
/// where it belongs, or what it was meant to be. Empty if it is no word of a clause. `near`: near misses count, too.
std::string whyMisplaced(llvm::StringRef op, llvm::StringRef word, bool near = true);

/// Reports a clause at the cursor, where the braces of `op` are to begin.
mlir::ParseResult refuseClauses(mlir::AsmParser &p, llvm::StringRef op);

} // namespace millrace::stream

#endif
