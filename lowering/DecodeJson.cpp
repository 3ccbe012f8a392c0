//===- DecodeJson.cpp - decoders for JSON lines of a known shape --------------===//
//
// What is generated, for `{"n":1,"s":"x"}` with the fields n: i64 and s: string:
//
//   while (row < rows && (end = index[4]) < stop) {
//     doubt = none
//     literal(doubt, text + start, `{"n":`)
//     n = int(doubt, text + start + 5, text + index[2] - 1)
//     literal(doubt, text + index[2] - 1, `,"s":"`)
//     s = string(text + index[2] + 5, text + index[5])
//     literal(doubt, text + index[5], `"}⏎`)
//     if (doubt) break;
//     values of n, s at row = …; row += 1; start = end + 1; index += 7
//   }
//
//===----------------------------------------------------------------------===//
#include "lowering/DecodeJson.h"

#include "runtime/io/json/line_shape.h"
#include "runtime/io/json/time_unit.h"

#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;
using namespace millrace::json;

static constexpr StringLiteral samplesName = "exec.samples";

/// The fields that are built, as the binding of a shape needs them; nothing if a path is none (the runtime reports it).
static std::optional<std::vector<ShapeField>> fieldsOf(exec::SourceOp op) {
  stream::StreamType type = op.getType();
  std::vector<ShapeField> fields;
  for (unsigned i = 0; i < type.getTypes().size(); ++i) {
    bool isEventTime = op.getEventTime() == i;
    if (!op.getUsed()[i] && !isEventTime)
      continue;
    auto column = i < op.getColumns().size() ? dyn_cast<stream::ColumnAttr>(op.getColumns()[i]) : stream::ColumnAttr();
    ShapeField field;
    field.index = i;
    field.type = mrTypeOf(type.getTypes()[i]);
    field.unit = uint8_t(timeUnit(column ? std::string_view(column.getUnit()) : ""));
    field.nullable = isNullable(type.getTypes()[i]) && !isEventTime; // a null event time is for the general path
    size_t problem = 0;
    if (!column || column.getPath().empty())
      field.path.push_back({type.getNames()[i].str(), 0, false});
    else if (!parsePath(std::string_view(column.getPath()), field.path, problem))
      return std::nullopt;
    fields.push_back(std::move(field));
  }
  return fields;
}

void millrace::lowering::noteSamples(exec::SourceOp source, StringRef text) {
  if (source.getFormat() != StringRef("json") || source.getDeadOf())
    return;
  auto fields = fieldsOf(source);
  if (!fields)
    return;
  struct Kind {
    StringRef sample;
    unsigned number, lines;
    size_t values; ///< 0: the shape does not give all fields
  };
  SmallVector<Kind> kinds;
  llvm::StringMap<unsigned> numbers;
  for (unsigned n = 0; n < maxSampleLines && !text.empty(); ++n) {
    auto [line, rest] = text.split('\n');
    text = rest;
    line = line.rtrim('\r');
    auto shape = learnShape(std::string_view(line));
    if (!shape)
      continue;
    std::string key; // what is the same in all lines of the shape
    for (const ShapeLiteral &literal : shape->literals)
      key += literal.text + '\0';
    auto [known, isNew] = numbers.try_emplace(key, kinds.size());
    if (isNew)
      kinds.push_back({line, known->second, 0, bindShape(*shape, *fields) ? shape->values.size() : 0});
    ++kinds[known->second].lines;
  }
  llvm::erase_if(kinds, [](const Kind &kind) { return kind.values == 0; });
  llvm::sort(kinds,
             [](const Kind &a, const Kind &b) { return std::pair(b.lines, a.number) < std::pair(a.lines, b.number); });
  SmallVector<StringRef> samples;
  size_t values = 0;
  for (const Kind &kind : kinds) {
    values += kind.values;
    if (samples.size() < maxGeneratedShapes && (samples.empty() || values <= maxGeneratedValues))
      samples.push_back(kind.sample);
  }
  if (!samples.empty())
    source->setAttr(samplesName, Builder(source.getContext()).getStrArrayAttr(samples));
}

namespace {

/// Writes one decoder.
class DecoderWriter {
public:
  DecoderWriter(Context &context, Source &source, const LineShape &shape, const ShapeBinding &binding)
      : context(context), source(source), shape(shape), binding(binding), code(source.op.getLoc(), context.runtime) {}

  void write(StringRef name);

private:
  /// A field's parts, to be stored when the whole line has proved good.
  struct Read {
    BoundField field;
    SmallVector<Value, 2> parts;
    Value status; ///< i8
  };

  Value member(size_t offset, Type type);
  Value word(size_t offset) { return code.resize(member(offset, code.i32()), code.i64(), false); }
  Value position(unsigned number);
  Value literalText();
  void compare(Value at, size_t offset, size_t size);
  void check(Value begin, Value end, bool inLine);
  void line(Value lineEnd);
  Value valueEnd(unsigned value, Value &begin, Value lineEnd);
  Value readWord(const BoundField &field, Value begin, Value end);
  Read read(const BoundField &field, Value begin, Value end);
  Value narrowed(const BoundField &field, Value word);
  void keep(const Read &read, Value row);

  Context &context;
  Source &source;
  const LineShape &shape;
  const ShapeBinding &binding;
  Code code;
  Value lines, text, index, start, literals, doubt;
  SmallVector<Read> reads;
  SmallVector<size_t> literalOffsets;
  SmallVector<std::pair<Value, Value>> columns; ///< values, status by field of the source
};

} // namespace

Value DecoderWriter::member(size_t offset, Type type) {
  return code.load(type, code.at(lines, int64_t(offset)), Memory::Unknown, isa<IntegerType>(type) ? 4 : 8);
}

/// The line's `number`-th quote or line end, from the start of the text.
Value DecoderWriter::position(unsigned number) {
  return code.resize(code.load(code.i32(), code.at(index, int64_t(4 * number)), Memory::Unknown, 4), code.i64(), false);
}

/// One constant with all literals, each with 16 bytes to be read at least.
Value DecoderWriter::literalText() {
  std::string all;
  for (const ShapeLiteral &literal : shape.literals) {
    literalOffsets.push_back(all.size());
    all += literal.text;
    all.append(15, '\0');
  }
  std::string name = ("shape_" + source.op.getSymName()).str();
  for (unsigned n = 0; context.module.lookupSymbol(name); ++n)
    name = ("shape_" + source.op.getSymName() + "_" + Twine(n)).str();
  {
    OpBuilder::InsertionGuard guard(code);
    code.setInsertionPointToEnd(context.module.getBody());
    LLVM::GlobalOp::create(code, LLVM::LLVMArrayType::get(code.i8(), all.size()), /*isConstant=*/true,
                           LLVM::Linkage::Private, name, code.getStringAttr(all));
  }
  return LLVM::AddressOfOp::create(code, code.ptr(), name);
}

/// Where the value ends: before the next literal.
Value DecoderWriter::valueEnd(unsigned value, Value &begin, Value lineEnd) {
  const ShapeLiteral &next = shape.literals[value + 1];
  if (next.stops)
    return code.at(text, code.sub(position(next.first), code.word(next.stopOffset)));
  // Between values of an array there is no position: look for the byte, and stay inside the line whatever is there.
  auto address = [&](Value pointer) -> Value { return LLVM::PtrToIntOp::create(code, code.i64(), pointer); };
  auto pointer = [&](Value word) -> Value { return LLVM::IntToPtrOp::create(code, code.ptr(), word); };
  Value last = address(code.at(text, lineEnd));
  begin = pointer(code.least(address(begin), last));
  Value found = code.call1(Rt::mr_json_find, {begin, code.half(uint8_t(next.text[0]))});
  return pointer(code.least(code.add(address(begin), found), last));
}

/// Are these the bytes of the literal at `offset`? The last piece of a long one overlaps the one before.
void DecoderWriter::compare(Value at, size_t offset, size_t size) {
  for (size_t done = 0; done < size; done += 16) {
    size_t piece = size < 16 ? 0 : std::min(done, size - 16);
    code.call(Rt::mr_json_literal, {doubt, code.at(at, int64_t(piece)), code.at(literals, int64_t(offset + piece)),
                                    code.half(int32_t(std::min<size_t>(size, 16)))});
  }
}

Value DecoderWriter::readWord(const BoundField &field, Value begin, Value end) {
  SmallVector<Value, 2> result;
  int64_t least = 0, most = 0;
  switch (field.reader) {
  case Reader::Integer:
    shapeIntegerRange(field.type, least, most);
    return code.call1(Rt::mr_json_int, {doubt, begin, end, code.word(least), code.word(most)});
  case Reader::Time:
    return code.call1(Rt::mr_json_time,
                      {doubt, begin, end, code.half(field.unit), code.boolean(field.type == MR_TIMESTAMP)});
  case Reader::F64:
    return code.call1(Rt::mr_json_f64, {doubt, begin, end});
  case Reader::Number:
    result = code.call(Rt::mr_json_number, {begin, end, code.half(field.type)});
    break;
  case Reader::Bool:
    return code.call1(Rt::mr_json_bool, {doubt, begin, end, code.boolean(field.nullable)});
  case Reader::Text:
    result = code.call(Rt::mr_json_text, {begin, end, code.half(field.type)});
    break;
  case Reader::OnlyNull:
  case Reader::String:
    break;
  }
  code.call(Rt::mr_json_doubt_if, {doubt, result[1]});
  return result[0];
}

/// A number, true, false or null that nobody uses.
void DecoderWriter::check(Value begin, Value end, bool inLine) {
  if (inLine)
    code.call(Rt::mr_json_bare, {doubt, begin, end});
  else
    code.call(Rt::mr_json_doubt_if, {doubt, code.call1(Rt::mr_json_bare_slow, {begin, end})});
}

/// The word as the column has it.
Value DecoderWriter::narrowed(const BoundField &field, Value word) {
  return code.resize(word, code.getIntegerType(8 * sizeOf(source.op.getType().getTypes()[field.index])), false);
}

DecoderWriter::Read DecoderWriter::read(const BoundField &field, Value begin, Value end) {
  Value there = code.constant(code.i8(), MR_VALUE), null = code.constant(code.i8(), MR_NULL);
  if (field.reader == Reader::String) {
    auto parts = code.call(Rt::mr_json_string, {begin, end});
    return {field, parts, there};
  }
  if (field.reader == Reader::OnlyNull) {
    Value isNull = code.call1(Rt::mr_json_null, {begin, end});
    code.call(Rt::mr_json_doubt_if, {doubt, code.resize(code.invert(isNull), code.i64(), false)});
    bool wide = sizeOf(source.op.getType().getTypes()[field.index]) == 16;
    SmallVector<Value, 2> zero = {wide ? code.word(0) : narrowed(field, code.word(0))};
    if (wide)
      zero.push_back(code.word(0));
    return {field, zero, null};
  }
  if (!field.nullable || field.reader == Reader::Text)
    return {field, {narrowed(field, readWord(field, begin, end))}, there};
  Value isNull = code.call1(Rt::mr_json_null, {begin, end});
  Value status = code.resize(isNull, code.i8(), false);
  if (field.reader == Reader::Bool)
    return {field, {narrowed(field, readWord(field, begin, end))}, status};
  auto zero = code.call(Rt::mr_json_null_as_zero, {begin, end});
  auto pointer = [&](Value word) -> Value { return LLVM::IntToPtrOp::create(code, code.ptr(), word); };
  return {field, {narrowed(field, readWord(field, pointer(zero[0]), pointer(zero[1])))}, status};
}

/// Everything of one line but the stores.
void DecoderWriter::line(Value lineEnd) {
  size_t unused = 0; // numbers that are checked only: many would make much code
  for (unsigned i = 0; i < shape.values.size(); ++i)
    unused += binding.values[i].empty() && !shape.values[i].isString;
  Value at = code.at(text, start);
  for (unsigned i = 0; i < shape.literals.size(); ++i) {
    const ShapeLiteral &literal = shape.literals[i];
    compare(at, literalOffsets[i], literal.text.size());
    if (i == shape.values.size())
      break;
    Value begin = code.at(at, int64_t(literal.text.size()));
    at = valueEnd(i, begin, lineEnd);
    for (const BoundField &field : binding.values[i])
      reads.push_back(read(field, begin, at));
    if (binding.values[i].empty() && !shape.values[i].isString)
      check(begin, at, /*inLine=*/unused <= maxInlineChecks);
  }
  Value null = code.constant(code.i8(), MR_NULL);
  for (const BoundField &field : binding.absent) {
    bool wide = sizeOf(source.op.getType().getTypes()[field.index]) == 16;
    Read none = {field, {wide ? code.word(0) : narrowed(field, code.word(0))}, null};
    if (wide)
      none.parts.push_back(code.word(0));
    reads.push_back(none);
  }
}

void DecoderWriter::keep(const Read &read, Value row) {
  unsigned size = sizeOf(source.op.getType().getTypes()[read.field.index]);
  auto [values, status] = columns[read.field.index];
  Value place = code.at(values, code.mul(row, code.word(size)));
  for (auto [i, part] : llvm::enumerate(read.parts))
    code.store(part, code.at(place, int64_t(8 * i)), Memory::Out, std::min(size, 8u));
  code.store(read.status, code.at(status, row), Memory::Out, 1);
}

void DecoderWriter::write(StringRef name) {
  auto none = LLVM::LLVMVoidType::get(code.getContext());
  LLVM::LLVMFuncOp function = beginFunction(context, code, name, {code.ptr()}, none);
  lines = function.getArgument(0);
  literals = literalText();
  doubt = LLVM::AllocaOp::create(code, code.ptr(), code.i64(), code.word(sizeof(mr_json_doubt) / 8), 16);
  text = member(offsetof(mr_json_lines, text), code.ptr());
  Value stop = word(offsetof(mr_json_lines, stop)), rows = word(offsetof(mr_json_lines, rows));
  Value base = member(offsetof(mr_json_lines, base), code.i32());
  Value offsets = member(offsetof(mr_json_lines, offsets), code.ptr());
  Value lengths = member(offsetof(mr_json_lines, lengths), code.ptr());
  Value all = member(offsetof(mr_json_lines, columns), code.ptr());
  columns.resize(source.op.getType().getTypes().size());
  auto load = [&](const BoundField &field) {
    Value column = code.at(all, int64_t(field.index * sizeof(mr_column)));
    columns[field.index] = {code.load(code.ptr(), code.at(column, offsetof(mr_column, values)), Memory::Unknown, 8),
                            code.load(code.ptr(), code.at(column, offsetof(mr_column, status)), Memory::Unknown, 8)};
  };
  for (const auto &value : binding.values)
    llvm::for_each(value, load);
  llvm::for_each(binding.absent, load);

  SmallVector<Value> initial = {member(offsetof(mr_json_lines, index), code.ptr()),
                                word(offsetof(mr_json_lines, start)), word(offsetof(mr_json_lines, row))};
  SmallVector<Type> types = {code.ptr(), code.i64(), code.i64()};
  SmallVector<Location> places(3, code.getLoc());
  Region &body = function.getBody();
  Block *head = code.createBlock(&body, body.end(), types, places), *look = code.createBlock(&body, body.end());
  Block *decode = code.createBlock(&body, body.end()), *good = code.createBlock(&body, body.end());
  Block *done = code.createBlock(&body, body.end());
  code.setInsertionPointToEnd(&body.front());
  LLVM::BrOp::create(code, initial, head);

  code.setInsertionPointToEnd(head);
  index = head->getArgument(0), start = head->getArgument(1);
  Value row = head->getArgument(2);
  LLVM::CondBrOp::create(code, code.cmp(Code::Cmp::ult, row, rows), look, done);

  code.setInsertionPointToEnd(look);
  Value lineEnd = position(shape.positions - 1);
  LLVM::CondBrOp::create(code, code.cmp(Code::Cmp::ult, lineEnd, stop), decode, done);

  code.setInsertionPointToEnd(decode);
  code.call(Rt::mr_json_begin, {doubt});
  line(lineEnd);
  Value isBad = code.expect(code.call1(Rt::mr_json_doubted, {doubt}), false);
  LLVM::CondBrOp::create(code, isBad, done, good);

  code.setInsertionPointToEnd(good);
  for (const Read &one : reads)
    keep(one, row);
  Value start32 = code.resize(start, code.i32(), false), end32 = code.resize(lineEnd, code.i32(), false);
  Value slot = code.mul(row, code.word(4));
  code.store(code.add(base, start32), code.at(offsets, slot), Memory::Out, 4);
  code.store(code.sub(end32, start32), code.at(lengths, slot), Memory::Out, 4);
  Value nextIndex = code.at(index, int64_t(4 * shape.positions));
  LLVM::BrOp::create(code, ValueRange{nextIndex, code.add(lineEnd, code.word(1)), code.add(row, code.word(1))}, head);

  code.setInsertionPointToEnd(done);
  code.store(index, code.at(lines, offsetof(mr_json_lines, index)), Memory::Unknown, 8);
  code.store(code.resize(start, code.i32(), false), code.at(lines, offsetof(mr_json_lines, start)), Memory::Unknown, 4);
  code.store(code.resize(row, code.i32(), false), code.at(lines, offsetof(mr_json_lines, row)), Memory::Unknown, 4);
  LLVM::ReturnOp::create(code, ValueRange());
}

SmallVector<JsonDecoder> millrace::lowering::lowerJsonDecoders(Context &context, Source &source) {
  SmallVector<JsonDecoder> decoders;
  auto samples = source.op->getAttrOfType<ArrayAttr>(samplesName);
  auto fields = samples ? fieldsOf(source.op) : std::nullopt;
  if (!fields)
    return decoders;
  for (auto sample : samples.getAsRange<StringAttr>()) {
    auto shape = learnShape(std::string_view(sample.getValue()));
    auto binding = shape ? bindShape(*shape, *fields) : std::nullopt;
    if (!binding)
      continue;
    std::string name = ("decode_" + source.op.getSymName() + "_" + Twine(decoders.size())).str();
    DecoderWriter(context, source, *shape, *binding).write(name);
    decoders.push_back({name, sample.getValue().str(), shape->positions});
  }
  return decoders;
}
