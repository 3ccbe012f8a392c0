//===- Member.cpp - what families of aggregates have in common ----------------===//
#include "lowering/aggregates/Member.h"

#include "lowering/aggregates/Rank.h"

#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/KeptWith.h"
#include "dialect/state/Shape.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

std::unique_ptr<Member> millrace::lowering::memberOf(Code &code, const Table &table, unsigned index, const Slot &slot) {
  if (state::keptWith(table.type().getMembers()[index]))
    return keptWithMember(code, table, index, slot);
  if (state::keepsSet(table.type().getMembers()[index]))
    return distinctValuesMember(code, table, index, slot);
  return plainMemberOf(code, table, index, slot);
}

std::unique_ptr<Member> millrace::lowering::plainMemberOf(Code &code, const Table &table, unsigned index,
                                                          const Slot &slot) {
  if (expr::isUserAggregate(table.type().getMembers()[index].getFn()))
    return userMember(code, table, index, slot);
  if (state::isExactSum(table.type().getMembers()[index]))
    return exactSumMember(code, table, index, slot);
  bool withTies = table.type().getMembers()[index].getOptions().contains("with_ties");
  auto family =
      llvm::StringSwitch<decltype(&countMember)>(table.type().getMembers()[index].getFn())
          .Case("count", countMember)
          .Case("string_join", joinMember)
          .Cases({"quantile", "quantile_disc", "median", "approx_quantile"}, quantileMember)
          .Cases({"count_distinct", "approx_count_distinct"}, distinctMember)
          .Cases({"sum", "avg"}, sumMember)
          .Cases({"min", "max"}, extremeMember)
          .Cases({"first", "last"}, byTimeMember)
          .Cases({"argmin", "argmax"}, withTies ? topMember : argExtremeMember)
          .Case("collect", collectMember)
          .Case("top", topMember)
          .Cases({"any", "all", "bit_and", "bit_or", "bit_xor"}, bitsMember)
          .Cases({"var_pop", "var_samp", "stddev_pop", "stddev_samp"}, varianceMember)
          .Cases({"covar_pop", "covar_samp", "corr"}, covarianceMember)
          .Case("rank",
                [](Code &code, const Table &table, unsigned index, const Slot &slot) -> std::unique_ptr<Member> {
                  return rankMember(code, table, index, slot);
                })
          .Default(nullptr);
  assert(family && "every aggregate has a family");
  return family(code, table, index, slot);
}

void Member::remove(const Member &) { llvm_unreachable("the aggregate has no exact inverse"); }

void Member::unfold(ArrayRef<Val> arguments, Value take, Value time, Member &empty) {
  empty.fold(arguments, take, time);
  remove(empty);
}

void Member::clear() {
  if (state::keptWith(member)) // its pieces are another's
    return;
  auto text = [&](const Place &at) {
    SmallVector<Value, 6> old = textInTable(at);
    code.call(Rt::mr_table_replace, {old[0], old[1], old[2], code.word(0), code.word(0)});
    storeText(at, {code.word(0), code.word(0)});
  };
  state::Shape shape = state::shapeOf(member);
  auto bytes = [&](const Place &at, bool isText = false) {
    if (isText)
      text(at);
    else if (at)
      LLVM::MemsetOp::create(code, pieces.addressToWrite(at), code.constant(code.i8(), 0), code.word(at.size),
                             /*isVolatile=*/false);
  };
  bytes(place.value, shape.isText);
  bytes(place.by, shape.isByText);
  for (const Place &at : {place.high, place.extra})
    bytes(at);
  for (auto [word, at] : llvm::zip_equal(shape.words, place.words))
    bytes(at, word.isText);
  for (int flag : {place.seen, place.null})
    if (flag >= 0)
      pieces.writeFlag(unsigned(flag), code.boolean(false));
}

//===-- counts, and whether there was anything ------------------------------===//

Value Member::skipNulls(ArrayRef<Val> arguments, Value take) const {
  for (const Val &argument : arguments)
    take = bothValid(code, take, argument.valid);
  return take;
}

void Member::foldCount(const Place &count, Value take) {
  Value one = take ? code.resize(take, code.i64(), /*isSigned=*/false) : code.word(1);
  pieces.store(code.add(pieces.load(code.i64(), count), one), count);
}

void Member::addWord(const Place &word, const Member &from) {
  pieces.store(code.add(pieces.load(code.i64(), word), loadOf(from, code.i64(), word)), word);
}

void Member::removeWord(const Place &word, const Member &from) {
  pieces.store(code.sub(pieces.load(code.i64(), word), loadOf(from, code.i64(), word)), word);
}

void Member::setSeen(Value take) {
  if (place.seen >= 0)
    pieces.setFlag(unsigned(place.seen), take);
}

void Member::combineSeen(const Member &from) {
  if (place.seen >= 0)
    pieces.setFlag(unsigned(place.seen), flagOf(from, place.seen));
}

Val Member::withNull(Val result, Value isInUse) {
  if (!isNullable(member.getResult()))
    return result;
  if (place.seen >= 0)
    result.valid = pieces.flag(unsigned(place.seen));
  else if (place.extra) // a time, which is never 0, or a count
    result.valid = code.cmp(Code::Cmp::ne, pieces.load(code.i64(), place.extra), code.word(0));
  else
    result.valid = isInUse;
  if (place.null >= 0)
    result.valid = bothValid(code, result.valid, code.invert(pieces.flag(unsigned(place.null))));
  if (isReference(member.getResult()))
    clearUnless(code, result, result.valid);
  return result;
}

//===-- texts that the runtime reads -----------------------------------------===//

SmallVector<Value, 6> Member::textInTable(const Place &text) const {
  Value address = pieces.addressToRead(text);
  return {slot.in.get(code), code.load(code.i64(), address, Memory::Table, 8),
          code.load(code.i64(), code.at(address, 8), Memory::Table, 8)};
}

void Member::storeText(const Place &text, ArrayRef<Value> words) {
  Value address = pieces.addressToWrite(text);
  code.store(words[0], address, Memory::Table, 8);
  code.store(words[1], code.at(address, 8), Memory::Table, 8);
}

void Member::combineText(Rt function, const Place &text, const Member &from) {
  SmallVector<Value, 6> values = textInTable(text);
  llvm::append_range(values, from.textInTable(text));
  storeText(text, code.call(function, values));
}

Value Member::keyWord(Type type, Value scalar) const {
  if (isa<FloatType>(scalar.getType())) {
    if (!scalar.getType().isF64())
      scalar = code.createOrFold<arith::ExtFOp>(code.f64(), scalar);
    return code.call1(Rt::mr_key_f64, {scalar});
  }
  return code.resize(scalar, code.i64(), !isUnsigned(type));
}

Value Member::orderWord(Type type, Value scalar) const {
  Value key = keyWord(type, scalar), top = code.word(INT64_MIN);
  if (!isa<FloatType>(valueType(type)))
    return isUnsigned(type) ? key : code.createOrFold<arith::XOrIOp>(key, top);
  Value sign = code.createOrFold<arith::ShRSIOp>(key, code.word(63)); // all bits of what is below zero are turned
  return code.createOrFold<arith::XOrIOp>(key, code.either(sign, top));
}

Value Member::scalarOf(Type type, Value word) const {
  Type part = partTypes(type, code.getContext()).front();
  if (auto real = dyn_cast<FloatType>(part)) {
    Value wide = code.createOrFold<arith::BitcastOp>(code.f64(), word);
    return real.isF64() ? wide : code.createOrFold<arith::TruncFOp>(real, wide);
  }
  return code.resize(word, part, /*isSigned=*/false);
}

void Member::whenTaken(Value take, llvm::function_ref<void()> fold) {
  if (take)
    code.when(take, fold);
  else
    fold();
}

Value Member::task() const { return code.getEntry()->getParentOfType<LLVM::LLVMFuncOp>().getArgument(0); }

//===-- values kept ---------------------------------------------------------===//

Val Member::keptAt(Type type, const Place &at) const {
  Val stored = loadValue(code, type, pieces.addressToRead(at), Memory::Table, pieces.alignOf(at));
  if (isText(type)) {
    auto parts = code.call(Rt::mr_table_text, {slot.in.get(code), stored.parts[0], stored.parts[1]});
    stored.parts.assign(parts.begin(), parts.end());
  }
  return stored;
}

void Member::keepAt(Type type, const Place &at, const Val &value) {
  Val kept = value;
  Value address = pieces.addressToWrite(at);
  if (isText(type)) {
    // What a null has as its value may be no string.
    SmallVector<Value> text(value.parts.begin(), value.parts.end());
    if (value.valid)
      text = {code.select(value.valid, text[0], code.word(0)), code.select(value.valid, text[1], code.word(0))};
    Val old = loadValue(code, valueType(type), address, Memory::Table, 8);
    auto parts = code.call(Rt::mr_table_replace, {slot.in.get(code), old.parts[0], old.parts[1], text[0], text[1]});
    kept.parts.assign(parts.begin(), parts.end());
  }
  storeValue(code, type, kept, address, Memory::Table, pieces.alignOf(at));
}

void Member::keep(const Val &value) {
  keepAt(member.getArgument(), place.value, value);
  if (place.null >= 0)
    pieces.writeFlag(unsigned(place.null), value.valid ? code.invert(value.valid) : code.boolean(false));
}
