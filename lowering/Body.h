//===- Body.h - what a record meets on its way, as code -------------*- C++ -*-===//
//
// Internal to the lowering. A frame is one generated function; a body is one
// loop in it, with the path's errors and the condition under which the record
// is still on its way. Fan-out, filters and terminals nest as scf.if, so that
// what a rejected record does not need is not computed.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_BODY_H
#define MILLRACE_LOWERING_BODY_H

#include "lowering/Expressions.h"
#include "lowering/Kept.h"
#include "lowering/aggregates/Member.h"

#include "llvm/ADT/DenseSet.h"
#include <deque>
#include <functional>

namespace millrace::lowering {

/// What a fold needs that does not change during a call.
struct FoldState {
  mlir::Value window;                ///< i32, the window's number
  mlir::Value pane;                  ///< variable: the table in hand, null at first
  TableHead head;                    ///< of the table in hand
  mlir::Value start;                 ///< variable: where its window starts
  mlir::Value length;                ///< variable: how long its slice is; windows over slices
  mlir::Value otherPane, otherStart; ///< rare variables: the same of the pane that was in hand before; windows in time
  mlir::Value otherLength;
  mlir::Value slice;      ///< mr_interval, for the engine to fill; windows over slices
  mlir::Value least;      ///< variable: so many new records make a key of the pane due; windows that fire again
  bool mayBeLate = false; ///< are there records whose window has fired?

  /// Do only rare paths need the pane itself? It then takes no register (Code::loadRare).
  bool isPaneRare() const { return bool(head.slots); }
};

/// What an update or admit needs that does not change during a call.
struct KeptState {
  mlir::Value window; ///< i32, the table's number
  mlir::Value table;
  TableHead head;
  mlir::Value others; ///< the least W of its inputs, the lane in hand apart; none: keys live for ever
};

/// What folds into sessions need that does not change during a call.
struct SessionState {
  mlir::Value window; ///< i32, the table's number
  mlir::Value table;  ///< the first one
  TableHead head;
  mlir::Value others; ///< as of KeptState
  mlir::Value record; ///< mr_session, for the engine
};

/// What records that wait need that does not change during a call.
struct WaitState {
  mlir::Value window; ///< i32, the table's number
  mlir::Value others; ///< as of KeptState
  mlir::Value passed; ///< i64: what has this time or a lesser one has gone on
};

/// An update of which a record is in hand: what the rows behind it need.
struct UpdateInHand {
  state::UpdateOp op;
  const Table &table;
  Slot slot;
  llvm::SmallVector<Val> keys; ///< as they are in rows: the first arguments of the body
  llvm::SmallVector<KeptRow> rows;
  mlir::Block *fired = nullptr; ///< instead of an update: the body of a firing whose rows replace those before
  mlir::Value key = {};         ///< address of the key's slot, if `slot` is another one

  mlir::Block &body() const { return fired ? *fired : state::UpdateOp(op).getBody().front(); }
};

/// A value kept for the loop behind a stage: a column for each part, for validity and for the error.
struct Spill {
  mlir::Value value;
  llvm::SmallVector<mlir::Value, 4> columns;
  Val shape; ///< which parts there are, and their types
};

/// The rest of a body behind a stage.
struct Continuation {
  mlir::Block::iterator begin, end;
  mlir::Value selection;                          ///< u16 for each record that got there
  mlir::Value count;                              ///< variable: how many
  llvm::SmallVector<mlir::BlockArgument> reloads; ///< fields needed there that were loaded before
  llvm::SmallVector<mlir::Operation *> again;     ///< ops to compute again
  llvm::SmallVector<Spill> spills;
  Spill path;
};

/// One generated function.
struct Frame {
  Frame(Code &code, Program &program, mlir::Value task) : code(code), program(program), task(task), base(code, task) {}

  Code &code;
  Program &program;
  mlir::Value task;
  Expressions base;                                ///< what holds in every loop: params and constants
  llvm::DenseMap<unsigned, mlir::Value> outs;      ///< by sink: variable with the next row's place
  llvm::DenseMap<unsigned, unsigned> rows;         ///< by sink: rows for one record, 0: only unnested ones
  llvm::DenseSet<unsigned> unnestedInto;           ///< sinks that also get rows made from lists
  llvm::DenseMap<unsigned, FoldState> folds;       ///< by table
  llvm::DenseMap<unsigned, KeptState> kept;        ///< by table
  llvm::DenseMap<unsigned, SessionState> sessions; ///< by table
  llvm::DenseMap<unsigned, WaitState> waiting;     ///< by table
  /// Those that W has (see watermarkOfOthers), by what watermarkOfOthers gave.
  llvm::DenseMap<mlir::Value, mlir::Value> floors;
  mlir::Value laneWatermark; ///< variable: W of the lane as the records so far have moved it; none: nothing asks for it
  bool stateful = false;     ///< a step that keeps state: it may have to end at any record
  llvm::DenseMap<mlir::Operation *, llvm::SmallVector<mlir::BlockArgument>> loads; ///< fields to load before an op
  std::function<Val(mlir::BlockArgument, mlir::Value record)> loadField;
  mlir::Value batchSize; ///< i64: records of this call at most; none: stages have no effect
  std::deque<Continuation> continuations;

  /// Lowers what stands in the program before the body and is used in it, where the builder stands.
  mlir::LogicalResult lowerOuter(mlir::Operation *body);
  /// Makes the variables that sinks and folds under `body` need, and hoists what does not change.
  void prepare(mlir::Operation *body);
  void prepareKept(Table &table);
  mlir::Value watermarkOfOthers(mlir::Value table);
  void prepareSessions(Table &table);
  void prepareWaiting(Table &table);
  void preparePanes(FoldState &state);
  /// Takes room for `count` (i64) runs of the body.
  void openOuts(mlir::Value count);
  void closeOuts();
};

class Body {
public:
  Body(Frame &frame, mlir::Value record) : expressions(frame.base), frame(frame), code(frame.code), record(record) {}

  /// The ops in order, where the builder stands; it stands there again afterwards.
  mlir::LogicalResult run(mlir::Block::iterator begin, mlir::Block::iterator end);

  // What folds, updates and fires do with a key's state (Keyed.cpp).
  /// Keys without errors, for a layout's find and prefetch.
  llvm::SmallVector<Val> valuesOf(mlir::ValueRange values) const;
  /// Folds a record into all members of a slot: `args` has a value for each member with an argument, `filters` one for
  /// each that `filtered` says. `time` as in Member::fold.
  void foldMembers(const Table &table, const Slot &slot, mlir::ValueRange args, llvm::ArrayRef<bool> filtered,
                   mlir::ValueRange filters, mlir::Value time);
  /// The results of all members. `overflow` becomes the least error of a sum that does not fit (rule 23), stays as it
  /// is if there is none.
  llvm::SmallVector<Val> finishMembers(const Table &table, const Slot &slot, mlir::Value &overflow);
  /// A delete (rule 34) if the key's row is in the sink; it is not in it afterwards.
  void deleteRow(const UpdateInHand &update, const KeptRow &row);

  const UpdateInHand *inUpdate = nullptr; ///< inside an update, or a firing whose rows replace those before
  Expressions expressions;
  mlir::Value path;  ///< the path's error so far; none: cannot be
  mlir::Value place; ///< what the loop counts, of the record in hand; none: no loop over records
  /// Builds the place and the number (i64) of a record that comes so much later, for prefetching; none: unknown.
  std::function<std::pair<mlir::Value, mlir::Value>(int64_t)> ahead;
  /// How many records beforehand a table's slots are asked for, and then what lies beside them: a slot that is looked
  /// at for that has to be there. Parts of counts are one line in ten records, and farther away.
  static constexpr int64_t kSlotAhead = 16, kAsideAhead = 8, kSlotOfPartsAhead = 30, kPartAhead = 24;

private:
  mlir::LogicalResult lower(mlir::Operation &op, mlir::Block::iterator end);
  void keep(exec::KeepOp op);
  mlir::LogicalResult branch(exec::BranchOp op);
  mlir::LogicalResult unnest(exec::UnnestOp op);
  void emit(exec::EmitOp op); // Emit.cpp
  void writeDelete(const UpdateInHand &update, const KeptRow &row);
  mlir::LogicalResult await(state::AwaitOp op); // Over.cpp
  mlir::LogicalResult fold(state::FoldOp op);   // Fold.cpp
  void judgeFold(state::FoldOp op, mlir::Value error, llvm::function_ref<void()> effect);
  mlir::LogicalResult stage(exec::StageOp op, mlir::Block::iterator end); // Stage.cpp

  /// Branches on `pending`, if there is one: what follows is inside.
  void settle();
  /// The least error of the path and these values: none if there can be none.
  mlir::Value worst(mlir::ValueRange values);
  void reportBad(unsigned terminal, mlir::Value error);
  /// `effect` if nothing is wrong, else the record is bad for this terminal.
  void judge(unsigned terminal, mlir::Value error, llvm::function_ref<void()> effect);
  void writeRow(exec::EmitOp op, Sink &sink, mlir::Value row);
  mlir::Value nextRow(const Sink &sink);
  mlir::Value foldPane(Table &table, FoldState &state, mlir::Value time);
  mlir::Value foldSlice(Table &table, FoldState &state, mlir::Value time);
  void noteLate(mlir::Value window, mlir::Value condition);
  // Panes.cpp
  void foldPanes(Table &table, FoldState &state, mlir::Value time, llvm::function_ref<void()> intoPane);
  void noteFresh(const Table &table, const FoldState &state, const Slot &slot);
  void foldGlobal(Table &table, FoldState &state, mlir::Value time, mlir::Value there,
                  llvm::function_ref<void()> intoPane);
  void prefetch(mlir::ValueRange keys, const Table &table, TableAccess &access, const TableInHand &in);
  void foldInto(state::FoldOp op, Table &table, FoldState &state, mlir::Value time);
  Spill spill(mlir::Value name, const Val &val, mlir::Value position);
  // Update.cpp
  mlir::LogicalResult admit(state::AdmitOp op);
  mlir::LogicalResult update(state::UpdateOp op);
  mlir::LogicalResult goOn(UpdateInHand &update);
  mlir::LogicalResult complete(UpdateInHand &update);
  mlir::LogicalResult foldPart(UpdateInHand &update, mlir::Value time);
  mlir::LogicalResult foldPartInSlot(UpdateInHand &update, mlir::Value time);
  mlir::LogicalResult completePart(UpdateInHand &update);
  void prefetchPart(const Table &table, const Slot &slot);
  void prefetchBest(const Table &table, const Slot &slot);
  mlir::LogicalResult runBehind(mlir::Block &block);
  mlir::Value bindKept(state::UpdateOp op, const Table &table, const Slot &slot, llvm::ArrayRef<Val> keys);
  mlir::Value watermarkFor(mlir::Value others);
  // Sessions.cpp
  mlir::Value endOfSession(state::FoldOp op, mlir::Value &error);
  void foldSession(state::FoldOp op, Table &table, mlir::Value time, mlir::Value end, mlir::Value order);
  void foldElsewhere(state::FoldOp op, Table &table, const SessionState &state, const Slot &slot, mlir::Value time,
                     mlir::Value end, mlir::Value order, mlir::Value takes);
  void foldIntoSession(state::FoldOp op, Table &table, const SessionState &state, const Slot &slot, mlir::Value order);
  mlir::Value watermarkOf(const Table &table, const SessionState &state);
  mlir::Value timeToStore(mlir::Value time);
  mlir::Value timeKept(const Table &table, const KeptState &state, const Slot &slot, mlir::Value raw,
                       llvm::function_ref<void()> beforeGone);
  void armIfNew(const Table &table, const KeptState &state, const Slot &slot, mlir::Value raw);
  void branchOrLeave(mlir::Block::iterator behind, mlir::Block::iterator end);
  void noteIn(exec::EmitOp op);

  Frame &frame;
  Code &code;
  mlir::Value record;        ///< i64, index in the batch or position of the slot
  mlir::Value pending;       ///< i1: the record is still on its way, not yet branched on; none: it is
  mlir::Value late;          ///< variable, i1: is the record that is being folded late? none: not asked
  mlir::Value lateAfterIdle; ///< variable, i1: because its input was idle?
  bool nested = false;       ///< inside an unnest
  bool behindState = false;  ///< inside an update or admit: an error stops the pipeline
};

/// A value as it was kept at a stage, for the `position`-th record that got there.
Val restore(Code &code, const Spill &spill, mlir::Value position);

/// A string (anything else is left alone) in memory that lives until the batch is done.
Val lasting(Code &code, mlir::Value task, mlir::Type type, const Val &val);

/// May everything from `begin` up to a stage or an emit be computed for a rejected record too?
bool isHarmless(mlir::Block::iterator begin, mlir::Block::iterator end, bool untilStage);

} // namespace millrace::lowering

#endif
