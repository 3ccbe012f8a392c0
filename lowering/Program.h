//===- Program.h - a program's ports and tables by number -----------*- C++ -*-===//
//
// Internal to the lowering: the numbers by which the runtime knows sources,
// sinks and windows, and how their bytes are laid out.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_PROGRAM_H
#define MILLRACE_LOWERING_PROGRAM_H

#include "lowering/Values.h"
#include "lowering/table/SlotLayout.h"

#include "dialect/exec/Exec.h"

namespace millrace::lowering {

/// A row of a sink, or of a source in the binary format: by the rule of runtime/io/binary/row_layout.h.
struct RowLayout {
  struct Field {
    unsigned offset;
    int status = -1; ///< offset of the status byte, or -1
  };
  llvm::SmallVector<Field> fields;
  llvm::SmallVector<unsigned> padding; ///< offsets of unused bytes: written as zeros
  unsigned size = 0;
};
RowLayout layoutRow(llvm::ArrayRef<mlir::Type> types);

/// Where a source's field is found in its batches.
struct Column {
  unsigned stride;       ///< bytes from value to value
  unsigned statusStride; ///< bytes from status to status; 0: no status
  unsigned align;        ///< what is known of a value's address
  bool mayFail;          ///< its status may be an error
};

struct Source {
  exec::SourceOp op;
  unsigned index;
  llvm::SmallVector<Column> columns;
  unsigned rowSize;
  bool expands = false;  ///< a record may give many rows
  bool stateful = false; ///< its step keeps state
  bool pauses = false;   ///< its step ends where a window fires at once
  bool watches = false;  ///< its step looks at event times itself
};
struct Sink {
  exec::SinkOp op;
  unsigned index;
  RowLayout row;
  bool header; ///< rows begin with what they do and the record they come from (abi.h)
};
struct Table {
  state::TableOp op;
  unsigned index;
  SlotLayout slot;
  unsigned maxRows = 0; ///< rows to one sink that firing one key may give, unnested ones not counted
  unsigned firstSite;   ///< error site of the first member; the program's sites come before
  unsigned left = 0;    ///< members at the end that are left out, see fired()
  state::TableType type() const;
  state::KeepAttr keep() const { return state::TableOp(op).getKeep(); } ///< null for windows
  bool isKeyed() const { return !type().getKeyTypes().empty(); }
  /// Is it the first of several windows of the same slices? Its members are those of all then.
  bool isShared() const;
  /// The table as its window sees it: with the window's own members.
  Table fired() const;
};

/// Everything that has a number. Behind the program's own error sites there is one for each member of each table, for
/// sums that do not fit. Functions that were generated are named by symbol: `step_<source>`, `time_<source>`,
/// `fire_<table>`.
struct Program {
  explicit Program(exec::ProgramOp op);

  exec::ProgramOp op;
  llvm::SmallVector<exec::ParamOp> params;
  llvm::SmallVector<Source> sources;
  llvm::SmallVector<Sink> sinks;
  llvm::SmallVector<Table, 0> tables;

  Source &source(llvm::StringRef name);
  Sink &sink(llvm::StringRef name);
  Table &table(llvm::StringRef name);
};

/// The value of a param, as it was set when the program started.
Val loadParam(Code &code, mlir::Value task, exec::ParamOp op);

} // namespace millrace::lowering

#endif
