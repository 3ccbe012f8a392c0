//===- Noted.h - names of the attributes that note what was written -*- C++ -*-===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_NOTED_H
#define MILLRACE_DIALECT_TRANSFORMS_NOTED_H

#include "llvm/ADT/StringRef.h"

namespace millrace {

inline constexpr llvm::StringLiteral sitesNote = "stream.sites";         // on a pipeline: [op, text, line, column] each
inline constexpr llvm::StringLiteral terminalsNote = "stream.terminals"; // on a pipeline: their names
inline constexpr llvm::StringLiteral usedNote = "stream.used";           // on a source: which fields are used
inline constexpr llvm::StringLiteral deadUsedNote = "stream.dead_used";  // on a source: the same of its dead letters
inline constexpr llvm::StringLiteral algorithmNote = "stream.algorithm"; // on a window over slices: what was chosen
inline constexpr llvm::StringLiteral algorithmReasonNote = "stream.algorithm_reason"; // and why

} // namespace millrace

#endif
