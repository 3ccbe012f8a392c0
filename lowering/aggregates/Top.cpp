//===- Top.cpp - top, and argmin and argmax with ties ---------------------------===//
//
// The best rows by a value, of equal ones the earliest (rule 27); what is best
// together with others is the one best row with its ties. Records where the value
// is null are passed over.
//
// What `top … by … limit N` keeps of a window is the same (state/BestRows.h). Most
// of its records are refused by one comparison with a word of the slot.
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/ListMember.h"

#include "dialect/state/BestRows.h"
#include "millrace/top_text.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Top : public ListMember {
public:
  Top(Code &code, const Table &table, unsigned index, const Slot &slot)
      : ListMember(code, table, index, slot, typesOfBy(table.type().getMembers()[index])),
        directions(state::directionsOf(member)) {
    for (bool descends : directions)
      turned.push_back(descends != directions.front());
  }

  void fold(ArrayRef<Val> arguments, Value take, Value time) override {
    if (!directions.empty())
      return foldRecord(arguments, take);
    Val by = arguments[isTop(member) ? 0 : 1];
    take = bothValid(code, take, std::exchange(by.valid, {}));
    SmallVector<Val> values(isTop(member) ? arguments.drop_front() : arguments.take_front());
    if (values.empty()) // of the values themselves
      values.push_back(by);
    whenTaken(take, [&] { change(Rt::mr_top_add, {time, row(by, values), entry(best())}); });
  }

  void combine(const Member &from) override {
    combineText(Rt::mr_list_add_all, place.value, from);
    SmallVector<Value, 6> list = textInTable(place.value);
    list.push_back(entry(best()));
    code.call(Rt::mr_top_trim, list);
    if (hasBar())
      setBar();
  }

  Val finish(uint32_t, Value) override { return values(Rt::mr_top_values, entry(best())); }

private:
  static bool isTop(state::MemberAttr member) { return member.getFn() == "top"; }
  static SmallVector<Type> typesOfBy(state::MemberAttr member) {
    if (size_t count = state::directionsOf(member).size())
      return SmallVector<Type>(member.getArguments().take_front(count));
    return {valueType(member.getArguments()[isTop(member) ? 0 : 1])};
  }

  Best best() const {
    DictionaryAttr options = member.getOptions();
    auto limit = options.getAs<IntegerAttr>("limit");
    bool ascending =
        directions.empty() ? options.contains("ascending") || member.getFn() == "argmin" : !directions.front();
    return {limit ? limit.getInt() : 1, ascending, options.contains("with_ties"), turned};
  }

  /// Of a whole record: of equal ones the first to arrive is the better.
  void foldRecord(ArrayRef<Val> arguments, Value take) {
    SmallVector<Val> by(arguments.take_front(directions.size()));
    take = bothValid(code, take, std::exchange(by.front().valid, {}));
    if (hasBar()) {
      Value isGood = code.cmp(Code::Cmp::uge, upward(orderWord(layout.by.front(), by.front().scalar())),
                              pieces.load(code.i64(), bar()));
      take = code.expect(take ? code.both(take, isGood) : isGood, false);
    }
    whenTaken(take, [&] {
      Value arrival = code.call1(Rt::mr_arrival, {task()});
      change(Rt::mr_top_add, {arrival, row(by, arguments.drop_front(by.size()), best()), entry(best())});
      if (hasBar())
        setBar();
    });
  }

  bool hasBar() const { return state::hasBar(member); }
  const Place &bar() const { return place.words.front(); }

  /// The greater, the better.
  Value upward(Value word) const {
    return best().ascending ? code.createOrFold<arith::XOrIOp>(word, code.word(-1)) : word;
  }

  /// The bar becomes the word of the last row that has to be kept. What is as good as that comes too late, where there
  /// are neither ties nor other values that would decide.
  void setBar() {
    SmallVector<Value, 6> list = textInTable(place.value);
    SmallVector<Value> text(code.call(Rt::mr_table_text, list));
    Value isThere = code.cmp(Code::Cmp::ne, code.resize(text[0], code.i32(), false), code.half(0));
    code.when(isThere, [&] {
      Value at = LLVM::IntToPtrOp::create(code, code.ptr(), text[1]);
      Value last = code.load(code.i32(), code.at(at, MR_TOP_LAST), Memory::Unknown, 4);
      code.when(code.cmp(Code::Cmp::ne, last, code.half(0)), [&] {
        Value entry = code.at(at, code.resize(last, code.i64(), false));
        Value word = upward(code.load(code.i64(), code.at(entry, MR_TOP_WORD), Memory::Unknown, 8));
        if (directions.size() == 1 && !best().ties) {
          Value isMost = code.cmp(Code::Cmp::eq, word, code.word(-1));
          word = code.add(word, code.resize(code.invert(isMost), code.i64(), false));
        }
        pieces.store(word, bar());
      });
    });
  }

  ArrayRef<bool> directions; ///< of `top … by … limit N`; else none
  SmallVector<bool> turned;
};
} // namespace

std::unique_ptr<Member> millrace::lowering::topMember(Code &code, const Table &table, unsigned index,
                                                      const Slot &slot) {
  return std::make_unique<Top>(code, table, index, slot);
}
