//===- Descriptors.cpp - the tables that describe a program -------------------===//
#include "lowering/Descriptors.h"
#include "dialect/exec/Pieces.h"
#include "dialect/state/Layout.h"

#include "lowering/Constants.h"
#include "lowering/DecodeJson.h"
#include "lowering/Manifest.h"
#include "lowering/Over.h"
#include "lowering/table/TableDescriptor.h"

#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"
#include "dialect/stream/ZoneClocks.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

std::string millrace::lowering::textOf(Attribute value) {
  return llvm::TypeSwitch<Attribute, std::string>(value)
      .Case([](StringAttr a) { return a.getValue().str(); })
      .Case([](BoolAttr a) { return a.getValue() ? "true" : "false"; })
      .Case([](IntegerAttr a) {
        SmallString<24> text;
        a.getValue().toString(text, 10, /*Signed=*/!a.getType().isUnsignedInteger());
        return text.str().str();
      })
      .Case([](FloatAttr a) {
        SmallString<32> text;
        a.getValue().toString(text);
        return text.str().str();
      })
      .Case([](expr::DurationAttr a) { return durationText(a.getMicros()); })
      .Case([](expr::TimestampAttr a) { return expr::timestampText(a.getMicros()); })
      .Case([](expr::DateAttr a) { return expr::dateText(a.getDays()); })
      .Default([](Attribute a) {
        std::string text;
        llvm::raw_string_ostream(text) << a;
        return text;
      });
}

namespace {

class DescriptorBuilder {
public:
  DescriptorBuilder(Context &context)
      : context(context), program(context.program), code(context.program.op.getLoc(), context.runtime),
        table(context.module, code), module(context.module) {}

  LogicalResult build();

private:
  /// A generated function's address; null if there is none.
  Constant function(const Twine &name) {
    return module.lookupSymbol(name.str()) ? Constant::address(name.str()) : Constant::null();
  }
  Constant optional(std::optional<StringRef> text) { return text ? table.text(*text) : Constant::null(); }
  Constant options(StringRef name, DictionaryAttr dictionary);
  StructConstant field(StringAttr name, Type type, Constant path, StringRef unit);
  void nested(StructConstant &desc, StringAttr name, Type type);
  void finishField(StructConstant &desc, StringAttr name, Type type, const RowLayout::Field &place);
  Constant sourceFields(Source &source);
  Constant sinkFields(Sink &sink);
  StructConstant source(Source &source);
  StructConstant sink(Sink &sink);
  Constant top(StringRef name, state::TopAttr top);
  Constant zone(StringRef name, stream::WindowAttr window);
  StructConstant window(Table &window);
  Constant params();
  Constant sites();
  Constant terminals();
  Constant manifest();
  void exportPipeline(const StructConstant &pipeline);

  Constant shapes(Source &source, int64_t &count);

  Context &context;
  Program &program;
  Code code;
  ConstantTable table;
  ModuleOp module;
};

Constant DescriptorBuilder::options(StringRef name, DictionaryAttr dictionary) {
  SmallVector<StructConstant> all;
  if (dictionary)
    for (NamedAttribute entry : dictionary) {
      auto param = dyn_cast<stream::ArgAttr>(entry.getValue());
      StructConstant option(sizeof(mr_option));
      MR_FIELD(option, mr_option, name, table.text(entry.getName()));
      MR_FIELD(option, mr_option, text, param ? Constant::null() : table.text(textOf(entry.getValue())));
      MR_FIELD(option, mr_option, param, param ? int64_t(param.getIndex()) : -1);
      all.push_back(option);
    }
  return table.array(name, all);
}

/// What sources and sinks have in common; the caller adds `used` and the places.
StructConstant DescriptorBuilder::field(StringAttr name, Type type, Constant path, StringRef unit) {
  StructConstant desc(sizeof(mr_field_desc));
  auto list = dyn_cast<expr::ListType>(valueType(type));
  int64_t element = list ? mrTypeOf(list.getElement()) | (isNullable(list.getElement()) ? MR_ELEMENT_NULLABLE : 0) : 0;
  MR_FIELD(desc, mr_field_desc, name, table.text(name.getValue()));
  MR_FIELD(desc, mr_field_desc, path, path);
  MR_FIELD(desc, mr_field_desc, unit, table.text(unit));
  MR_FIELD(desc, mr_field_desc, type, mrTypeOf(type));
  MR_FIELD(desc, mr_field_desc, element, element);
  MR_FIELD(desc, mr_field_desc, nullable, isNullable(type));
  return desc;
}

/// The last of a field: what a record is made of, of a list what its elements are.
void DescriptorBuilder::nested(StructConstant &desc, StringAttr name, Type type) {
  auto list = dyn_cast<expr::ListType>(valueType(type));
  auto record = dyn_cast<expr::RecordType>(valueType(list ? list.getElement() : type));
  SmallVector<StructConstant> all;
  if (record) {
    RowLayout row = layoutRow(record.getTypes());
    for (auto [inner, innerType, place] : llvm::zip_equal(record.getNames(), record.getTypes(), row.fields)) {
      StructConstant one = field(inner, innerType, Constant::null(), "");
      finishField(one, inner, innerType, place);
      all.push_back(one);
    }
  }
  MR_FIELD(desc, mr_field_desc, num_nested, all.size());
  MR_FIELD(desc, mr_field_desc, nested, table.array(("fields_of_" + name.getValue()).str(), all));
}

/// A field of a row at this place.
void DescriptorBuilder::finishField(StructConstant &desc, StringAttr name, Type type, const RowLayout::Field &place) {
  MR_FIELD(desc, mr_field_desc, used, 1);
  MR_FIELD(desc, mr_field_desc, offset, place.offset);
  MR_FIELD(desc, mr_field_desc, status_offset, place.status);
  MR_FIELD(desc, mr_field_desc, stride, 0);
  MR_FIELD(desc, mr_field_desc, status_stride, 0);
  nested(desc, name, type);
}

Constant DescriptorBuilder::sourceFields(Source &source) {
  stream::StreamType type = source.op.getType();
  RowLayout row = layoutRow(type.getTypes());
  SmallVector<StructConstant> all;
  for (unsigned i = 0; i < type.getNames().size(); ++i) {
    auto column = i < source.op.getColumns().size() ? dyn_cast<stream::ColumnAttr>(source.op.getColumns()[i])
                                                    : stream::ColumnAttr();
    StructConstant desc =
        field(type.getNames()[i], type.getTypes()[i],
              table.text(column ? column.getPath() : type.getNames()[i].getValue()), column ? column.getUnit() : "");
    MR_FIELD(desc, mr_field_desc, used, source.op.getUsed()[i]);
    MR_FIELD(desc, mr_field_desc, offset, row.fields[i].offset);
    MR_FIELD(desc, mr_field_desc, status_offset, row.fields[i].status);
    MR_FIELD(desc, mr_field_desc, stride, source.columns[i].stride);
    MR_FIELD(desc, mr_field_desc, status_stride, source.columns[i].statusStride);
    nested(desc, type.getNames()[i], type.getTypes()[i]);
    all.push_back(desc);
  }
  return table.array(("fields_" + source.op.getSymName()).str(), all);
}

Constant DescriptorBuilder::sinkFields(Sink &sink) {
  stream::StreamType type = sink.op.getType();
  SmallVector<StructConstant> all;
  for (auto [name, fieldType, place] : llvm::zip_equal(type.getNames(), type.getTypes(), sink.row.fields)) {
    StructConstant desc = field(name, fieldType, Constant::null(), "");
    finishField(desc, name, fieldType, place);
    all.push_back(desc);
  }
  return table.array(("fields_" + sink.op.getSymName()).str(), all);
}

/// Generates the source's decoders and describes them.
Constant DescriptorBuilder::shapes(Source &source, int64_t &count) {
  SmallVector<StructConstant> all;
  for (const JsonDecoder &decoder : lowerJsonDecoders(context, source)) {
    StructConstant shape(sizeof(mr_json_shape));
    MR_FIELD(shape, mr_json_shape, sample, table.text(decoder.sample));
    MR_FIELD(shape, mr_json_shape, positions, decoder.positions);
    MR_FIELD(shape, mr_json_shape, pad, 0);
    MR_FIELD(shape, mr_json_shape, decode, Constant::address(decoder.function));
    all.push_back(shape);
  }
  count = int64_t(all.size());
  return table.array(("shapes_" + source.op.getSymName()).str(), all);
}

StructConstant DescriptorBuilder::source(Source &source) {
  exec::SourceOp op = source.op;
  StringRef name = op.getSymName();
  stream::WatermarkAttr watermark = op.getWatermarkAttr();
  // The enums of the dialect and of the border have the same numbers.
  static_assert(int(stream::WatermarkKind::Bounded) == MR_WATERMARK_BOUNDED &&
                int(stream::WatermarkKind::Ascending) == MR_WATERMARK_ASCENDING &&
                int(stream::WatermarkKind::Punctuated) == MR_WATERMARK_PUNCTUATED);
  static_assert(int(stream::IdlePolicy::Clock) == MR_IDLE_CLOCK && int(stream::FuturePolicy::Keep) == MR_FUTURE_KEEP);
  static_assert(int(stream::BadPolicy::Drop) == MR_BAD_DROP &&
                int(stream::BadPolicy::DeadLetter) == MR_BAD_DEAD_LETTER);
  StructConstant desc(sizeof(mr_source_desc));
  MR_FIELD(desc, mr_source_desc, name, table.text(name));
  MR_FIELD(desc, mr_source_desc, connector, table.text(op.getConnector()));
  MR_FIELD(desc, mr_source_desc, format, optional(op.getFormat()));
  DictionaryAttr formatOptions = op.getFormatOptionsAttr();
  MR_FIELD(desc, mr_source_desc, options, options(("options_" + name).str(), op.getOptions()));
  MR_FIELD(desc, mr_source_desc, format_options, options(("format_" + name).str(), formatOptions));
  MR_FIELD(desc, mr_source_desc, num_options, op.getOptions().size());
  MR_FIELD(desc, mr_source_desc, num_format_options, formatOptions ? formatOptions.size() : 0);
  MR_FIELD(desc, mr_source_desc, fields, sourceFields(source));
  MR_FIELD(desc, mr_source_desc, num_fields, op.getType().getNames().size());
  MR_FIELD(desc, mr_source_desc, row_size, source.rowSize);
  MR_FIELD(desc, mr_source_desc, dead_of, op.getDeadOf() ? int64_t(program.source(*op.getDeadOf()).index) : -1);
  MR_FIELD(desc, mr_source_desc, event_time, int32_t(op.getEventTime()));
  MR_FIELD(desc, mr_source_desc, watermark, watermark ? int64_t(watermark.getKind()) : MR_WATERMARK_NONE);
  MR_FIELD(desc, mr_source_desc, on_bad, int64_t(op.getOnBadAttr().getValue()));
  MR_FIELD(desc, mr_source_desc, idle_policy, watermark ? int64_t(watermark.getIdlePolicy()) : MR_IDLE_HOLD);
  MR_FIELD(desc, mr_source_desc, future_policy, watermark ? int64_t(watermark.getFuturePolicy()) : MR_FUTURE_DROP);
  MR_FIELD(desc, mr_source_desc, bound, watermark ? watermark.getBound() : 0);
  MR_FIELD(desc, mr_source_desc, idle, watermark ? watermark.getIdle() : 0);
  MR_FIELD(desc, mr_source_desc, align, watermark ? watermark.getAlign() : 0);
  MR_FIELD(desc, mr_source_desc, max_future, watermark ? watermark.getMaxFuture() : 0);
  MR_FIELD(desc, mr_source_desc, max_bad, op.getMaxBad() ? int64_t(*op.getMaxBad()) : -1);
  MR_FIELD(desc, mr_source_desc, max_bad_percent, op.getMaxBadPercent() ? int64_t(*op.getMaxBadPercent()) : -1);
  MR_FIELD(desc, mr_source_desc, site, op.getFirstSite());
  MR_FIELD(desc, mr_source_desc, expands, source.expands);
  MR_FIELD(desc, mr_source_desc, stateful, source.stateful);
  MR_FIELD(desc, mr_source_desc, pauses, source.pauses);
  MR_FIELD(desc, mr_source_desc, watches, source.watches);
  MR_FIELD(desc, mr_source_desc, step, Constant::address(("step_" + name).str()));
  MR_FIELD(desc, mr_source_desc, event_time_fn, function("time_" + name));
  MR_FIELD(desc, mr_source_desc, watermark_fn, function("watermark_" + name));
  int64_t numShapes = 0;
  MR_FIELD(desc, mr_source_desc, shapes, shapes(source, numShapes));
  MR_FIELD(desc, mr_source_desc, num_shapes, numShapes);
  return desc;
}

StructConstant DescriptorBuilder::sink(Sink &sink) {
  exec::SinkOp op = sink.op;
  StringRef name = op.getSymName();
  DictionaryAttr formatOptions = op.getFormatOptionsAttr();
  StructConstant desc(sizeof(mr_sink_desc));
  MR_FIELD(desc, mr_sink_desc, name, table.text(name));
  MR_FIELD(desc, mr_sink_desc, connector, table.text(op.getConnector()));
  MR_FIELD(desc, mr_sink_desc, format, optional(op.getFormat()));
  MR_FIELD(desc, mr_sink_desc, options, options(("options_" + name).str(), op.getOptions()));
  MR_FIELD(desc, mr_sink_desc, format_options, options(("format_" + name).str(), formatOptions));
  MR_FIELD(desc, mr_sink_desc, num_options, op.getOptions().size());
  MR_FIELD(desc, mr_sink_desc, num_format_options, formatOptions ? formatOptions.size() : 0);
  MR_FIELD(desc, mr_sink_desc, fields, sinkFields(sink));
  MR_FIELD(desc, mr_sink_desc, num_fields, op.getType().getNames().size());
  MR_FIELD(desc, mr_sink_desc, row_size, sink.row.size);
  MR_FIELD(desc, mr_sink_desc, changes, int64_t(op.getType().getChanges()));
  SmallVector<Constant> keys;
  for (StringAttr key : op.getType().getUpsertKeys())
    keys.push_back(Constant::integer(32, op.getType().indexOf(key)));
  MR_FIELD(desc, mr_sink_desc, header, sink.header ? 8 : 0);
  MR_FIELD(desc, mr_sink_desc, keys, table.array(("upsert_keys_" + name).str(), keys));
  MR_FIELD(desc, mr_sink_desc, num_keys, keys.size());
  return desc;
}

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
Constant DescriptorBuilder::zone(StringRef name, stream::WindowAttr window) {
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
Constant DescriptorBuilder::top(StringRef name, state::TopAttr top) {
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

StructConstant DescriptorBuilder::window(Table &window) {
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
  static_assert(int(stream::Algorithm::Recompute) == MR_WINDOW_RECOMPUTE &&
                int(stream::Algorithm::Subtract) == MR_WINDOW_SUBTRACT &&
                int(stream::Algorithm::TwoStacks) == MR_WINDOW_TWO_STACKS &&
                int(stream::Algorithm::Prefix) == MR_WINDOW_PREFIX &&
                int(stream::Algorithm::Sessions) == MR_WINDOW_SESSIONS &&
                int(stream::Algorithm::Panes) == MR_WINDOW_PANES && int(stream::Algorithm::Same) == MR_WINDOW_SAME);
  static_assert(int(stream::CalendarUnit::Day) == MR_CALENDAR_DAY &&
                int(stream::CalendarUnit::Year) == MR_CALENDAR_YEAR);
  MR_FIELD(desc, mr_window_desc, algorithm,
           how && op.getAlgorithm() ? int64_t(op.getAlgorithm().getValue()) : MR_WINDOW_IN_PLACE);
  MR_FIELD(desc, mr_window_desc, unit, how ? int64_t(how.getUnit()) : MR_CALENDAR_NONE);
  MR_FIELD(desc, mr_window_desc, size, how ? how.getSize() : 0);
  MR_FIELD(desc, mr_window_desc, offset, how ? how.getOffset() : 0);
  MR_FIELD(desc, mr_window_desc, slide, how ? how.getSlide() : 0);
  MR_FIELD(desc, mr_window_desc, longest, how ? how.getLongest() : 0);
  MR_FIELD(desc, mr_window_desc, zone, zone(name, how));
  MR_FIELD(desc, mr_window_desc, ttl, keep ? keep.getTtl() : 0);
  describeTable(desc, table, window);
  MR_FIELD(desc, mr_window_desc, inputs, table.array(("inputs_" + name).str(), inputs));
  MR_FIELD(desc, mr_window_desc, num_inputs, inputs.size());
  MR_FIELD(desc, mr_window_desc, max_rows_per_slot, window.maxRows);
  MR_FIELD(desc, mr_window_desc, fire, function("fire_" + name));
  MR_FIELD(desc, mr_window_desc, expire, function("expire_" + name));
  MR_FIELD(desc, mr_window_desc, combine, function("combine_" + name));
  MR_FIELD(desc, mr_window_desc, remove, function("remove_" + name));
  MR_FIELD(desc, mr_window_desc, fire_due, function("fire_due_" + name));
  MR_FIELD(desc, mr_window_desc, prompt, firesPromptly(program, window));
  MR_FIELD(desc, mr_window_desc, fill, op->hasAttr(state::fillNote));
  MR_FIELD(desc, mr_window_desc, in_pieces, exec::whyFiresWhole(op).empty());
  MR_FIELD(desc, mr_window_desc, slices, op.getSlicesOf() ? program.table(*op.getSlicesOf()).index + 1 : 0);
  MR_FIELD(desc, mr_window_desc, merge, function("merge_" + name));
  MR_FIELD(desc, mr_window_desc, top, top(name, op.getTop()));
  describeFiring(desc, window);
  MR_FIELD(desc, mr_window_desc, over, describeOver(table, program.op, window));
  return desc;
}

Constant DescriptorBuilder::params() {
  SmallVector<StructConstant> all;
  for (exec::ParamOp op : program.params) {
    StructConstant desc(sizeof(mr_param_desc));
    MR_FIELD(desc, mr_param_desc, name, table.text(op.getName()));
    MR_FIELD(desc, mr_param_desc, doc, table.text(op.getDoc().value_or("")));
    MR_FIELD(desc, mr_param_desc, type, mrTypeOf(op.getResult().getType()));
    MR_FIELD(desc, mr_param_desc, default_text, table.text(textOf(op.getValue())));
    all.push_back(desc);
  }
  return table.array("params", all);
}

Constant DescriptorBuilder::sites() {
  SmallVector<StructConstant> all;
  for (auto site : program.op.getSites().getAsRange<exec::SiteAttr>()) {
    StructConstant desc(sizeof(mr_site_desc));
    MR_FIELD(desc, mr_site_desc, op, table.text(site.getOp()));
    MR_FIELD(desc, mr_site_desc, text, table.text(site.getText()));
    MR_FIELD(desc, mr_site_desc, line, site.getLine());
    MR_FIELD(desc, mr_site_desc, column, site.getColumn());
    all.push_back(desc);
  }
  for (Table &window : program.tables) {
    auto place = window.op.getLoc()->findInstanceOf<FileLineColLoc>();
    for (state::MemberAttr member : window.op.getType().getMembers()) {
      StructConstant desc(sizeof(mr_site_desc));
      MR_FIELD(desc, mr_site_desc, op, table.text(window.op.getSymName()));
      MR_FIELD(desc, mr_site_desc, text, table.text(("`" + member.getName().getValue() + "`").str()));
      MR_FIELD(desc, mr_site_desc, line, place ? place.getLine() : 0);
      MR_FIELD(desc, mr_site_desc, column, place ? place.getColumn() : 0);
      all.push_back(desc);
    }
  }
  return table.array("sites", all);
}

Constant DescriptorBuilder::terminals() {
  SmallVector<Constant> all;
  for (auto name : program.op.getTerminals().getAsRange<StringAttr>())
    all.push_back(table.text(name.getValue()));
  return table.array("terminals", all);
}

/// A global of its own, by the name that code generation looks for.
Constant DescriptorBuilder::manifest() {
  std::string text = manifestOf(program) + '\0';
  code.setInsertionPointToEnd(module.getBody());
  LLVM::GlobalOp::create(code, LLVM::LLVMArrayType::get(code.i8(), text.size()), /*isConstant=*/true,
                         LLVM::Linkage::Internal, "mr_manifest", code.getStringAttr(text));
  return Constant::address("mr_manifest");
}

void DescriptorBuilder::exportPipeline(const StructConstant &pipeline) {
  SmallVector<StructConstant> one = {pipeline};
  table.array("pipeline", one);
  code.setInsertionPointToEnd(module.getBody());
  auto function = LLVM::LLVMFuncOp::create(code, "mr_pipeline", LLVM::LLVMFunctionType::get(code.ptr(), {}));
  code.setInsertionPointToStart(function.addEntryBlock(code));
  LLVM::ReturnOp::create(code, LLVM::AddressOfOp::create(code, code.ptr(), "pipeline"));
}

LogicalResult DescriptorBuilder::build() {
  SmallVector<StructConstant> sources, sinks, windows;
  for (Source &one : program.sources)
    sources.push_back(source(one));
  for (Sink &one : program.sinks)
    sinks.push_back(sink(one));
  for (Table &one : program.tables)
    windows.push_back(window(one));
  size_t numSites = program.op.getSites().size();
  for (Table &one : program.tables)
    numSites += one.op.getType().getMembers().size();
  StructConstant desc(sizeof(mr_pipeline_desc));
  MR_FIELD(desc, mr_pipeline_desc, abi_version, MR_ABI_VERSION);
  MR_FIELD(desc, mr_pipeline_desc, size, sizeof(mr_pipeline_desc));
  MR_FIELD(desc, mr_pipeline_desc, name, table.text(program.op.getSymName()));
  MR_FIELD(desc, mr_pipeline_desc, manifest, manifest());
  MR_FIELD(desc, mr_pipeline_desc, params, params());
  MR_FIELD(desc, mr_pipeline_desc, sources, table.array("sources", sources));
  MR_FIELD(desc, mr_pipeline_desc, sinks, table.array("sinks", sinks));
  MR_FIELD(desc, mr_pipeline_desc, windows, table.array("windows", windows));
  MR_FIELD(desc, mr_pipeline_desc, sites, sites());
  MR_FIELD(desc, mr_pipeline_desc, terminals, terminals());
  MR_FIELD(desc, mr_pipeline_desc, num_params, program.params.size());
  MR_FIELD(desc, mr_pipeline_desc, num_sources, sources.size());
  MR_FIELD(desc, mr_pipeline_desc, num_sinks, sinks.size());
  MR_FIELD(desc, mr_pipeline_desc, num_windows, windows.size());
  MR_FIELD(desc, mr_pipeline_desc, num_sites, numSites);
  MR_FIELD(desc, mr_pipeline_desc, num_terminals, program.op.getTerminals().size());
  exportPipeline(desc);
  return success();
}

} // namespace

LogicalResult millrace::lowering::buildDescriptors(Context &context) { return DescriptorBuilder(context).build(); }
