//===- User.cpp - aggregates of one's own -------------------------------------===//
//
// What their regions say, inlined. A member's arguments are the state of a record,
// lifted where the record was taken in, so that folding it is combining. The state
// lies as it is, beside the number of records; where that is 0 it stands for what
// `identity` gives, whatever the bytes are.
//
// What goes wrong in putting states together stays with the state, the least error
// of all, and stops the pipeline when a result of it comes (rule 23).
//
//===----------------------------------------------------------------------===//
#include "lowering/Body.h"

#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/Shape.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class User : public Member {
public:
  User(Code &code, const Table &table, unsigned index, const Slot &slot)
      : Member(code, table, index, slot), program(state::TableOp(table.op)->getParentOfType<exec::ProgramOp>()),
        definition(program.lookupSymbol<state::AggregateOp>(member.getFn().drop_front())) {
    for (Type type : member.getOptions().getAs<ArrayAttr>(expr::optionState).getAsValueRange<TypeAttr>())
      types.push_back(type);
  }

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    whenTaken(take, [&] {
      State record{llvm::to_vector(arguments), {}};
      for (Val &value : record.values) // judged with the record
        value.error = {};
      put(definition.getCombine(), record);
      foldCount(place.extra, {});
    });
  }

  void combine(const Member &from) override {
    const auto &other = static_cast<const User &>(from);
    Value more = loadOf(from, code.i64(), place.extra);
    code.when(code.cmp(Code::Cmp::ne, more, code.word(0)), [&] {
      put(definition.getCombine(), other.load());
      addWord(place.extra, from);
    });
  }

  void remove(const Member &from) override {
    const auto &other = static_cast<const User &>(from);
    Value less = loadOf(from, code.i64(), place.extra);
    code.when(code.cmp(Code::Cmp::ne, less, code.word(0)), [&] {
      put(definition.getInverse(), other.load());
      removeWord(place.extra, from);
    });
  }

  Val finish(uint32_t, Value) override {
    State now = loadOrNone();
    Val result = run(definition.getLower(), now.values).front();
    result.error = leastError(code, result.error, now.error);
    Value isThere = code.cmp(Code::Cmp::ne, pieces.load(code.i64(), place.extra), code.word(0));
    bool mayLack = isNullable(member.getResult());
    if (result.error && mayLack)
      result.error = chooseError(code, isThere, result.error, {});
    if (mayLack)
      result.valid = bothValid(code, result.valid, isThere);
    if (isReference(member.getResult()) && result.valid)
      clearUnless(code, result, result.valid);
    return result;
  }

private:
  struct State {
    SmallVector<Val> values;
    Value error; ///< of putting it together; none: nothing can go wrong
  };

  bool mayFail() const { return member.getOptions().contains(expr::optionFails); }

  /// The state as it lies.
  State load() const {
    State state;
    const Place *next = place.words.begin();
    for (Type type : types) {
      Val value = keptAt(type, *next++);
      value.valid = {};
      if (isNullable(type)) {
        Value there = pieces.load(code.i8(), *next++);
        value.valid = code.cmp(Code::Cmp::ne, there, code.constant(code.i8(), 0));
        if (isReference(type))
          clearUnless(code, value, value.valid);
      }
      state.values.push_back(value);
    }
    if (mayFail())
      state.error = code.createOrFold<arith::XOrIOp>(pieces.load(code.i32(), *next), code.half(-1));
    return state;
  }

  /// The same, or that of no record where there was none.
  State loadOrNone() {
    State state = load();
    SmallVector<Val> none = run(definition.getIdentity(), {});
    Value isNone = code.cmp(Code::Cmp::eq, pieces.load(code.i64(), place.extra), code.word(0));
    for (auto [value, type, other] : llvm::zip(state.values, types, none)) {
      if (isNullable(type) && !other.valid)
        other.valid = code.boolean(true);
      value = selectValue(code, isNone, other, value);
      if (value.error) // of `identity`
        state.error = leastError(code, state.error, std::exchange(value.error, {}));
    }
    return state;
  }

  /// Of a text that is stored: the words that were there and those that come, and what goes.
  struct Text {
    SmallVector<Value, 2> stored, gone;
  };

  /// Keeps what comes beside what is there; a text that stays, as most do where one of two is chosen, is not copied.
  Text keepText(const Val &value, const Place &at) {
    Type string = expr::StringType::get(code.getContext());
    Val old = loadValue(code, string, pieces.addressToRead(at), Memory::Table, pieces.alignOf(at));
    auto before = code.call(Rt::mr_table_text, {slot.in.get(code), old.parts[0], old.parts[1]});
    Value stays = bothValid(code, code.cmp(Code::Cmp::eq, before[0], value.parts[0]),
                            code.cmp(Code::Cmp::eq, before[1], value.parts[1]));
    auto unless = [&](Value word) { return code.select(stays, code.word(0), word); };
    auto kept = code.call(Rt::mr_table_keep, {slot.in.get(code), unless(value.parts[0]), unless(value.parts[1])});
    Text text;
    for (auto [word, made] : llvm::zip_equal(old.parts, kept)) {
      text.stored.push_back(code.select(stays, word, made));
      text.gone.push_back(unless(word));
    }
    return text;
  }

  void store(const State &state) {
    // What comes may be part of what was kept, in any field: so all of it is kept before anything is given back. Not in
    // the batch's memory, where a copy for each record would stay until the batch is done.
    SmallVector<Text> texts;
    const Place *next = place.words.begin();
    for (auto [value, type] : llvm::zip_equal(state.values, types)) {
      Val text = value;
      if (isText(type) && text.valid) // what a null has as its value may be no string
        clearUnless(code, text, text.valid);
      if (isText(type))
        texts.push_back(keepText(text, *next));
      next += isNullable(type) ? 2 : 1;
    }
    const Text *text = texts.begin();
    next = place.words.begin();
    for (auto [value, type] : llvm::zip_equal(state.values, types)) {
      if (isText(type)) {
        code.call(Rt::mr_table_replace, {slot.in.get(code), text->gone[0], text->gone[1], code.word(0), code.word(0)});
        storeText(*next++, (text++)->stored);
      } else {
        keepAt(valueType(type), *next++, Val{value.parts, {}, {}});
      }
      if (isNullable(type))
        pieces.store(code.resize(value.valid ? value.valid : code.boolean(true), code.i8(), /*isSigned=*/false),
                     *next++);
    }
    if (mayFail())
      pieces.store(
          code.createOrFold<arith::XOrIOp>(state.error ? state.error : code.half(int32_t(MR_NO_ERROR)), code.half(-1)),
          *next);
    else if (state.error)
      llvm::report_fatal_error("lowering: an aggregate fails that was said not to");
  }

  /// What `region`, `combine` or `inverse`, makes of the state and another one.
  void put(Region &region, const State &other) {
    State now = loadOrNone();
    SmallVector<Val> both = now.values;
    llvm::append_range(both, other.values);
    State next{run(region, both), leastError(code, now.error, other.error)};
    for (Val &value : next.values)
      next.error = leastError(code, next.error, std::exchange(value.error, {}));
    store(next);
  }

  /// What a region yields of these, computed where the builder stands.
  SmallVector<Val> run(Region &region, ArrayRef<Val> arguments) {
    Expressions expressions(code, task());
    Location loc = code.getLoc();
    for (auto [argument, value] : llvm::zip_equal(region.getArguments(), arguments))
      expressions.bind(argument, value);
    for (Operation &op : region.front().without_terminator()) {
      for (Value operand : op.getOperands())
        bindOutside(expressions, operand);
      if (failed(expressions.lower(&op)))
        llvm::report_fatal_error("lowering: an aggregate's expression cannot be lowered");
    }
    SmallVector<Val> results;
    for (Value value : region.front().getTerminator()->getOperands()) {
      bindOutside(expressions, value);
      results.push_back(expressions.get(value));
    }
    code.setLoc(loc);
    return results;
  }

  /// From outside come params alone.
  void bindOutside(Expressions &expressions, Value value) {
    if (auto param = value.getDefiningOp<exec::ParamOp>(); param && !expressions.has(value))
      expressions.bind(value, loadParam(code, task(), param));
  }

  exec::ProgramOp program;
  state::AggregateOp definition;
  SmallVector<Type> types; ///< of the state
};
} // namespace

std::unique_ptr<Member> millrace::lowering::userMember(Code &code, const Table &table, unsigned index,
                                                       const Slot &slot) {
  return std::make_unique<User>(code, table, index, slot);
}
