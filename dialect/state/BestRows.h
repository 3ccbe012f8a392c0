//===- BestRows.h - a member that keeps the best rows of its group --*- C++ -*-===//
//
// What `top … by … limit N` keeps of a window is one member: the list of the
// best records, as the aggregate `top` has it. It differs from that one in what it
// is judged by: several values, each with a direction; of nulls only those of the
// first are passed over, the others come last; of equal records the first to arrive
// is the better, whatever its time.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STATE_BESTROWS_H
#define MILLRACE_DIALECT_STATE_BESTROWS_H

#include "dialect/state/State.h"

namespace millrace::state {

/// The option of such a member: for each value that it is judged by, the first of its arguments, whether the greatest
/// is the best. The other arguments are the fields of a record.
inline constexpr llvm::StringLiteral optionDescending = "descending_each";

/// The directions; empty: it is no such member.
inline llvm::ArrayRef<bool> directionsOf(MemberAttr member) {
  auto each = member.getOptions().getAs<mlir::DenseBoolArrayAttr>(optionDescending);
  return each ? each.asArrayRef() : llvm::ArrayRef<bool>();
}

/// Does the member stand with the word that most records are refused by: of a text there is none.
bool hasBar(MemberAttr member);

} // namespace millrace::state

#endif
