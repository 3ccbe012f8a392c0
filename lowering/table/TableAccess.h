//===- TableAccess.h - how a layout finds, reads and visits slots ---*- C++ -*-===//
//
// Internal to the lowering. One class for each layout, in a file of its own;
// folds, updates and fires know no layout but this interface.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_TABLE_TABLEACCESS_H
#define MILLRACE_LOWERING_TABLE_TABLEACCESS_H

#include "lowering/Program.h"
#include "lowering/table/HashRing.h"

namespace millrace::lowering {

/// What a loop keeps of a table beside it, in variables of the function: LLVM then has it in registers, although slots
/// are written. Only of the layouts that use it.
struct TableHead {
  mlir::Value slots; ///< where the slots are
  mlir::Value mask;  ///< of positions; open addressing
  mlir::Value marks; ///< of pages
};

/// A table in hand: of one pane, or of an operator without windows.
struct TableInHand {
  mlir::Value table; ///< mr_table *; none: it is in `rare`
  mlir::Value slots; ///< where its slots are, if that cannot change meanwhile; none: to be asked for
  TableHead head;    ///< kept up to date; none: to be asked for
  mlir::Value rare;  ///< variable (Code::loadRare): where only rare paths need the table, and so no register holds it

  mlir::Value get(Code &code) const { return rare ? code.loadRare(code.ptr(), rare) : table; }
};

/// A key's slot in a table.
struct Slot {
  TableInHand in;
  mlir::Value address;
  mlir::Value cold = {}; ///< where its cold part is, of what is no slot of the table itself; none: the table knows it
};

class TableAccess {
public:
  TableAccess(Code &code, mlir::Value task, const Table &table)
      : code(code), task(task), table(table), layout(table.slot), type(table.type()) {}
  virtual ~TableAccess() = default;

  /// The slot of a key, made if it is new, marked as written. `keys` have no errors.
  Slot find(const TableInHand &in, llvm::ArrayRef<Val> keys);

  /// For findSame: the table `in` reaches as far as `end` (i64), if that is possible; gives how far it does (refused
  /// memory stops the pipeline later). Sets what a loop need not ask again.
  virtual mlir::Value prepareSame(TableInHand &in, mlir::Value end);
  /// The slot in `in` of the key that another table of the same operator has in `slot`, at `position`; made if it is
  /// new, marked as written.
  Slot findSame(const TableInHand &in, const Slot &slot, mlir::Value position);

  /// Variables for the head of a table, in the function's entry.
  virtual TableHead makeHead() { return {}; }
  /// Another table is in hand, or the one in hand has grown.
  void refresh(mlir::Value table, const TableHead &head);

  /// Asks for the slot of a key that is needed somewhat later, at `later`, as the loop counts. Harmless for any value
  /// of the key, also of an error.
  virtual void prefetch(const TableInHand &in, llvm::ArrayRef<Val> keys, mlir::Value later) = 0;
  /// The slot where a key that is only needed later most likely is (another key's, or an empty one, else), found
  /// without looking into the table; whether the layout can tell.
  virtual bool knowsHome() const { return false; }
  virtual Slot home(const TableInHand &, llvm::ArrayRef<Val>) { llvm_unreachable("the layout knows no home"); }
  /// Before `prefetch`, in a loop that is at `place`: a hash that was computed for it is not computed again, where that
  /// pays.
  void keepHashes(mlir::Value place) {
    if (layout.strings)
      ring.emplace(code, place);
  }

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

  /// i64: about the greatest position of the table.
  mlir::Value lastPosition(const TableInHand &in);

  /// Positions of the table where that is known when compiling.
  virtual std::optional<int64_t> capacity() const { return std::nullopt; }

  /// The slot at a position.
  Slot at(const TableInHand &in, mlir::Value position);

protected:
  virtual mlir::Value findSlot(const TableInHand &in, llvm::ArrayRef<Val> keys) = 0;
  /// Has a key the same position in all tables of an operator?
  virtual bool isByPosition() const { return false; }
  /// Open addressing: the first slot on the way of a hash.
  Slot firstAt(const TableInHand &in, mlir::Value hash) { return at(in, code.both(hash, maskOf(in))); }
  /// Open addressing: asks for the slot at a hash.
  void prefetchAt(const TableInHand &in, mlir::Value hash);
  /// The slot was written.
  void touch(const Slot &slot);
  /// The slot was written, and has a key.
  void use(const Slot &slot);
  mlir::Value maskOf(const TableInHand &in);
  /// The variables of `makeHead`.
  TableHead variables(bool withMask);
  /// i64: the position of the slot at an address.
  mlir::Value positionOf(const TableInHand &in, mlir::Value address);
  /// `word` (i64), of which LLVM does not know where it comes from: it computes neither it nor what is compared with it
  /// in another way.
  mlir::Value opaque(mlir::Value word);
  /// Open addressing: the position of the slot that `matches` on the way of a hash. Where `isEmpty` says that there is
  /// none, `insert` gives the new one. All three are built for a slot's address where the builder stands.
  mlir::Value probe(const TableInHand &in, mlir::Value hash, llvm::function_ref<mlir::Value(mlir::Value)> matches,
                    llvm::function_ref<mlir::Value(mlir::Value)> isEmpty, llvm::function_ref<mlir::Value()> insert);
  mlir::Value slotSize() { return code.half(int32_t(layout.size)); }
  mlir::Value slotsOf(const TableInHand &in);
  state::KeyRange rangeOf(unsigned field) const;
  /// The hash of a key in memory, of the record in hand; and of one that is needed at `later`.
  mlir::Value hashOf(mlir::Value key);
  mlir::Value hashOf(mlir::Value key, mlir::Value later);

  Code &code;
  mlir::Value task;
  const Table &table;
  const SlotLayout &layout;
  state::TableType type;

private:
  mlir::Value computeHash(mlir::Value key);

  std::optional<HashRing> ring;
};

/// The layout's class.
std::unique_ptr<TableAccess> accessTo(Code &code, mlir::Value task, const Table &table);

std::unique_ptr<TableAccess> denseAccess(Code &code, mlir::Value task, const Table &table);
std::unique_ptr<TableAccess> packedAccess(Code &code, mlir::Value task, const Table &table);
std::unique_ptr<TableAccess> inlineAccess(Code &code, mlir::Value task, const Table &table);
std::unique_ptr<TableAccess> byIdAccess(Code &code, mlir::Value task, const Table &table);

} // namespace millrace::lowering

#endif
