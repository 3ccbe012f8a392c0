//===- WindowDescriptors.cpp - how a window, or another operator with state, is described ---===//
//
// What the engine knows of it (mr_window_desc): which records are in it, when it
// fires, where its rows go. Its table is described in table/TableDescriptor.cpp.
//
//===----------------------------------------------------------------------===//
#include "dialect/exec/Pieces.h"
#include "dialect/state/Layout.h"
#include "dialect/stream/ZoneClocks.h"
#include "lowering/Constants.h"
#include "lowering/Descriptors.h"
#include "lowering/Over.h"
#include "lowering/table/TableDescriptor.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

static int64_t kindOf(stream::WindowAttr window) {
  switch (window.getKind()) {
  case stream::WindowKind::Tumbling:
    return MR_WINDOW_TUMBLING;
  case stream::WindowKind::Global:
    return MR_WINDOW_GLOBAL;
  case stream::WindowKind::Sliding:
    return MR_WINDOW_SLIDING;
  case stream::WindowKind::Cumulate:
    return MR_WINDOW_CUMULATE;
  case stream::WindowKind::Session:
    return MR_WINDOW_SESSION;
  case stream::WindowKind::Calendar:
    return MR_WINDOW_CALENDAR;
  case stream::WindowKind::Count:
    return MR_STATE_COUNT;
  case stream::WindowKind::Same:
    break; // of steps it is what it is the same as
  }
  llvm_unreachable("covered");
}

static int64_t kindOf(state::TableOp op) {
  if (!op.getKeep())
    return kindOf(op.getWindow());
  switch (op.getKeep().getKind()) {
  case state::KeepKind::Running:
    return MR_STATE_RUNNING;
  case state::KeepKind::First:
    return MR_STATE_FIRST;
  case state::KeepKind::Last:
    return MR_STATE_LAST;
  case state::KeepKind::Count:
    return MR_STATE_COUNT;
  case state::KeepKind::Over:
    return MR_STATE_OVER;
  }
  llvm_unreachable("covered");
}

/// Does a step fold into the window what passed an operator with state?
static bool isBehindState(exec::ProgramOp program, state::TableOp window) {
  bool isBehind = false;
  program.walk([&](state::FoldOp fold) {
    isBehind |= fold.getTable() == window.getSlicesOf().value_or(window.getSymName()) &&
                (fold->getParentOfType<state::AdmitOp>() || fold->getParentOfType<state::UpdateOp>());
  });
  return isBehind;
}

/// The clocks of a calendar window's zone; null: UTC's.
static Constant describeZone(ConstantTable &table, StringRef name, stream::WindowAttr window) {
  std::optional<stream::ZoneClocks> zone;
  if (window && !window.getZone().empty())
    zone = stream::clocksOf(window.getZone());
  if (!zone)
    return Constant::null();
  SmallVector<Constant> since, offset;
  for (auto [second, seconds] : llvm::zip_equal(zone->since, zone->offset)) {
    since.push_back(Constant::integer(64, second));
    offset.push_back(Constant::integer(32, seconds));
  }
  StructConstant desc(sizeof(mr_zone_desc));
  MR_FIELD(desc, mr_zone_desc, name, table.text(window.getZone()));
  MR_FIELD(desc, mr_zone_desc, since, table.array(("zone_since_" + name).str(), since));
  MR_FIELD(desc, mr_zone_desc, offset, table.array(("zone_offset_" + name).str(), offset));
  MR_FIELD(desc, mr_zone_desc, num_changes, since.size());
  MR_FIELD(desc, mr_zone_desc, repeats, zone->repeats);
  return table.array(("zone_" + name).str(), desc);
}

/// Which records of a table come; null: all.
static Constant describeTop(ConstantTable &table, StringRef name, state::TopAttr top) {
  if (!top)
    return Constant::null();
  uint64_t descending = 0;
  for (auto [i, reversed] : llvm::enumerate(top.getDescending().asArrayRef()))
    descending |= uint64_t(reversed) << (top.getGroups() + i);
  StructConstant desc(sizeof(mr_top_desc));
  MR_FIELD(desc, mr_top_desc, limit, top.getLimit());
  MR_FIELD(desc, mr_top_desc, descending, int64_t(descending));
  MR_FIELD(desc, mr_top_desc, groups, top.getGroups());
  MR_FIELD(desc, mr_top_desc, ties, top.getTies());
  return table.array(("top_" + name).str(), desc);
}

/// When the rows of a window come (mr_firing_desc).
static void describeFiring(StructConstant &desc, Table &window) {
  stream::FiringAttr firing = window.op.getFiring();
  const SlotLayout &slot = window.slot;
  // The enums of the dialect and of the border have the same numbers.
  static_assert(int(stream::EmitUnit::Event) == MR_EMIT_EVENT_TIME &&
                int(stream::EmitUnit::Processing) == MR_EMIT_PROCESSING_TIME &&
                int(stream::EmitUnit::Records) == MR_EMIT_RECORDS);
  static_assert(int(stream::FiringMode::Discarding) == MR_FIRES_DISCARDING &&
                int(stream::FiringMode::Final) == MR_FIRES_FINAL);
  MR_FIELD(desc, mr_window_desc, firing.lateness, firing ? firing.getLateness() : 0);
  MR_FIELD(desc, mr_window_desc, firing.emit, firing ? firing.getEmit() : 0);
  MR_FIELD(desc, mr_window_desc, firing.refire, firing ? firing.getRefire() : 0);
  MR_FIELD(desc, mr_window_desc, firing.emit_unit, firing ? int64_t(firing.getEmitUnit()) : MR_EMIT_NONE);
  MR_FIELD(desc, mr_window_desc, firing.mode, firing ? int64_t(firing.getMode()) : MR_FIRES_ACCUMULATING);
  MR_FIELD(desc, mr_window_desc, firing.rows_offset, slot.rows.offset);
  MR_FIELD(desc, mr_window_desc, firing.fresh_offset, slot.fresh.offset);
  MR_FIELD(desc, mr_window_desc, firing.refire_offset, slot.refire.offset);
}

StructConstant millrace::lowering::describeWindow(ConstantTable &table, ModuleOp module, Program &program,
                                                  Table &window) {
  state::TableOp op = window.op;
  StringRef name = op.getSymName();
  stream::WindowAttr how = op.getWindow();
  state::KeepAttr keep = op.getKeep();
  SmallVector<StructConstant> inputs;
  for (auto input : op.getInputs().getAsRange<FlatSymbolRefAttr>()) {
    Operation *from = SymbolTable::lookupNearestSymbolFrom(op, input);
    bool isWindow = isa_and_nonnull<state::TableOp>(from);
    StructConstant ref(sizeof(mr_input_ref));
    MR_FIELD(ref, mr_input_ref, is_window, isWindow);
    MR_FIELD(ref, mr_input_ref, index,
             isWindow ? program.table(input.getValue()).index : program.source(input.getValue()).index);
    inputs.push_back(ref);
  }
  StructConstant desc(sizeof(mr_window_desc));
  MR_FIELD(desc, mr_window_desc, name, table.text(name));
  MR_FIELD(desc, mr_window_desc, kind, kindOf(op));
  MR_FIELD(desc, mr_window_desc, processing_time, how && how.getDomain() == stream::TimeDomain::Processing);
  MR_FIELD(desc, mr_window_desc, keyed, window.isKeyed());
  MR_FIELD(desc, mr_window_desc, ordered, op.getOrdered());
  MR_FIELD(desc, mr_window_desc, deletes, keep && keep.getDeletes());
  MR_FIELD(desc, mr_window_desc, behind_state, isBehindState(program.op, op));
  // The enums of the dialect and of the border have the same numbers.
  static_assert(
      int(stream::Algorithm::Recompute) == MR_WINDOW_RECOMPUTE &&
      int(stream::Algorithm::Subtract) == MR_WINDOW_SUBTRACT &&
      int(stream::Algorithm::TwoStacks) == MR_WINDOW_TWO_STACKS && int(stream::Algorithm::Prefix) == MR_WINDOW_PREFIX &&
      int(stream::Algorithm::Sessions) == MR_WINDOW_SESSIONS && int(stream::Algorithm::Panes) == MR_WINDOW_PANES &&
      int(stream::Algorithm::Same) == MR_WINDOW_SAME && stream::getMaxEnumValForAlgorithm() == MR_WINDOW_SAME);
  static_assert(int(stream::CalendarUnit::Day) == MR_CALENDAR_DAY &&
                int(stream::CalendarUnit::Year) == MR_CALENDAR_YEAR);
  MR_FIELD(desc, mr_window_desc, algorithm,
           how && op.getAlgorithm() ? int64_t(op.getAlgorithm().getValue()) : MR_WINDOW_IN_PLACE);
  MR_FIELD(desc, mr_window_desc, unit, how ? int64_t(how.getUnit()) : MR_CALENDAR_NONE);
  MR_FIELD(desc, mr_window_desc, size, how ? how.getSize() : 0);
  MR_FIELD(desc, mr_window_desc, offset, how ? how.getOffset() : 0);
  MR_FIELD(desc, mr_window_desc, slide, how ? how.getSlide() : 0);
  MR_FIELD(desc, mr_window_desc, longest, how ? how.getLongest() : 0);
  MR_FIELD(desc, mr_window_desc, zone, describeZone(table, name, how));
  MR_FIELD(desc, mr_window_desc, ttl, keep ? keep.getTtl() : 0);
  describeTable(desc, table, window);
  MR_FIELD(desc, mr_window_desc, inputs, table.array(("inputs_" + name).str(), inputs));
  MR_FIELD(desc, mr_window_desc, num_inputs, inputs.size());
  MR_FIELD(desc, mr_window_desc, max_rows_per_slot, window.maxRows);
  MR_FIELD(desc, mr_window_desc, fire, addressOf(module, "fire_" + name));
  MR_FIELD(desc, mr_window_desc, expire, addressOf(module, "expire_" + name));
  MR_FIELD(desc, mr_window_desc, combine, addressOf(module, "combine_" + name));
  MR_FIELD(desc, mr_window_desc, remove, addressOf(module, "remove_" + name));
  MR_FIELD(desc, mr_window_desc, fire_due, addressOf(module, "fire_due_" + name));
  MR_FIELD(desc, mr_window_desc, prompt, firesPromptly(program, window));
  MR_FIELD(desc, mr_window_desc, fill, op->hasAttr(state::fillNote));
  MR_FIELD(desc, mr_window_desc, in_pieces, exec::whyFiresWhole(op).empty());
  MR_FIELD(desc, mr_window_desc, slices, op.getSlicesOf() ? program.table(*op.getSlicesOf()).index + 1 : 0);
  MR_FIELD(desc, mr_window_desc, merge, addressOf(module, "merge_" + name));
  MR_FIELD(desc, mr_window_desc, top, describeTop(table, name, op.getTop()));
  describeFiring(desc, window);
  MR_FIELD(desc, mr_window_desc, over, describeOver(table, program.op, window));
  return desc;
}
