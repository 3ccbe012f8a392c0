//===- Code.cpp - writing arith, scf and llvm ops in short words --------------===//
#include "lowering/Code.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace::lowering;

Value Code::constant(Type type, int64_t value) {
  auto width = cast<IntegerType>(type).getWidth();
  return arith::ConstantOp::create(*this, IntegerAttr::get(type, APInt(width, uint64_t(value), /*isSigned=*/true,
                                                                       /*implicitTrunc=*/true)));
}

Value Code::constant(Type type, const APFloat &value) {
  return arith::ConstantOp::create(*this, FloatAttr::get(type, value));
}

Value Code::real(Type type, double value) { return arith::ConstantOp::create(*this, FloatAttr::get(type, value)); }

Value Code::zero(Type type) {
  if (isa<LLVM::LLVMPointerType>(type))
    return LLVM::ZeroOp::create(*this, type);
  return arith::ConstantOp::create(*this, getZeroAttr(type));
}

Value Code::resize(Value value, Type type, bool isSigned) {
  unsigned from = cast<IntegerType>(value.getType()).getWidth(), to = cast<IntegerType>(type).getWidth();
  if (from == to)
    return value;
  if (from > to)
    return createOrFold<arith::TruncIOp>(type, value);
  return isSigned ? createOrFold<arith::ExtSIOp>(type, value) : createOrFold<arith::ExtUIOp>(type, value);
}

Value Code::floorTo(Value value, int64_t unit) {
  Value size = constant(value.getType(), unit), zero = constant(value.getType(), 0);
  Value rest = createOrFold<arith::RemSIOp>(value, size);
  Value positive = select(cmp(Cmp::slt, rest, zero), add(rest, size), rest);
  return sub(value, positive);
}

Value Code::expect(Value condition, bool expected) {
  return LLVM::ExpectOp::create(*this, condition.getType(), condition, boolean(expected));
}

Value Code::at(Value pointer, int64_t bytes) {
  if (bytes == 0)
    return pointer;
  return LLVM::GEPOp::create(*this, ptr(), i8(), pointer, ArrayRef<LLVM::GEPArg>{int32_t(bytes)},
                             LLVM::GEPNoWrapFlags::inbounds);
}

Value Code::at(Value pointer, Value bytes) {
  return LLVM::GEPOp::create(*this, ptr(), i8(), pointer, ArrayRef<LLVM::GEPArg>{bytes},
                             LLVM::GEPNoWrapFlags::inbounds);
}

void Code::annotate(LLVM::AliasAnalysisOpInterface op, Memory memory) {
  if (memory == Memory::Unknown)
    return;
  if (scopes.empty()) {
    auto domain = LLVM::AliasScopeDomainAttr::get(getContext(), getStringAttr("memory"));
    for (StringRef name : {"batch", "out", "table", "scratch"})
      scopes.push_back(LLVM::AliasScopeAttr::get(domain, getStringAttr(name)));
  }
  SmallVector<Attribute> others;
  for (unsigned i = 0; i < scopes.size(); ++i)
    if (i != unsigned(memory))
      others.push_back(scopes[i]);
  op.setAliasScopes(getArrayAttr({scopes[unsigned(memory)]}));
  op.setNoAliasScopes(getArrayAttr(others));
}

Value Code::load(Type type, Value pointer, Memory memory, unsigned align) {
  auto op = LLVM::LoadOp::create(*this, type, pointer, align);
  annotate(op, memory);
  return op;
}

void Code::store(Value value, Value pointer, Memory memory, unsigned align) {
  auto op = LLVM::StoreOp::create(*this, value, pointer, align);
  annotate(op, memory);
}

Value Code::variable(Type type) {
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPoint(entry);
  return LLVM::AllocaOp::create(*this, ptr(), type, word(1));
}

Value Code::variable(Type type, Value initial) {
  Value place = variable(type);
  store(initial, place);
  return place;
}

Value Code::block(uint64_t bytes) {
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPoint(entry);
  return LLVM::AllocaOp::create(*this, ptr(), i64(), word(int64_t((bytes + 7) / 8)), 8);
}

// Volatile is what keeps LLVM from making a register of it.
Value Code::loadRare(Type type, Value variable) {
  return LLVM::LoadOp::create(*this, type, variable, /*alignment=*/8, /*isVolatile=*/true);
}

void Code::storeRare(Value value, Value variable) {
  LLVM::StoreOp::create(*this, value, variable, /*alignment=*/8, /*isVolatile=*/true);
}

void Code::when(Value condition, function_ref<void()> then, function_ref<void()> otherwise) {
  auto branch = scf::IfOp::create(*this, condition, /*withElseRegion=*/bool(otherwise));
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPoint(branch.thenYield());
  then();
  if (!otherwise)
    return;
  setInsertionPoint(branch.elseYield());
  otherwise();
}

void Code::loop(Value begin, Value end, function_ref<void(Value)> body) {
  auto op = scf::ForOp::create(*this, begin, end, word(1));
  OpBuilder::InsertionGuard guard(*this);
  setInsertionPoint(op.getBody()->getTerminator());
  body(op.getInductionVar());
}

Value Code::loopWhile(Value begin, Value end, function_ref<Value(Value)> goesOn, function_ref<void(Value)> body) {
  auto enter = [&](OpBuilder &inside) { restoreInsertionPoint(inside.saveInsertionPoint()); };
  auto op = scf::WhileOp::create(
      *this, TypeRange{i64()}, ValueRange{begin},
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(*this);
        enter(inside);
        auto more = scf::IfOp::create(*this, TypeRange{i1()}, cmp(Cmp::slt, at[0], end), /*withElseRegion=*/true);
        {
          OpBuilder::InsertionGuard inIf(*this);
          setInsertionPointToEnd(more.thenBlock());
          scf::YieldOp::create(*this, goesOn(at[0]));
          setInsertionPointToEnd(more.elseBlock());
          scf::YieldOp::create(*this, boolean(false));
        }
        scf::ConditionOp::create(*this, more.getResult(0), at[0]);
      },
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(*this);
        enter(inside);
        body(at[0]);
        scf::YieldOp::create(*this, add(at[0], word(1)));
      });
  return op.getResult(0);
}
