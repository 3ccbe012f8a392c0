//===- Aggregation.h - the aggregates of one operator --------------*- C++ -*-===//
//
// What `window` and `running` have in common: what a record gives to their
// aggregates, and the results as fields of a row.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_AGGREGATION_H
#define MILLRACE_TEST_REFERENCE_AGGREGATION_H

#include "Aggregates.h"
#include "Expressions.h"
#include "Rows.h"

namespace millrace::reference {

class Aggregation {
public:
  /// Of a `window` or a `running`. `params`: the values of the pipeline's params.
  template <typename Op>
  Aggregation(Op op, const Environment &params)
      : Aggregation(typeOf(op.getInput()), typeOf(op.getOutput()), op.getBody(), op.getFields(), op.getAggregates(),
                    params) {}

  /// What a record gives: its key, the aggregates' arguments and conditions, and the least error of its path and of all
  /// these. They are all used, whatever they are (rule 47).
  struct Input {
    Key key;
    std::vector<Value> values;
    /// By aggregate: of one of the pipeline's own the lifted state, if the record is taken in.
    std::vector<std::optional<std::vector<Value>>> lifted;
    mr_error error = MR_NO_ERROR;
  };
  Input evaluate(const Row &row) const;

  using Group = std::vector<Aggregate>;
  /// The aggregates over nothing.
  Group none() const;
  /// Adds a record to a key's aggregates; `time` is its event time, if it has one.
  void fold(Group &group, const Input &input, int64_t time) const;
  /// Appends the results, which are the last fields of the output. Gives the name of the field whose exact sum is
  /// beyond its type (rule 23), or nothing.
  std::optional<std::string> append(const Group &group, std::vector<Value> &fields) const;

private:
  void lift(Input &input) const;
  Aggregation(stream::StreamType input, stream::StreamType output, mlir::Region &body, mlir::ArrayAttr fields,
              mlir::ArrayAttr aggregates, const Environment &params)
      : input(input), output(output), body(body), fields(fields), aggregates(aggregates), params(params) {}

  stream::StreamType input, output;
  mlir::Region &body;
  mlir::ArrayAttr fields, aggregates;
  const Environment &params;
};

} // namespace millrace::reference
#endif
