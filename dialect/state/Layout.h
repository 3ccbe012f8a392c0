//===- Layout.h - layouts: their text, what a key needs in them -----*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STATE_LAYOUT_H
#define MILLRACE_DIALECT_STATE_LAYOUT_H

#include "dialect/state/State.h"
#include <optional>

namespace millrace::state {

/// `dense<0 to 9>`, `inline cold [a]`, …: what stands behind the word `layout`, but for `?`.
mlir::ParseResult parseLayout(mlir::AsmParser &parser, LayoutAttr &layout);

/// On a resolved table: why it has its layout, and not another, for people (a string).
inline constexpr llvm::StringLiteral layoutReason = "state.reason";
/// Discardable attribute of a table: why its window has its algorithm.
/// On a table: its windows have rows for keys without records, too (rule 12).
inline constexpr llvm::StringLiteral fillNote = "state.fill";
/// On a table: who reads the slices, or why no other window does (stream-share-slices).
inline constexpr llvm::StringLiteral sharingReason = "state.sharing_reason";
inline constexpr llvm::StringLiteral algorithmReason = "state.algorithm_reason";

/// The largest dense table, in positions: 2²¹ slots of 64 bytes are 128 MiB.
inline constexpr uint64_t mostPositions = uint64_t(1) << 21;

/// The positions of a dense table for keys of these types and ranges: the product of each field's values, one more
/// where it may be null; 1 without a key; none if a range is not known or there are more than `mostPositions`.
std::optional<uint64_t> densePositions(llvm::ArrayRef<mlir::Type> types, llvm::ArrayRef<KeyRange> ranges);

/// The bits a field takes in the word of a packed key, without the one that tells whether it is null: of a known range
/// what `value - least` needs (0 if there is one value), else the size of its type; none for strings, bytes and lists.
std::optional<unsigned> packedBits(mlir::Type type, KeyRange range);

/// Does the whole key fit one word? Each field takes its bits, and one more where it may be null; a single nullable
/// field of 64 bits fits too, for null has a position of its own.
bool fitsWord(llvm::ArrayRef<mlir::Type> types, llvm::ArrayRef<KeyRange> ranges);

} // namespace millrace::state

#endif
