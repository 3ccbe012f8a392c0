//===- KeptWith.h - members whose state is a part of another's ------*- C++ -*-===//
//
// Members of one table that take the same values share what they keep: the mean
// has a sum and a count, so a sum and a count beside it need nothing of their
// own. Such a member names its holder (state-share-members); it is read out of
// the holder's pieces, and neither folded nor combined.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STATE_KEPTWITH_H
#define MILLRACE_DIALECT_STATE_KEPTWITH_H

#include "dialect/state/State.h"

namespace millrace::state {

/// In the options of a member that is read out of another one of its table: the name of that.
inline constexpr llvm::StringLiteral optionKeptWith = "kept_with";

/// The holder's name; null: the member has its own state.
mlir::StringAttr keptWith(MemberAttr member);
/// The same member, kept with `holder`.
MemberAttr keepWith(MemberAttr member, mlir::StringAttr holder);
/// The holder's number among `members`, `number` itself if there is none.
unsigned holderOf(llvm::ArrayRef<MemberAttr> members, unsigned number);

/// Does `holder` keep all that `member` needs, if both take the same values (countsOnly: if the same records have
/// them)? To the bit: of floats only the same operations in the same order give the same sum (rule 24).
bool holds(MemberAttr holder, MemberAttr member);
/// Does the member only count, so that what its argument is does not matter, only whether it is null?
bool countsOnly(MemberAttr member);

} // namespace millrace::state

#endif
