//===- Rank.cpp - a record's place among the values of its window -----------------===//
#include "lowering/aggregates/Rank.h"

#include "dialect/expr/AggregateFacts.h"

#include "llvm/Support/ErrorHandling.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

void Rank::change(Rt function, const Val &value, Value take) {
  whenTaken(skipNulls(value, take), [&] {
    SmallVector<Value, 6> values = textInTable(place.value);
    values.push_back(orderWord(member.getArgument(), value.scalar()));
    storeText(place.value, code.call(function, values));
  });
}

void Rank::fold(ArrayRef<Val> arguments, Value take, Value) { change(Rt::mr_counted_add, arguments.front(), take); }

void Rank::unfold(ArrayRef<Val> arguments, Value take, Value, Member &) {
  change(Rt::mr_counted_take, arguments.front(), take);
}

void Rank::combine(const Member &) { llvm_unreachable("a rank is that of one record, not of slices"); }

Val Rank::finish(uint32_t, Value) { llvm_unreachable("a rank depends on the record in hand"); }

Value Rank::before(const Val &own) {
  SmallVector<Value, 6> values = textInTable(place.value);
  values.push_back(orderWord(member.getArgument(), own.scalar()));
  values.push_back(code.boolean(expr::has(member.getOptions(), "descending")));
  return code.call1(Rt::mr_counted_before, values);
}

std::unique_ptr<Rank> millrace::lowering::rankMember(Code &code, const Table &table, unsigned index, const Slot &slot) {
  return std::make_unique<Rank>(code, table, index, slot);
}
