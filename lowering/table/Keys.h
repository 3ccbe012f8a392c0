//===- Keys.h - keys as words, codes and back -----------------------*- C++ -*-===//
//
// Internal to the lowering: the forms of a key that abi.h describes above
// mr_layout.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_TABLE_KEYS_H
#define MILLRACE_LOWERING_TABLE_KEYS_H

#include "lowering/table/SlotLayout.h"

namespace millrace::lowering {

/// The normalised key: its words (i64), then two for each string.
llvm::SmallVector<mlir::Value> normalisedKey(Code &code, llvm::ArrayRef<mlir::Type> types, llvm::ArrayRef<Val> keys,
                                             const SlotLayout &layout);
/// The same in memory of the function, where the builder stands.
mlir::Value inMemory(Code &code, llvm::ArrayRef<mlir::Value> normalised);

/// The fields of a normalised key. `text` makes a string in flight of a stored one.
llvm::SmallVector<Val>
readNormalisedKey(Code &code, llvm::ArrayRef<mlir::Type> types, const SlotLayout &layout, mlir::Value memory,
                  Memory kind, llvm::function_ref<llvm::SmallVector<mlir::Value, 2>(mlir::Value, mlir::Value)> text);

/// A field's code in two parts: it is `bits` (i64) with the bits of `turn` turned, which is done at once for all fields
/// of a word.
struct FieldCode {
  mlir::Value bits;
  uint64_t turn = 0;
};
/// A field as its code: an unsigned number. Of a null or an error anything.
FieldCode codeOfField(Code &code, mlir::Type type, state::KeyRange range, const Val &key);
/// The same in one (i64).
mlir::Value encodeField(Code &code, mlir::Type type, state::KeyRange range, const Val &key);
Val decodeField(Code &code, mlir::Type type, state::KeyRange range, mlir::Value coded);

/// The least value of a field's code: that of the range, or of the type.
int64_t leastOf(mlir::Type type, state::KeyRange range);

} // namespace millrace::lowering

#endif
