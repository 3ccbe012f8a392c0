//===- Code.h - writing arith, scf and llvm ops in short words ------*- C++ -*-===//
//
// Internal to the lowering. A builder with a place and a location, whose
// methods fold what is constant, so that the families of ops read like the code
// that they emit.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_CODE_H
#define MILLRACE_LOWERING_CODE_H

#include "lowering/Abi.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace millrace::lowering {

/// Kinds of memory that never overlap. Loads and stores say which one they touch, so that LLVM can move them past each
/// other (nothing vectorises otherwise). Unknown: says nothing.
enum class Memory { Batch, Out, Table, Scratch, Unknown };

class Code : public mlir::ImplicitLocOpBuilder {
public:
  using Cmp = mlir::arith::CmpIPredicate;
  using CmpF = mlir::arith::CmpFPredicate;
  using Value = mlir::Value;
  using Type = mlir::Type;

  Code(mlir::Location loc, Runtime &runtime) : ImplicitLocOpBuilder(loc, loc.getContext()), runtime(runtime) {}

  // Types.
  Type i1() { return getI1Type(); }
  Type i8() { return getI8Type(); }
  Type i16() { return getIntegerType(16); }
  Type i32() { return getI32Type(); }
  Type i64() { return getI64Type(); }
  Type i128() { return getIntegerType(128); }
  Type f64() { return getF64Type(); }
  Type ptr() { return mlir::LLVM::LLVMPointerType::get(getContext()); }

  // Constants.
  Value constant(Type type, int64_t value);
  Value constant(Type type, const llvm::APFloat &value);
  Value real(Type type, double value);
  Value zero(Type type); ///< of an integer, a float or a pointer
  Value boolean(bool value) { return constant(i1(), value); }
  Value word(int64_t value) { return constant(i64(), value); }
  Value half(int64_t value) { return constant(i32(), value); }

  // Integers (wrapping) and bits.
  Value add(Value a, Value b) { return createOrFold<mlir::arith::AddIOp>(a, b); }
  Value sub(Value a, Value b) { return createOrFold<mlir::arith::SubIOp>(a, b); }
  Value mul(Value a, Value b) { return createOrFold<mlir::arith::MulIOp>(a, b); }
  Value both(Value a, Value b) { return createOrFold<mlir::arith::AndIOp>(a, b); }
  Value either(Value a, Value b) { return createOrFold<mlir::arith::OrIOp>(a, b); }
  Value invert(Value a) { return createOrFold<mlir::arith::XOrIOp>(a, boolean(true)); }
  Value least(Value a, Value b) { return createOrFold<mlir::arith::MinUIOp>(a, b); }
  Value cmp(Cmp predicate, Value a, Value b) { return createOrFold<mlir::arith::CmpIOp>(predicate, a, b); }
  Value cmp(CmpF predicate, Value a, Value b) { return createOrFold<mlir::arith::CmpFOp>(predicate, a, b); }
  Value select(Value c, Value a, Value b) { return createOrFold<mlir::arith::SelectOp>(c, a, b); }
  /// To an integer of another width: cut, or extended as told. The same width: unchanged.
  Value resize(Value value, Type type, bool isSigned);
  /// `value` rounded towards minus infinity to a multiple of `unit` (> 0).
  Value floorTo(Value value, int64_t unit);
  /// `condition`, told to LLVM to be nearly always `expected`.
  Value expect(Value condition, bool expected);

  // Memory.
  Value at(Value pointer, int64_t bytes);
  Value at(Value pointer, Value bytes);
  Value load(Type type, Value pointer, Memory memory = Memory::Unknown, unsigned align = 0);
  void store(Value value, Value pointer, Memory memory = Memory::Unknown, unsigned align = 0);
  /// A variable of the function: becomes SSA in LLVM. `bytes` instead of a type: a block of memory.
  Value variable(Type type);
  Value variable(Type type, Value initial);
  Value block(uint64_t bytes);
  /// Of a variable that is touched rarely: it stays in memory and takes no register of a loop.
  Value loadRare(Type type, Value variable);
  void storeRare(Value value, Value variable);
  /// Where variables and what is hoisted go: the function's entry block.
  void setEntry(mlir::Operation *before) { entry = before; }
  mlir::Operation *getEntry() const { return entry; }

  // Control.
  void when(Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise = nullptr);
  /// For i from `begin` to `end` (i64, unsigned sense does not matter: both are below 2^63).
  void loop(Value begin, Value end, llvm::function_ref<void(Value)> body);

  /// The same while `goesOn` (i1, built for an i below `end`) holds; returns the first i that it was not done for.
  Value loopWhile(Value begin, Value end, llvm::function_ref<Value(Value)> goesOn,
                  llvm::function_ref<void(Value)> body);

  llvm::SmallVector<Value, 2> call(Rt function, llvm::ArrayRef<Value> arguments) {
    return runtime.call(*this, getLoc(), function, arguments);
  }
  Value call1(Rt function, llvm::ArrayRef<Value> arguments) { return call(function, arguments).front(); }

  /// By an error's number: the condition (i1) under which it is one. See Values.h.
  llvm::DenseMap<Value, Value> wrong;

private:
  void annotate(mlir::LLVM::AliasAnalysisOpInterface op, Memory memory);

  Runtime &runtime;
  mlir::Operation *entry = nullptr;
  llvm::SmallVector<mlir::LLVM::AliasScopeAttr, 4> scopes; ///< by Memory, made when first needed
};

} // namespace millrace::lowering

#endif
