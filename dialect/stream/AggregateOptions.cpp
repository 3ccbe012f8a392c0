//===- AggregateOptions.cpp - options of aggregates as written ----------------===//
#include "dialect/stream/AggregateOptions.h"
#include "mlir/IR/Builders.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::AggregateOption;

/// The aggregates that take an option, for messages.
static std::string takers(const AggregateOption &option) {
  SmallVector<StringRef> names;
  for (const expr::Aggregate &aggregate : expr::aggregates())
    if (aggregate.takesOption(option))
      names.push_back(aggregate.name);
  if (option.name == "distinct")
    names.insert(names.begin(), "count");
  return listed(names);
}

/// Is the next token this option, and not a field that is called so? A field is followed by an operator or the end.
bool AggregateOptions::isWord(const AggregateOption &option) const {
  if (nextWord(p) != option.written.split(' ').first)
    return false;
  StringRef second = option.written.split(' ').second;
  const char *behind = skipBlanks(textAt(p) + nextWord(p).size());
  if (!second.empty() || option.place == AggregateOption::Behind)
    return second.empty() || wordAt(behind) == second;
  if (llvm::is_contained({"and", "or", "is", "in", "between", "mod", "ignore", "with"}, wordAt(behind)))
    return false;
  return llvm::isAlnum(*behind) || StringRef("_(\"%[").contains(*behind);
}

/// Why `distinct` makes no sense for an aggregate; empty if there is no more to say than that it is not there.
static StringRef whyNotDistinct(StringRef name) {
  if (llvm::is_contained({"first", "last", "argmin", "argmax"}, name))
    return "it gives one value, which is the same of different ones; leave it out";
  if (name == "top")
    return "of records with equal values the earliest are the best; `collect(distinct x)` has different ones";
  if (name.starts_with("covar") || name == "corr")
    return "it is of pairs, which are together as often as they are";
  if (name == "approx_quantile")
    return "a sketch does not know which values it has seen; `quantile_disc(distinct x, 0.5)` does";
  return {};
}

ParseResult AggregateOptions::parseWord(const AggregateOption &option) {
  SMLoc loc = p.getCurrentLocation();
  if (option.name == "distinct" && !aggregate->takesOption(option))
    if (StringRef why = whyNotDistinct(aggregate->name); !why.empty())
      return errorAt(p, loc) << "`distinct` is not there for `" << aggregate->name << "`: " << why;
  if (!aggregate->takesOption(option))
    return errorAt(p, loc) << "`" << option.written << "` is not there for `" << aggregate->name << "`; it is for "
                           << takers(option);
  if (options.get(option.name))
    return errorAt(p, loc) << "`" << option.written << "` stands here twice";
  SmallVector<StringRef> words;
  option.written.split(words, ' ');
  for (StringRef word : words)
    if (guardToken(p) || p.parseKeyword(word))
      return failure();
  options.set(option.name, UnitAttr::get(p.getContext()));
  return success();
}

ParseResult AggregateOptions::parseBefore(StringRef &fn) {
  aggregate = expr::findAggregate(fn);
  for (bool found = true; found;) {
    found = false;
    for (const AggregateOption &option : expr::aggregateOptions()) {
      if (option.place != AggregateOption::Before || !isWord(option))
        continue;
      found = true;
      if (fn != "count" || option.name != "distinct") {
        if (parseWord(option))
          return failure();
        continue;
      }
      fn = "count_distinct";
      aggregate = expr::findAggregate(fn);
      if (guardToken(p) || p.parseKeyword("distinct"))
        return failure();
    }
  }
  for (const AggregateOption &option : expr::aggregateOptions())
    if (option.place == AggregateOption::Front && aggregate->takesOption(option))
      if (parseConstant(option) || p.parseComma())
        return failure();
  // Behind the number that comes first, too: there it is told why not.
  for (const AggregateOption &option : expr::aggregateOptions())
    if (option.place == AggregateOption::Before && !aggregate->takesOption(option) && isWord(option))
      return parseWord(option);
  return success();
}

/// Words that an argument cannot have behind it: they stand before it, or say what is so without them.
ParseResult AggregateOptions::guardBehind() {
  SMLoc loc = p.getCurrentLocation();
  StringRef word = nextWord(p);
  for (const AggregateOption &option : expr::aggregateOptions())
    if (option.place == AggregateOption::Before && word == option.written && !aggregate->takesOption(option) &&
        option.name == "distinct" && !whyNotDistinct(aggregate->name).empty())
      return parseWord(option); // says that it is not there, and why
    else if (option.place == AggregateOption::Before && word == option.written)
      return errorAt(p, loc) << "`" << word << "` stands before what it is about, as in `"
                             << (aggregate->name == "count_distinct" ? "count" : aggregate->name) << "(" << word
                             << " x)`";
  StringRef second = wordAt(skipBlanks(textAt(p) + word.size()));
  if (word == "on_overflow" && second != "null" && second != "saturate")
    return errorAt(p, loc) << "expected `on_overflow null` or `on_overflow saturate`";
  bool goesUp = aggregate->takesOption(*expr::findOption("descending"));
  bool goesDown = aggregate->takesOption(*expr::findOption("ascending"));
  if ((word == "asc" && goesUp) || (word == "desc" && goesDown))
    return errorAt(p, loc) << "`" << aggregate->name << "` has the " << (goesUp ? "least" : "greatest")
                           << " first as it is: leave out `" << word << "`";
  return success();
}

ParseResult AggregateOptions::parseBehind() {
  if (guardBehind())
    return failure();
  for (bool found = true; found;) {
    found = false;
    for (const AggregateOption &option : expr::aggregateOptions())
      if (option.place == AggregateOption::Behind && isWord(option)) {
        found = true;
        if (parseWord(option))
          return failure();
      }
  }
  return success();
}

bool AggregateOptions::areLast(size_t arguments) const {
  return arguments >= aggregate->maxArgs() &&
         llvm::any_of(expr::aggregateOptions(), [&](const AggregateOption &option) {
           return option.place == AggregateOption::Last && aggregate->takesOption(option);
         });
}

ParseResult AggregateOptions::parseLast() {
  for (const AggregateOption &option : expr::aggregateOptions())
    if (option.place == AggregateOption::Last && aggregate->takesOption(option))
      return parseConstant(option);
  llvm_unreachable("areLast says that there is one");
}

ParseResult AggregateOptions::finish(SMLoc loc) {
  for (const AggregateOption &option : expr::aggregateOptions())
    if (aggregate->mustHave(option) && !options.get(option.name))
      return errorAt(p, loc) << "`" << aggregate->name << "` needs " << option.doc << ", as in `" << aggregate->example
                             << "`";
  return success();
}

ParseResult AggregateOptions::parseConstant(const AggregateOption &option) {
  SMLoc loc = p.getCurrentLocation();
  bool isText = option.kind == AggregateOption::Text;
  if (guardToken(p))
    return failure();
  if (isText ? peek(p) != '"' : !llvm::isDigit(peek(p)) && peek(p) != '-')
    return errorAt(p, loc) << "expected a literal here, as in `" << aggregate->example << "`: " << option.doc;
  if (!isText)
    return parseNumber(option, option.kind == AggregateOption::Fraction);
  std::string text;
  if (parseText(p, text))
    return failure();
  options.set(option.name, StringAttr::get(p.getContext(), text));
  return success();
}

ParseResult AggregateOptions::parseNumber(const AggregateOption &option, bool isFraction) {
  SMLoc loc = p.getCurrentLocation();
  Builder builder(p.getContext());
  const char *end = textAt(p);
  for (; llvm::isAlnum(*end) || StringRef(".+-").contains(*end); ++end)
    if (*end == '-' && end != textAt(p) && llvm::toLower(end[-1]) != 'e')
      break;
  double number = 0;
  StringRef text(textAt(p), end - textAt(p));
  bool isWhole = text.find_first_of(".eE") == StringRef::npos;
  if (!isWhole && !text.contains('.'))
    return errorAt(p, loc) << "expected a number with a point, as in `0.001`, but this is `" << text << "`";
  int64_t whole = 0;
  if (isWhole ? p.parseInteger(whole) : p.parseFloat(number))
    return failure();
  if (isWhole)
    number = double(whole);
  if (isFraction ? !(number >= 0 && number <= 1) : !isWhole || whole < 1 || whole > UINT32_MAX)
    return errorAt(p, loc) << (isFraction ? "expected a number from 0 to 1: "
                                          : "expected a whole number from 1 to 4294967295: ")
                           << option.doc;
  options.set(option.name, isFraction ? Attribute(builder.getF64FloatAttr(number)) : builder.getI64IntegerAttr(whole));
  return success();
}
