//===- Rank.h - a record's place among the values of its window -----*- C++ -*-===//
//
// Internal to the lowering. `rank` of `over`, where each value is kept with how
// often it is there: what is asked of it depends on the record in hand.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_AGGREGATES_RANK_H
#define MILLRACE_LOWERING_AGGREGATES_RANK_H

#include "lowering/aggregates/Member.h"

namespace millrace::lowering {

class Rank : public Member {
public:
  using Member::Member;

  void fold(llvm::ArrayRef<Val> arguments, mlir::Value take, mlir::Value time) override;
  void unfold(llvm::ArrayRef<Val> arguments, mlir::Value take, mlir::Value time, Member &empty) override;
  void combine(const Member &from) override;
  Val finish(uint32_t overflow, mlir::Value isInUse) override;

  /// i64: how many come before a value.
  mlir::Value before(const Val &own);

private:
  void change(Rt function, const Val &value, mlir::Value take);
};

std::unique_ptr<Rank> rankMember(Code &code, const Table &table, unsigned index, const Slot &slot);

} // namespace millrace::lowering

#endif
