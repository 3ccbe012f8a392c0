//===- Report.h - what a run gave, as JSON -------------------------*- C++ -*-===//
#ifndef MILLRACE_TEST_REFERENCE_REPORT_H
#define MILLRACE_TEST_REFERENCE_REPORT_H

#include "Formats.h"
#include "Pipeline.h"

#include "llvm/Support/raw_ostream.h"

namespace millrace::reference {

/// Which order of a sink's rows is promised (rules 7 and 10).
struct Order {
  bool total = true;             ///< all rows come in the order of arrival
  std::vector<std::string> keys; ///< otherwise: the rows that agree in these fields do (none: no order at all)
};
Order orderOf(mlir::Value stream);

/// One document with everything: for each sink its connector, path, format, order and rows; counters; what stopped the
/// run. Rows are as rowText has them.
void writeReport(const Pipeline &pipeline, const Stop &stop, llvm::raw_ostream &os);

} // namespace millrace::reference
#endif
