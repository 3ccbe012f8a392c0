//===- FactValues.h - records that an aggregate's laws are tried on ------===//
#ifndef MILLRACE_TOOLS_MILLRACE_FACTVALUES_H
#define MILLRACE_TOOLS_MILLRACE_FACTVALUES_H

#include "dialect/stream/Stream.h"

#include <string>

namespace millrace {

/// Lines of JSON, one a try, each with the values of kLawRecords records: `x_1`, `x_2`, … of parameter `x`. Always the
/// same for one aggregate. Among them are the literals of its text and what lies beside them, which is where what it
/// does changes.
std::string valuesFor(stream::AggregateOp aggregate, unsigned tries);

} // namespace millrace

#endif
