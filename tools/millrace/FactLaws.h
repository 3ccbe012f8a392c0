//===- FactLaws.h - what has to hold of an aggregate, as a pipeline ------===//
//
// Internal to `millrace check --facts`. Each law is two ways to one result; the
// pipeline made here computes both from values that are given to it, for each law
// a sink, so that the claims are tried by the code that they will run as.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_FACTLAWS_H
#define MILLRACE_TOOLS_MILLRACE_FACTLAWS_H

#include "dialect/stream/Stream.h"

#include <string>
#include <vector>

namespace millrace {

struct Law {
  enum Kind { Identity, Associative, OrderFree, Idempotent, Inverse };

  Kind kind;
  std::string left, right; ///< the two ways, with records `r1`, `r2`, …
};

/// Records that a law is about at most: it is tried of states of single records, and of such as slices have.
inline constexpr unsigned kLawRecords = 8;

/// What a law's sink has: the results of both ways (null: there is none), was one of them an error, and was an error of
/// something that the law is not about (a record's own, or where records are combined first to be taken away again).
inline constexpr const char *kLawFields[] = {"left", "right", "left_failed", "right_failed", "other_failed"};

/// What is to be tried of an aggregate: two laws that each has to keep, and those that it claims.
std::vector<Law> lawsOf(stream::AggregateOp aggregate);

/// The text of a pipeline that has the aggregate, reads records from `memory("values")` and writes to `folder`/law0, …
/// for each law kLawFields, still without their expressions. The fields of a record are called by the parameter
/// and the record's number, `x_1`.
std::string pipelineOfLaws(stream::AggregateOp aggregate, const std::vector<Law> &laws, llvm::StringRef folder);

/// Puts the expressions into that pipeline, which was parsed.
void fillLaws(stream::PipelineOp pipeline, const std::vector<Law> &laws);

/// What a law says, for messages: "`combine` is associative".
llvm::StringRef textOf(Law::Kind kind);
/// And what is wrong if it does not hold.
llvm::StringRef faultOf(Law::Kind kind);

} // namespace millrace

#endif
