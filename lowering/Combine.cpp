//===- Combine.cpp - the state of one slice into that of others --------------===//
//
// Called by the engine, piece by piece, when slices close and expire (abi.h):
// what a key has in one table is added to what it has in another, or taken away
// again. Where a key's position is the same in all tables of an operator (dense,
// by_id) nothing is looked up, and no call is left in the loop.
//
//===----------------------------------------------------------------------===//
#include "dialect/exec/Pieces.h"
#include "lowering/Functions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {

/// One of the two functions of a table.
class Combining {
public:
  Combining(Code &code, Table &table, bool removes, ValueRange arguments)
      : code(code), table(table), removes(removes), task(arguments[0]), to(arguments[3]), cursor(arguments[4]),
        access(accessTo(code, task, table)) {
    into.table = arguments[1];
    from.table = arguments[2];
  }

  void build() {
    Value begin = code.load(code.i64(), cursor, Memory::Unknown, 8);
    Value end = access->prepareSame(into, to);
    from.slots = code.call1(Rt::mr_table_slots, {from.table}); // it stays as it is
    loop(begin, end);
    code.store(to, cursor, Memory::Unknown, 8);
    LLVM::ReturnOp::create(code, code.half(MR_DONE));
  }

private:
  void loop(Value begin, Value end) {
    scf::WhileOp::create(
        code, TypeRange{code.i64()}, ValueRange{begin},
        [&](OpBuilder &inside, Location, ValueRange at) {
          OpBuilder::InsertionGuard guard(code);
          code.restoreInsertionPoint(inside.saveInsertionPoint());
          Value next = at[0];
          if (!access->isAlwaysInUse())
            next = code.call1(Rt::mr_table_next, {from.table, next, code.half(int32_t(table.slot.size))});
          scf::ConditionOp::create(code, code.cmp(Code::Cmp::ult, next, end), next);
        },
        [&](OpBuilder &inside, Location, ValueRange at) {
          OpBuilder::InsertionGuard guard(code);
          code.restoreInsertionPoint(inside.saveInsertionPoint());
          visit(at[0]);
          scf::YieldOp::create(code, code.add(at[0], code.word(1)));
        });
  }

  void visit(Value position) {
    Slot source = access->at(from, position);
    auto merge = [&] { mergeKey(access->findSame(into, source, position), source); };
    if (access->isAlwaysInUse())
      merge();
    else
      code.when(access->isInUse(source), merge);
  }

  void mergeKey(const Slot &target, const Slot &source) {
    SlotPieces pieces(code, table, target), others(code, table, source);
    const Place &records = table.slot.records; // that no member counts
    if (!removes) {
      mergeMembers(target, source);
      if (records)
        pieces.store(code.add(pieces.load(code.i64(), records), others.load(code.i64(), records)), records);
      return;
    }
    if (table.slot.recordsSet >= 0) {
      mergeMembers(target, source);
      std::unique_ptr<Member> set = memberOf(code, table, unsigned(table.slot.recordsSet), target);
      Value isEmpty = code.cmp(Code::Cmp::eq, set->finish(0, {}).scalar(), code.word(0));
      code.when(code.expect(isEmpty, false), [&] { code.call(Rt::mr_table_erase, {into.table, target.address}); });
      return;
    }
    const Place &counted = table.slot.recordCount();
    Value left = code.sub(pieces.load(code.i64(), counted), others.load(code.i64(), counted));
    auto erase = [&] { code.call(Rt::mr_table_erase, {into.table, target.address}); };
    auto remove = [&] {
      mergeMembers(target, source);
      if (records)
        pieces.store(left, records);
    };
    code.when(code.expect(code.cmp(Code::Cmp::eq, left, code.word(0)), false), erase, remove);
  }

  void mergeMembers(const Slot &target, const Slot &source) {
    for (unsigned i = 0; i < table.type().getMembers().size(); ++i) {
      std::unique_ptr<Member> member = memberOf(code, table, i, target), other = memberOf(code, table, i, source);
      removes ? member->remove(*other) : member->combine(*other);
    }
  }

  Code &code;
  Table &table;
  bool removes;
  Value task, to, cursor;
  std::unique_ptr<TableAccess> access;
  TableInHand into, from;
};

} // namespace

static void lowerOne(Context &context, Table &table, StringRef name, bool removes) {
  Code code(table.op.getLoc(), context.runtime);
  LLVM::LLVMFuncOp function = beginFunction(context, code, (name + "_" + table.op.getSymName()).str(),
                                            {code.ptr(), code.ptr(), code.ptr(), code.i64(), code.ptr()}, code.i32());
  Combining(code, table, removes, function.getArguments()).build();
}

void millrace::lowering::lowerCombine(Context &context, Table &all) {
  if (all.op.getKeep())
    return;
  if (all.isShared())
    lowerOne(context, all, "merge", false);
  Table table = all.fired();
  // What is left of the best records moves to another table by it, too.
  if (!table.op.getTop() && !table.op.getSlicesOf() &&
      (!table.op.getAlgorithm() || table.op.getAlgorithm().getValue() == stream::Algorithm::Same ||
       (state::keepsPanes(table.op) && !exec::whyFiresWhole(all.op).empty())))
    return;
  lowerOne(context, table, "combine", false);
  if (table.op.getAlgorithm() && table.op.getAlgorithm().getValue() == stream::Algorithm::Subtract)
    lowerOne(context, table, "remove", true);
}
