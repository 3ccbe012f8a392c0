//===- Descriptors.cpp - the tables that describe a program -------------------===//
#include "lowering/Descriptors.h"

#include "lowering/Constants.h"
#include "lowering/DecodeJson.h"
#include "lowering/Manifest.h"

#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"
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

Constant millrace::lowering::addressOf(ModuleOp module, const Twine &function) {
  return module.lookupSymbol(function.str()) ? Constant::address(function.str()) : Constant::null();
}

namespace {

class DescriptorBuilder {
public:
  DescriptorBuilder(Context &context)
      : context(context), program(context.program), code(context.program.op.getLoc(), context.runtime),
        table(context.module, code), module(context.module) {}

  LogicalResult build();

private:
  Constant optional(std::optional<StringRef> text) { return text ? table.text(*text) : Constant::null(); }
  Constant options(StringRef name, DictionaryAttr dictionary);
  StructConstant field(StringAttr name, Type type, Constant path, StringRef unit);
  void nested(StructConstant &desc, StringAttr name, Type type);
  void finishField(StructConstant &desc, StringAttr name, Type type, const RowLayout::Field &place);
  Constant sourceFields(Source &source);
  Constant sinkFields(Sink &sink);
  StructConstant source(Source &source);
  StructConstant sink(Sink &sink);
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
  MR_FIELD(desc, mr_source_desc, event_time_fn, addressOf(module, "time_" + name));
  MR_FIELD(desc, mr_source_desc, watermark_fn, addressOf(module, "watermark_" + name));
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
    windows.push_back(describeWindow(table, module, program, one));
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
