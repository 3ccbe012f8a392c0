//===- Join.cpp - string_join -------------------------------------------------===//
//
// Every text with its time, as a list that the runtime reads
// (runtime/state/value_list.h); the result has them by (timestamp, arrival).
// Nulls are passed over.
//
//===----------------------------------------------------------------------===//
#include "lowering/Expressions.h"
#include "lowering/aggregates/Member.h"

#include "dialect/expr/AggregateFacts.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Join : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value time) override {
    take = skipNulls(arguments, take);
    whenTaken(take, [&] {
      SmallVector<Value, 6> values = textInTable(place.value);
      values.push_back(time);
      llvm::append_range(values, arguments.front().parts);
      storeText(place.value, code.call(Rt::mr_join_add, values));
      trim();
    });
    setSeen(take);
  }

  void combine(const Member &from) override {
    combineText(Rt::mr_list_add_all, place.value, from);
    trim();
    combineSeen(from);
  }

  Val finish(uint32_t, Value isInUse) override {
    auto function = code.getEntry()->getParentOfType<LLVM::LLVMFuncOp>();
    SmallVector<Value, 8> values = {function.getArgument(0)}; // the task
    llvm::append_range(values, textInTable(place.value));
    auto separator = member.getOptions().getAs<StringAttr>("separator");
    Val between = textConstant(code, function->getParentOfType<ModuleOp>(), separator ? separator.getValue() : ", ");
    llvm::append_range(values, between.parts);
    Val result;
    llvm::append_range(result.parts, code.call(isDistinct() ? Rt::mr_join_distinct : Rt::mr_join_texts, values));
    return withNull(result, isInUse);
  }

private:
  bool isDistinct() const { return expr::has(member.getOptions(), "distinct"); }

  /// Of equal texts only the first is of use.
  void trim() {
    if (isDistinct())
      code.call(Rt::mr_join_trim, textInTable(place.value));
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::joinMember(Code &code, const Table &table, unsigned index,
                                                       const Slot &slot) {
  return std::make_unique<Join>(code, table, index, slot);
}
