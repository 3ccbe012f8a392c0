//===- Keys.cpp - keys as words, codes and back -------------------------------===//
#include "lowering/table/Keys.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// Bits of a float key: one NaN, one zero (rule 26), f32 widened.
static Value floatBits(Code &code, Value scalar) {
  if (!scalar.getType().isF64())
    scalar = code.createOrFold<arith::ExtFOp>(code.f64(), scalar);
  return code.call1(Rt::mr_key_f64, {scalar});
}

static Val plain(Value scalar) {
  Val val;
  val.parts = {scalar};
  return val;
}

SmallVector<Value> millrace::lowering::normalisedKey(Code &code, ArrayRef<Type> types, ArrayRef<Val> keys,
                                                     const SlotLayout &layout) {
  SmallVector<Value> words, strings;
  Value nulls;
  for (auto [number, type] : llvm::enumerate(types)) {
    Val key = keys[number];
    if (key.valid) {
      if (!isReference(type))
        clearUnless(code, key, key.valid);
      Value bit = code.select(key.valid, code.word(0), code.word(int64_t(uint64_t(1) << number)));
      nulls = nulls ? code.either(nulls, bit) : bit;
    }
    if (isText(type)) {
      strings.append({key.parts[0], key.parts[1]});
      continue;
    }
    Value scalar = key.scalar();
    scalar =
        isa<FloatType>(scalar.getType()) ? floatBits(code, scalar) : code.resize(scalar, code.i64(), !isUnsigned(type));
    if (key.valid)
      scalar = code.select(key.valid, scalar, code.word(0));
    words.push_back(scalar);
  }
  if (layout.nullWord)
    words.push_back(nulls ? nulls : code.word(0));
  words.append(strings);
  return words;
}

Value millrace::lowering::inMemory(Code &code, ArrayRef<Value> normalised) {
  Value memory = code.block(8 * std::max<size_t>(1, normalised.size()));
  for (auto [i, word] : llvm::enumerate(normalised))
    code.store(word, code.at(memory, int64_t(8 * i)), Memory::Unknown, 8);
  return memory;
}

SmallVector<Val> millrace::lowering::readNormalisedKey(Code &code, ArrayRef<Type> types, const SlotLayout &layout,
                                                       Value memory, Memory kind,
                                                       function_ref<SmallVector<Value, 2>(Value, Value)> text) {
  SmallVector<Val> keys;
  unsigned word = 0, string = layout.words;
  auto load = [&](unsigned position) { return code.load(code.i64(), code.at(memory, 8 * position), kind, 8); };
  Value nulls = layout.nullWord ? load(layout.words - 1) : Value();
  for (auto [number, type] : llvm::enumerate(types)) {
    Val key;
    if (isText(type)) {
      key.parts = text(load(string), load(string + 1));
      string += 2;
    } else {
      Value bits = load(word++);
      auto f = dyn_cast<FloatType>(valueType(type));
      if (f && f.isF32()) // kept widened
        key = plain(code.createOrFold<arith::TruncFOp>(f, code.createOrFold<arith::BitcastOp>(code.f64(), bits)));
      else
        key = plain(fromWord(code, type, bits));
    }
    if (isNullable(type))
      key.valid = code.cmp(Code::Cmp::eq, code.both(nulls, code.word(int64_t(uint64_t(1) << number))), code.word(0));
    keys.push_back(key);
  }
  return keys;
}

int64_t millrace::lowering::leastOf(Type type, state::KeyRange range) {
  if (range.isKnown())
    return range.least;
  Type value = valueType(type);
  if (isa<FloatType>(value) || isUnsigned(value))
    return 0;
  unsigned width = cast<IntegerType>(partTypes(value, value.getContext()).front()).getWidth();
  return int64_t(~uint64_t(0) << (width - 1));
}

FieldCode millrace::lowering::codeOfField(Code &code, Type type, state::KeyRange range, const Val &key) {
  Value scalar = key.scalar();
  if (auto f = dyn_cast<FloatType>(scalar.getType())) {
    Value bits = floatBits(code, scalar);
    if (!f.isF32())
      return {bits};
    Value narrow = code.createOrFold<arith::TruncFOp>(f, code.createOrFold<arith::BitcastOp>(code.f64(), bits));
    return {code.resize(code.createOrFold<arith::BitcastOp>(code.i32(), narrow), code.i64(), false)};
  }
  int64_t least = leastOf(type, range);
  unsigned width = scalar.getType().getIntOrFloatBitWidth();
  if (!isUnsigned(type) && uint64_t(least) == ~uint64_t(0) << (width - 1)) // less the least value: the top bit turned
    return {code.resize(scalar, code.i64(), false), uint64_t(1) << (width - 1)};
  Value wide = code.resize(scalar, code.i64(), !isUnsigned(type));
  return {least ? code.sub(wide, code.word(least)) : wide};
}

Value millrace::lowering::encodeField(Code &code, Type type, state::KeyRange range, const Val &key) {
  FieldCode coded = codeOfField(code, type, range, key);
  return coded.turn ? code.createOrFold<arith::XOrIOp>(coded.bits, code.word(int64_t(coded.turn))) : coded.bits;
}

Val millrace::lowering::decodeField(Code &code, Type type, state::KeyRange range, Value coded) {
  if (isa<FloatType>(valueType(type)))
    return plain(fromWord(code, type, coded));
  int64_t least = leastOf(type, range);
  return plain(fromWord(code, type, least ? code.add(coded, code.word(least)) : coded));
}
