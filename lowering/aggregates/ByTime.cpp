//===- ByTime.cpp - first and last --------------------------------------------===//
//
// They keep nulls unless told otherwise (rule 27). Beside the value stands its time, so mapped that
// the greater one wins and 0 is none.
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class ByTime : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value time) override {
    Value mapped = code.createOrFold<arith::XOrIOp>(time, code.word(isLast() ? INT64_MIN : INT64_MAX));
    Val value = arguments.front();
    if (member.getOptions().contains("ignore_nulls")) {
      take = skipNulls(arguments, take);
      value.valid = {};
    }
    keepIfWins(mapped, take, [&] { return value; });
  }

  void combine(const Member &from) override {
    keepIfWins(loadOf(from, code.i64(), place.extra), {}, [&] {
      Val value = static_cast<const ByTime &>(from).keptValue();
      if (place.null >= 0)
        value.valid = code.invert(flagOf(from, place.null));
      return value;
    });
  }

  Val finish(uint32_t, Value isInUse) override { return withNull(keptValue(), isInUse); }

private:
  bool isLast() const { return member.getFn() == "last"; }

  /// Of equal times the first keeps what came earlier, the last what came later.
  void keepIfWins(Value mapped, Value take, llvm::function_ref<Val()> value) {
    Value replace = code.cmp(isLast() ? Code::Cmp::uge : Code::Cmp::ugt, mapped, pieces.load(code.i64(), place.extra));
    code.when(bothValid(code, replace, take), [&] {
      keep(value());
      pieces.store(mapped, place.extra);
    });
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::byTimeMember(Code &code, const Table &table, unsigned index,
                                                         const Slot &slot) {
  return std::make_unique<ByTime>(code, table, index, slot);
}
