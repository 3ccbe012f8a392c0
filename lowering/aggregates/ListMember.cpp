//===- ListMember.cpp - aggregates that keep a list of rows -------------------===//
#include "lowering/aggregates/ListMember.h"

#include "lowering/Constants.h"

#include "dialect/expr/Expr.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

//===-- how rows lie --------------------------------------------------------===//

EntryLayout::EntryLayout(Type element, ArrayRef<Type> by) : by(by) {
  for (Type one : by) {
    if (isText(one)) // the first string of the row
      texts.push_back(value);
    bool tellsNull = value && isNullable(one);
    value += (isText(one) ? 16 : 8) + (tellsNull ? 8 : 0);
  }
  auto record = dyn_cast<expr::RecordType>(valueType(element));
  isRecord = bool(record);
  if (record)
    llvm::append_range(types, record.getTypes());
  else
    types.push_back(element);
  RowLayout inner = layoutRow(types);
  for (auto [field, type] : llvm::zip_equal(inner.fields, types)) {
    places.push_back({value + field.offset, field.status < 0 ? -1 : int(value) + field.status});
    if (isText(type))
      texts.push_back(value + field.offset);
  }
  for (unsigned offset : inner.padding)
    padding.push_back(value + offset);
  valueSize = isRecord ? inner.size : sizeOf(element);
  size = value + inner.size;
}

ListMember::ListMember(Code &code, const Table &table, unsigned index, const Slot &slot, ArrayRef<Type> by)
    : Member(code, table, index, slot), layout(cast<expr::ListType>(valueType(member.getResult())).getElement(), by),
      symbol(("entry_" + StringRef(state::TableOp(table.op).getSymName()) + "_" + Twine(index)).str()) {}

Value ListMember::entry(const Best &best) const {
  auto module = code.getEntry()->getParentOfType<ModuleOp>();
  if (!module.lookupSymbol(symbol)) {
    ConstantTable constants(module, code);
    SmallVector<Constant> texts;
    for (unsigned offset : layout.texts)
      texts.push_back(Constant::integer(32, offset));
    bool hasStatus = !layout.isRecord && layout.places.front().status >= 0;
    StructConstant desc(sizeof(mr_entry_desc));
    MR_FIELD(desc, mr_entry_desc, size, layout.size);
    MR_FIELD(desc, mr_entry_desc, value, layout.value);
    MR_FIELD(desc, mr_entry_desc, value_size, layout.valueSize);
    MR_FIELD(desc, mr_entry_desc, status, hasStatus ? layout.places.front().status : int64_t(UINT32_MAX));
    MR_FIELD(desc, mr_entry_desc, texts, constants.array(symbol + "_texts", texts));
    MR_FIELD(desc, mr_entry_desc, num_texts, texts.size());
    MR_FIELD(desc, mr_entry_desc, limit, best.limit);
    MR_FIELD(desc, mr_entry_desc, is_record, layout.isRecord);
    MR_FIELD(desc, mr_entry_desc, by_text, !layout.by.empty() && isText(layout.by.front()));
    MR_FIELD(desc, mr_entry_desc, ascending, best.ascending);
    MR_FIELD(desc, mr_entry_desc, ties, best.ties);
    MR_FIELD(desc, mr_entry_desc, distinct, member.getOptions().contains("distinct"));
    constants.array(symbol, ArrayRef(desc));
  }
  return LLVM::AddressOfOp::create(code, code.ptr(), symbol);
}

//===-- rows ----------------------------------------------------------------===//

/// Words that are compared one after the other, all of them the way of the first.
void ListMember::storeBy(ArrayRef<Val> by, Value row, const Best &best) const {
  unsigned at = 0;
  auto store = [&](Value word) {
    code.store(word, code.at(row, at), Memory::Unknown, 8);
    at += 8;
  };
  for (auto [i, type, val] : llvm::enumerate(layout.by, by)) {
    if (isText(type)) {
      storeValue(code, type, val, row, Memory::Unknown, 8);
      at += 16;
      continue;
    }
    Value word = orderWord(type, val.scalar());
    if (!best.turned.empty() && best.turned[i])
      word = code.createOrFold<arith::XOrIOp>(word, code.word(-1));
    if (i && isNullable(type)) { // last, whatever the direction
      Value there = val.valid ? val.valid : code.boolean(true);
      store(code.resize(best.ascending ? code.invert(there) : there, code.i64(), /*isSigned=*/false));
      word = code.select(there, word, code.word(0));
    }
    store(word);
  }
}

Value ListMember::row(ArrayRef<Val> by, ArrayRef<Val> values, const Best &best) const {
  Value row = code.block(layout.size);
  storeBy(by, row, best);
  for (auto [type, place, given] : llvm::zip_equal(layout.types, layout.places, values)) {
    Val value = given;
    clearUnless(code, value, value.valid); // what is null has no bytes of its own
    storeValue(code, type, value, code.at(row, place.offset), Memory::Unknown, std::min(sizeOf(type), 8u));
    if (place.status < 0)
      continue;
    Value isNull = value.valid ? code.resize(code.invert(value.valid), code.i8(), false) : code.constant(code.i8(), 0);
    code.store(isNull, code.at(row, place.status), Memory::Unknown, 1);
  }
  for (unsigned offset : layout.padding)
    code.store(code.constant(code.i8(), 0), code.at(row, offset), Memory::Unknown, 1);
  return row;
}

void ListMember::change(Rt function, ArrayRef<Value> more) {
  SmallVector<Value, 8> values(textInTable(place.value));
  llvm::append_range(values, more);
  storeText(place.value, code.call(function, values));
}

Val ListMember::values(Rt function, Value entry) const {
  SmallVector<Value, 6> arguments = {task()};
  llvm::append_range(arguments, textInTable(place.value));
  arguments.push_back(entry);
  Val result;
  auto parts = code.call(function, arguments);
  result.parts.assign(parts.begin(), parts.end());
  return result;
}
