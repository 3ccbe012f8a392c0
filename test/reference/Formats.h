//===- Formats.h - rows as sinks write them ------------------------*- C++ -*-===//
#ifndef MILLRACE_TEST_REFERENCE_FORMATS_H
#define MILLRACE_TEST_REFERENCE_FORMATS_H

#include "Rows.h"

namespace millrace::reference {

/// How a sink writes.
struct Format {
  enum class Kind { Json, Csv, Binary } kind = Kind::Json; ///< a table is for people: compared as JSON
  char delimiter = ',';
  bool header = true; ///< of CSV
};
Format formatOf(stream::SinkOp op);

/// A row without the end of its line. Rows of an upsert stream begin with `op`; a delete has the fields of the key only
/// (rule 34). Binary rows are for comparing: a JSON array of what lies in the file, floats by their bits (`nan` for
/// every NaN, 0 for -0), bytes in hexadecimal digits, `op` as 0 or 1.
std::string rowText(const Format &format, stream::StreamType type, const Row &row);

/// CSV's first line, without its end.
std::string csvHeader(const Format &format, stream::StreamType type);

} // namespace millrace::reference
#endif
