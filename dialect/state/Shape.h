//===- Shape.h - which pieces a member has --------------------------*- C++ -*-===//
//
// What an aggregate keeps for a key, wherever it lies: the layout pass counts its
// bytes, the lowering gives each piece a place. All bytes zero is the identity.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STATE_SHAPE_H
#define MILLRACE_DIALECT_STATE_SHAPE_H

#include "dialect/state/State.h"

namespace millrace::state {

/// A piece that only this aggregate has.
struct Word {
  llvm::StringRef name;
  unsigned bytes;
  llvm::StringRef encoding;
  bool isText = false; ///< is it a text in the table's arena?
};

struct Shape {
  enum Beside { Nothing, Count, Time };

  unsigned value = 0;  ///< bytes: a count, the low word of a sum, or what is kept; 0: none
  bool isText = false; ///< is that a text in the table's arena?
  bool high = false;   ///< what the low word of an exact sum does not hold, seldom touched
  unsigned by = 0;     ///< bytes of what an extreme is judged by; 0: none
  bool isByText = false;
  Beside beside = Nothing; ///< 8 bytes: of how many values, or of what time; 0 where there was none
  llvm::SmallVector<Word, 2> words;

  /// Bytes in the slot itself.
  unsigned bytes() const;
};

/// What the member keeps itself.
Shape shapeOf(MemberAttr member);
/// Is it a sum of floats of which nothing is lost, kept as a text?
bool isExactSum(MemberAttr member);
/// Is it a list of rows (runtime/state/value_list.h), from which its result, a list too, is made?
bool keepsList(MemberAttr member);
/// Does it keep the set of its values beside what it makes of them? The last word of its shape.
bool keepsSet(MemberAttr member);
/// Is the member one of the values that came, and by their time, so that it may be null?
bool keepsNulls(MemberAttr member);

} // namespace millrace::state

#endif
