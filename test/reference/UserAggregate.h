//===- UserAggregate.h - an aggregate of the pipeline's own ---------*- C++ -*-===//
//
// Rules 23, 24 and 28, for `aggregate`: its regions are evaluated record by record
// as they stand, in the order in which the window gives them; no fact that is claimed of it is used.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_USERAGGREGATE_H
#define MILLRACE_TEST_REFERENCE_USERAGGREGATE_H

#include "Expressions.h"

#include "dialect/stream/Stream.h"

namespace millrace::reference {

/// One of one key in one window.
class UserAggregate {
public:
  /// Of no record. `params`: the values of the pipeline's params.
  UserAggregate(stream::AggregateOp op, const Environment &params);

  /// The state of one record; its errors are the record's.
  static std::vector<Value> lift(stream::AggregateOp op, llvm::ArrayRef<Value> arguments, const Environment &params);

  void add(const std::vector<Value> &lifted);

  /// The result: null of no record; an error if one arose on the way to it.
  Value result() const;

private:
  stream::AggregateOp op;
  const Environment *params;
  std::vector<Value> state;
  bool isEmpty = true;
};

} // namespace millrace::reference
#endif
