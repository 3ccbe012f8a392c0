//===- HashRing.cpp - hashes of texts are computed once -----------------------===//
#include "lowering/table/HashRing.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

static constexpr int64_t kLower = 0xffffffff;

HashRing::HashRing(Code &code, Value place) : code(code), ring(code.block(8 * kEntries)), place(place) {
  OpBuilder::InsertionGuard guard(code);
  code.setInsertionPoint(code.getEntry());
  LLVM::MemsetOp::create(code, ring, code.constant(code.i8(), -1), code.word(8 * kEntries), /*isVolatile=*/false);
}

Value HashRing::entryOf(Value number) {
  return code.at(ring, code.mul(code.both(number, code.word(kEntries - 1)), code.word(8)));
}

void HashRing::put(Value later, Value hash) {
  Value entry = code.either(code.both(hash, code.word(~kLower)), later);
  code.store(entry, entryOf(later), Memory::Scratch, 8);
}

Value HashRing::get(function_ref<Value()> compute) {
  Value entry = code.load(code.i64(), entryOf(place), Memory::Scratch, 8);
  Value isThere = code.cmp(Code::Cmp::eq, code.both(entry, code.word(kLower)), place);
  auto either = scf::IfOp::create(code, TypeRange{code.i64()}, code.expect(isThere, true), /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(code);
  code.setInsertionPointToEnd(either.thenBlock());
  scf::YieldOp::create(code, code.both(entry, code.word(~kLower)));
  code.setInsertionPointToEnd(either.elseBlock());
  scf::YieldOp::create(code, compute());
  return either.getResult(0);
}
