//===- Functions.h - the functions generated for a program ---------*- C++ -*-===//
//
// Internal to the lowering: one private function for each step, event time and
// firing, with the signatures of millrace/abi.h.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_FUNCTIONS_H
#define MILLRACE_LOWERING_FUNCTIONS_H

#include "lowering/Body.h"

namespace millrace::lowering {

struct Context {
  mlir::ModuleOp module;
  Runtime &runtime;
  Program &program;
};

/// `step_<source>`: (task, batch, cursor, limit) -> status. `op` is null for a source that nothing reads.
mlir::LogicalResult lowerStep(Context &context, Source &source, exec::StepOp op);
/// `time_<source>`: (task, batch, times, statuses).
mlir::LogicalResult lowerEventTime(Context &context, exec::EventTimeOp op);
/// Does the engine name the slots that fire (`fire_due_<table>`), instead of firing whole tables (`fire_<table>`)?
bool firesByDue(const Table &table);
/// `watermark_<source>`: (task, batch, watermarks, statuses).
mlir::LogicalResult lowerPunctuation(Context &context, exec::PunctuationOp op);
/// Must rows of sessions come between the two records at which W passes their ends (mr_window_desc.prompt)?
bool firesPromptly(Program &program, const Table &table);
/// `fire_<table>`: (task, table, start, end, time, cursor) -> status, or `fire_due_<table>`: (task, table, due, count,
/// cursor) -> status.
mlir::LogicalResult lowerFire(Context &context, exec::FireOp op);
/// `release_<table>`: (task, table, rows, count, cursor) -> status, of a table that keeps `over`.
mlir::LogicalResult lowerRelease(Context &context, exec::FireOp op, Table &table);
/// `expire_<table>`: (task, table, positions, count, cursor) -> status. Only where keys that expire are told of.
mlir::LogicalResult lowerExpire(Context &context, Table &table);

/// `combine_<table>` and, where slices are taken away again, `remove_<table>`: (task, into, from, to, cursor) ->
/// status. Only of windows over slices.
void lowerCombine(Context &context, Table &table);

/// A private function with an empty entry block, where `code` then stands.
mlir::LLVM::LLVMFuncOp beginFunction(Context &context, Code &code, llvm::StringRef name,
                                     llvm::ArrayRef<mlir::Type> parameters, mlir::Type result);

/// Loads a source's fields: the columns are looked up where this is made, a value where a record is met.
class FieldLoader {
public:
  FieldLoader(Code &code, const Source &source, llvm::ArrayRef<int32_t> fields, mlir::Value batch, bool hasTime,
              bool dirty);
  /// Asks for the row that will be `record` of the next batch, where rows lie one behind the other (binary format).
  void prefetchNextBatch(mlir::Value record);
  Val load(mlir::BlockArgument argument, mlir::Value record);
  /// The record's event time; none if the source has none.
  mlir::Value loadTime(mlir::Value record);

private:
  uint32_t siteOf(int32_t field) const;
  /// An integer outside the range that is declared for its field is an error.
  Val checkRange(Val val, int32_t field);

  Code &code;
  const Source &source;
  llvm::SmallVector<int32_t> fields;
  llvm::SmallVector<std::pair<mlir::Value, mlir::Value>> columns; ///< values, status (none if not looked at)
  mlir::Value times;
  unsigned timeStride = sizeof(int64_t); ///< bytes from one to the next
  bool dirty;
};

} // namespace millrace::lowering

#endif
