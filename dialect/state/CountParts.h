//===- CountParts.h - what the parts of a count give and leave ------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STATE_COUNTPARTS_H
#define MILLRACE_DIALECT_STATE_COUNTPARTS_H

#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/State.h"

namespace millrace::state {

/// Of a count whose results share records (rule 16): what speaks against taking away again, for each part that leaves,
/// what that gave the member; empty: nothing. Aggregates of one's own may fail while they do, which a record could not
/// be told apart from its own errors for; exact sums would grow.
inline llvm::StringRef whyPartsStay(MemberAttr member) {
  if (expr::isUserAggregate(member.getFn()))
    return "is one's own, and may fail while a part is taken away";
  if (member.getOptions().contains("exact"))
    return "is exact, so that taking parts away makes it longer";
  bool canLeave = expr::findAggregate(member.getFn())->hasExactInverse(member.getArguments(), member.getOptions());
  return canLeave ? "" : "cannot give back exactly what it has taken in";
}

} // namespace millrace::state

#endif
