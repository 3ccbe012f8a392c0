//===- Rows.h - comparing rows that came with rows that were expected -----*- C++ -*-===//
//
// Internal to `millrace test`. Rows are JSON objects. White space, the order of
// members and how a number or a character is written do not matter: 5, 5.0 and
// 50e-1 are one number, exactly, however many digits it has.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_TEST_ROWS_H
#define MILLRACE_TOOLS_MILLRACE_TEST_ROWS_H

#include "Script.h"
#include "millrace/abi.h"

#include "llvm/ADT/ArrayRef.h"
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace millrace::script {

struct Row {
  std::string text;                                         ///< as written
  std::vector<std::pair<std::string, std::string>> members; ///< names and canonical values, by name
  std::string canonical;                                    ///< equal for equal rows
  /// The canonical value of a member; "" without it.
  llvm::StringRef member(llvm::StringRef name) const;
};

/// False with the `problem` if the text is no JSON object; `place` is the offset in the text at which it was found.
bool parseRow(llvm::StringRef text, Row &row, std::string &problem, size_t &place);

/// Times as numbers: how many digits a second has does not matter, nor in which zone it is written. `times`: the
/// members that are texts, but times of this type.
void countTimes(Row &row, llvm::ArrayRef<std::pair<std::string, mr_type>> times);

/// A line of a comparison, for people.
struct DiffLine {
  char mark;     ///< ' ' as expected, '-' did not come, '+' came and was not expected, '^' about the line before
  unsigned line; ///< of the test file; 0: none
  std::string text;
};

/// How rows are to be compared. `keys`: of an upsert stream, the members whose rows have an order among themselves.
/// `times`: the members that are texts, but times of this type (MR_TIMESTAMP, MR_DURATION): `12:00:00Z` is
/// `12:00:00.000Z`.
struct Comparison {
  bool inOrder = false;
  std::vector<std::string> keys;
  std::vector<std::pair<std::string, mr_type>> times;
};

/// Nothing if all is as expected; else what differs.
std::optional<std::vector<DiffLine>> compareRows(llvm::ArrayRef<Line> expected, llvm::ArrayRef<std::string> actual,
                                                 const Comparison &how);

/// Long runs of rows that are as expected only hide the rest: for people they are shortened.
std::vector<DiffLine> collapsed(llvm::ArrayRef<DiffLine> lines);

} // namespace millrace::script

#endif
