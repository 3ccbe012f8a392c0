//===- Pieces.h - firings that go on behind later records ----------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_EXEC_PIECES_H
#define MILLRACE_DIALECT_EXEC_PIECES_H

#include "dialect/exec/Exec.h"

namespace millrace::exec {

/// Why all keys of the window that fire have to be done before the next record comes ("`late` and `out` …"). Empty:
/// nobody can tell whether some come later, so the input is not held back by a firing (or it is no window).
std::string whyFiresWhole(state::TableOp table);

} // namespace millrace::exec

#endif
