//===- HashRing.h - hashes of texts are computed once ---------------*- C++ -*-===//
//
// Internal to the lowering. Where a loop asks for the slot of a later record's
// key, it has computed the hash of that key; of a text that is most of what a
// record costs. So it stays in a ring, with the number of its record: a record
// that a filter rejected leaves a number that nobody looks for.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_TABLE_HASHRING_H
#define MILLRACE_LOWERING_TABLE_HASHRING_H

#include "lowering/Code.h"

namespace millrace::lowering {

class HashRing {
public:
  /// In memory of the function, empty. `place`: what the loop counts, below 2^32 - 1.
  HashRing(Code &code, mlir::Value place);

  /// The hash of the key of the record at `later`, less than kEntries away. What decides is its upper half.
  void put(mlir::Value later, mlir::Value hash);
  /// The hash of the record in hand; `compute` builds it if it is not there.
  mlir::Value get(llvm::function_ref<mlir::Value()> compute);

  static constexpr int64_t kEntries = 32; ///< farther than loops look: what is there is not overwritten before its use

private:
  mlir::Value entryOf(mlir::Value number);

  Code &code;
  mlir::Value ring, place;
};

} // namespace millrace::lowering

#endif
