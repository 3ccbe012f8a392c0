//===- OverWindow.h - the window of one key, record by record -------*- C++ -*-===//
//
// Internal to the lowering. What is kept at a key's slot for the windows of its
// records: their rows, and what members make of them, each in the way that it
// follows the window (Follow). A record enters, what it is too late for leaves, and
// members give what the window then has.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_OVERWINDOW_H
#define MILLRACE_LOWERING_OVERWINDOW_H

#include "lowering/Over.h"
#include "lowering/aggregates/Member.h"

namespace millrace::lowering {

/// What mr_over_fetch asks for, and before it the table's own prefetch.
enum class Fetch { Header, Rows };

/// A record that has waited, and its key's slot.
struct OverRecord {
  mlir::Value row, time;
  Slot slot;
};

class OverWindow {
public:
  /// For one function: `task` is its argument.
  OverWindow(Code &code, exec::ProgramOp program, Table &table, mlir::Value task);

  /// A field of a waiting row.
  Val waitingValue(unsigned field, mlir::Type type, mlir::Value row) {
    return loadField(code, type, layout.waiting.fields[field], row);
  }

  /// Asks for what a slot's next record needs beside the slot; the rows when their header has had time to come.
  void fetch(const Slot &slot, Fetch what);

  /// The record is in the windows of its key from here on.
  void keep(const OverRecord &record);

  /// What the members give for it. `overflow` becomes the least error of a sum that does not fit (rule 23).
  llvm::SmallVector<Val> results(const OverRecord &record, mlir::Value &overflow);

  const OverLayout layout;

private:
  using Field = llvm::function_ref<Val(unsigned field, mlir::Type type)>;
  /// The rows of a window.
  struct Rows {
    mlir::Value begin, size, self;
  };

  llvm::ArrayRef<state::MemberAttr> members() const { return table.type().getMembers(); }
  Follow way(unsigned member) const { return ways[member]; }
  bool any(Follow way) const { return llvm::is_contained(ways, way); }
  bool isRank(unsigned member) const { return members()[member].getFn() == "rank"; }
  bool isAll() const { return isOverAll(table.keep()); }

  Val keptValue(unsigned field, mlir::Type type, mlir::Value row, const Slot &slot, mlir::Value isThere = {});
  mlir::Value keptOf(const Slot &slot) { return code.at(slot.address, table.slot.keptRows.offset); }
  mlir::Value keptSize() { return code.half(int32_t(layout.kept.size)); }
  bool hasKeptTexts() const;
  mlir::Value keepRow(const OverRecord &record, Field own);
  Rows rowsOf(const OverRecord &record, mlir::Value number);
  mlir::Value rowAt(const Rows &rows, mlir::Value number);
  void forMembers(llvm::ArrayRef<Follow> which, llvm::function_ref<void(unsigned)> visit);
  mlir::Value taken(unsigned member, Field value);
  void fold(unsigned member, const Slot &slot, Field value, mlir::Value time);
  void take(const OverRecord &record, mlir::Value leaving);
  void turn(const OverRecord &record);
  void look(const OverRecord &record, const Rows &all, llvm::ArrayRef<mlir::Value> before);
  Slot together(const OverRecord &record, mlir::Value number);
  Val place(const OverRecord &record, const Rows &all, unsigned member, mlir::Value before);
  mlir::Value isBefore(mlir::Type type, const Val &a, const Val &b);

  Code &code;
  Table &table;
  mlir::Value task;
  llvm::SmallVector<Follow> ways; ///< by member
  mlir::Value window;             ///< i32
  mlir::Value block;              ///< a row to be kept
  mlir::Value self;               ///< i64, for the engine to fill
  mlir::Value alone;              ///< a slot for one record, or for what both stacks give together
};

} // namespace millrace::lowering

#endif
