//===- TableAccess.h - how a layout finds, reads and visits slots ---*- C++ -*-===//
//
// Internal to the lowering. One class for each layout, in a file of its own;
// folds, updates and fires know no layout but this interface.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_TABLE_TABLEACCESS_H
#define MILLRACE_LOWERING_TABLE_TABLEACCESS_H

#include "lowering/Program.h"

namespace millrace::lowering {

/// A table in hand: of one pane, or of an operator without windows.
struct TableInHand {
  mlir::Value table; ///< mr_table *
  mlir::Value slots; ///< where its slots are, if that cannot change meanwhile; none: to be asked for
  mlir::Value marks; ///< the same of its marks of pages
};

/// A key's slot in a table.
struct Slot {
  TableInHand in;
  mlir::Value address;
};

class TableAccess {
public:
  TableAccess(Code &code, mlir::Value task, const Table &table)
      : code(code), task(task), table(table), layout(table.slot), type(table.type()) {}
  virtual ~TableAccess() = default;

  /// The slot of a key, made if it is new, marked as written. `keys` have no errors.
  Slot find(const TableInHand &in, llvm::ArrayRef<Val> keys);

  /// Asks for the slot of a key that is needed somewhat later. Harmless for any value of the key, also of an error.
  virtual void prefetch(const TableInHand &in, llvm::ArrayRef<Val> keys) = 0;

  /// The fields of the key of a slot in use. Strings stay valid until the table changes.
  virtual llvm::SmallVector<Val> keysAt(const Slot &slot, mlir::Value position) = 0;

  /// i1: does the slot hold a key?
  virtual mlir::Value isInUse(const Slot &slot);

  /// Does a table have one slot that fires whatever was folded (rule 18)? So it is without a key.
  bool isAlwaysInUse() const { return layout.kind == state::LayoutKind::Dense && type.getKeyTypes().empty(); }

  /// Do positions have the order of keys (rule 10)?
  virtual bool isInKeyOrder() const { return false; }

  /// Do slots stay where they are while the table is in hand?
  virtual bool isFixed() const { return false; }

  /// Positions of the table where that is known when compiling.
  virtual std::optional<int64_t> capacity() const { return std::nullopt; }

  /// The slot at a position.
  Slot at(const TableInHand &in, mlir::Value position);

protected:
  virtual mlir::Value findSlot(const TableInHand &in, llvm::ArrayRef<Val> keys) = 0;
  mlir::Value slotSize() { return code.half(int32_t(layout.size)); }
  mlir::Value slotsOf(const TableInHand &in);
  state::KeyRange rangeOf(unsigned field) const;

  Code &code;
  mlir::Value task;
  const Table &table;
  const SlotLayout &layout;
  state::TableType type;
};

/// The layout's class.
std::unique_ptr<TableAccess> accessTo(Code &code, mlir::Value task, const Table &table);

std::unique_ptr<TableAccess> denseAccess(Code &code, mlir::Value task, const Table &table);
std::unique_ptr<TableAccess> packedAccess(Code &code, mlir::Value task, const Table &table);
std::unique_ptr<TableAccess> inlineAccess(Code &code, mlir::Value task, const Table &table);
std::unique_ptr<TableAccess> byIdAccess(Code &code, mlir::Value task, const Table &table);

} // namespace millrace::lowering

#endif
