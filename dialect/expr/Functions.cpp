//===- Functions.cpp - the table of built-in functions ------------------------===//
#include "dialect/expr/Functions.h"
#include "dialect/expr/Typing.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

static const Function table[] = {
#define EXPR_FUNCTION(name, parameters, result, fails, doc, example) {name, parameters, result, fails, doc, example},
#include "dialect/expr/Functions.def"
#undef EXPR_FUNCTION
};

ArrayRef<Function> expr::functions() { return table; }

const Function *expr::findFunction(StringRef name) {
  const auto *found = llvm::find_if(table, [&](const Function &f) { return f.name == name; });
  return found == std::end(table) ? nullptr : found;
}

SmallVector<StringRef> expr::functionNames() {
  SmallVector<StringRef> names{"coalesce", "cast", "try"};
  for (const Function &f : table)
    names.push_back(f.name);
  return names;
}

unsigned Function::maxArgs() const { return parameters.size() - parameters.count('?'); }
unsigned Function::minArgs() const { return maxArgs() - parameters.count('?'); }
char Function::parameter(unsigned i) const {
  for (char c : parameters)
    if (c != '?' && i-- == 0)
      return c;
  llvm_unreachable("a function has no such parameter");
}

Type expr::parameterType(char letter, Type given) {
  MLIRContext *ctx = given.getContext();
  Type i64 = IntegerType::get(ctx, 64), f64 = Float64Type::get(ctx);
  switch (letter) {
  case 's':
    return isa<StringType>(given) ? given : Type();
  case 'b':
    return isBool(given) ? given : Type();
  case 'i':
    return isInteger(given) && commonNumber(given, i64) == i64 ? i64 : Type();
  case 'n':
    return isNumber(given) ? given : Type();
  case 'f':
    return isNumber(given) ? f64 : Type();
  case 't':
    return isa<TimestampType>(given) ? given : Type();
  case 'd':
    return isa<DateType>(given) ? given : Type();
  case 'u':
    return isa<DurationType>(given) ? given : Type();
  case 'U':
    return isa<StringType>(given) ? given : Type();
  case 'L':
    return isa<ListType>(given) ? given : Type();
  case 'S':
    return given == ListType::get(ctx, StringType::get(ctx)) ? given : Type();
  default:
    llvm_unreachable("Functions.def has a letter that is not explained");
  }
}

StringRef expr::parameterText(char letter) {
  switch (letter) {
  case 's':
    return "a string";
  case 'b':
    return "a bool";
  case 'i':
    return "an integer";
  case 'n':
  case 'f':
    return "a number";
  case 't':
    return "a timestamp";
  case 'd':
    return "a date";
  case 'u':
    return "a duration";
  case 'U':
    return "a unit of time in quotes, as in `\"hour\"`";
  case 'L':
    return "a list";
  default:
    return "a list of strings";
  }
}

Type expr::resultType(const Function &function, ArrayRef<Type> arguments) {
  MLIRContext *ctx = arguments[0].getContext();
  bool nullable = llvm::any_of(arguments, isNullable);
  Type first = stripNull(arguments[0]), type;
  switch (function.result) {
  case 's':
    type = StringType::get(ctx);
    break;
  case 'b':
    type = IntegerType::get(ctx, 1);
    break;
  case 'i':
    type = IntegerType::get(ctx, 64);
    break;
  case 'f':
    type = Float64Type::get(ctx);
    break;
  case 't':
    type = TimestampType::get(ctx);
    break;
  case 'd':
    type = DateType::get(ctx);
    break;
  case 'u':
    type = DurationType::get(ctx);
    break;
  case 'n':
    type = first;
    break;
  case 'E':
    type = cast<ListType>(first).getElement();
    break;
  case 'S':
    type = ListType::get(ctx, StringType::get(ctx));
    break;
  default:
    llvm_unreachable("Functions.def has a letter that is not explained");
  }
  return withNull(type, nullable);
}

ArrayRef<StringRef> expr::unitsOf(StringRef function) {
  static const StringRef truncate[] = {"second", "minute", "hour", "day", "week", "month", "quarter", "year"};
  static const StringRef extract[] = {"microsecond", "second",  "minute", "hour",        "day",        "week",
                                      "month",       "quarter", "year",   "day_of_week", "day_of_year"};
  if (function == "truncate")
    return truncate;
  return function == "extract" ? ArrayRef<StringRef>(extract) : ArrayRef<StringRef>();
}
