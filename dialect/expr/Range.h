//===- Range.h - the integers that an expression can give -----------*- C++ -*-===//
//
// What is known of a value when compiling: of integers and bools, from their
// type, from constants and from what is done with them. Layouts are decided by
// it (a key of few values is a position in an array), so it must hold for every
// input: it speaks of values that are there. Null and errors (an overflow, a
// value outside its declared range) are no values.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_EXPR_RANGE_H
#define MILLRACE_DIALECT_EXPR_RANGE_H

#include "mlir/IR/Value.h"
#include "llvm/ADT/DenseMap.h"
#include <functional>
#include <optional>

namespace millrace::expr {

/// Holds every i64 and u64, their sums and differences.
using Wide = __int128;

/// The integers from `least` to `greatest`, both included; bools are 0 and 1. None if `greatest` is less: such a value
/// is always null or an error.
struct Range {
  Wide least = 0, greatest = -1;

  bool isEmpty() const { return greatest < least; }
  bool contains(Wide value) const { return least <= value && value <= greatest; }
  bool operator==(const Range &other) const {
    return (isEmpty() && other.isEmpty()) || (least == other.least && greatest == other.greatest);
  }
};

/// What is in both; what is in one of them, and between.
Range meet(Range a, Range b);
Range join(Range a, Range b);

/// All values of an integer or bool, nullable or not; none for other types.
std::optional<Range> rangeOfType(mlir::Type type);

/// The ranges of values where the same conditions hold.
class Ranges {
public:
  /// What is known of a value that no expression op gives (a field, a key): no more than its type if there is no
  /// answer.
  using Leaf = std::function<std::optional<Range>(mlir::Value)>;
  explicit Ranges(Leaf leaf = {}) : leaf(std::move(leaf)) {}

  /// None if the value is no integer or bool.
  std::optional<Range> of(mlir::Value value);
  /// From here on `condition` is true (a filter let the record through).
  void assume(mlir::Value condition);

private:
  Range ofInteger(mlir::Value value);
  Range compute(mlir::Value value);
  Range ofOp(mlir::Operation *op);
  Range ofSelect(mlir::Operation *op);
  Range ofOperand(mlir::Operation *op, unsigned number);
  void assumeFalse(mlir::Value condition);
  void narrow(mlir::Value value, Range range);

  Leaf leaf;
  llvm::DenseMap<mlir::Value, Range> known, narrowed;
  unsigned depth = 0;  ///< of the recursion in hand
  unsigned splits = 0; ///< choices whose condition is assumed
};

} // namespace millrace::expr

#endif
