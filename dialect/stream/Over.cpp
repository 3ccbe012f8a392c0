//===- Over.cpp - windows per record ------------------------------------------===//
//
//   %o = over %by_shop last 1 h { *, mean = avg(price) }
//   %o = over %by_shop last 10 rows { shop, price, before = lag(price), place = rank(price desc) }
//   %o = over %by_shop all { *, total = sum(price) }
//
// Fields that go on stand before what is computed. What is common with window
// and running is in Aggregates.cpp.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"
#include "dialect/expr/Types.h"
#include "dialect/stream/Aggregates.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/MisplacedClauses.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

//===--- the window --------------------------------------------------------------------------------===//

/// Each row of a window may be read for each record.
static constexpr int64_t kMostRows = 1000000;

static std::string whyNoAmount(OverKind kind, int64_t amount) {
  switch (kind) {
  case OverKind::Time:
    if (amount <= 0)
      return "expected the duration behind `last` to be above zero, but found " + durationText(amount);
    if (amount > expr::maxTimestamp - expr::minTimestamp)
      return "expected the duration behind `last` to lie within the years 0000 to 9999; for all records write `all`";
    return "";
  case OverKind::Rows:
    if (amount < 1 || amount > kMostRows)
      return "expected 1 to " + std::to_string(kMostRows) + " rows behind `last`, but found " + std::to_string(amount) +
             (amount < 1 ? "" : "; with a duration a window may have more, as in `last 1 h`");
    return "";
  case OverKind::All:
    return amount == 0 ? "" : "`all` has no amount";
  }
  llvm_unreachable("covered");
}

LogicalResult OverAttr::verify(function_ref<InFlightDiagnostic()> emitError, OverKind kind, int64_t amount) {
  std::string why = whyNoAmount(kind, amount);
  return why.empty() ? success() : LogicalResult(emitError() << why);
}

/// The word behind the number at the cursor, as `rows` of `10 rows`.
static StringRef wordBehindNumber(AsmParser &p) {
  const char *at = textAt(p);
  while (llvm::isDigit(*at))
    ++at;
  return wordAt(skipBlanks(at));
}

/// `last D`, `last N rows`, `all`.
static ParseResult parseOver(AsmParser &p, OverAttr &window) {
  static const StringRef words[] = {"last", "all"};
  SMLoc loc = missingAt(p);
  StringRef word = loc == p.getCurrentLocation() ? nextWord(p) : StringRef();
  if (word != "last" && word != "all") {
    if (word == "rows" || word == "range")
      return errorAt(p, loc) << "a window per record is `last 1 h`, `last 10 rows` or `all`; `" << word
                             << "` stands behind the number";
    auto diag = errorAt(p, loc) << "expected which records before it a record looks at: `last 1 h`, `last 10 rows` or "
                                   "`all`";
    if (std::string why = whyMisplaced("over", word, /*near=*/false); !word.empty() && !why.empty())
      return diag << "; " << why;
    return suggest(diag, word, words);
  }
  if (p.parseKeyword(word))
    return failure();
  if (word == "all") {
    window = OverAttr::get(p.getContext(), OverKind::All, 0);
    return success();
  }
  loc = p.getCurrentLocation();
  if (!llvm::isDigit(peek(p)))
    return errorAt(p, missingAt(p)) << "expected a duration or a number of rows behind `last`, as in `last 1 h` and "
                                       "`last 10 rows`";
  StringRef unit = wordBehindNumber(p);
  bool isRows = unit == "rows" || unit == "row" || unit == "records" || unit == "record";
  int64_t amount = 0;
  if (isRows ? p.parseInteger(amount) : parseDuration(p, amount))
    return failure();
  if (isRows && unit.starts_with("record"))
    return errorAt(p, p.getCurrentLocation()) << "`" << unit << "` is called `rows` here, as in `last 10 rows`";
  if (isRows && p.parseKeyword(unit))
    return failure();
  OverKind kind = isRows ? OverKind::Rows : OverKind::Time;
  if (std::string why = whyNoAmount(kind, amount); !why.empty())
    return errorAt(p, loc) << why;
  window = OverAttr::get(p.getContext(), kind, amount);
  return success();
}

std::string stream::overText(OverAttr window) {
  switch (window.getKind()) {
  case OverKind::Time:
    return "last " + durationText(window.getAmount());
  case OverKind::Rows:
    return "last " + std::to_string(window.getAmount()) + (window.getAmount() == 1 ? " row" : " rows");
  case OverKind::All:
    return "all";
  }
  llvm_unreachable("covered");
}

Attribute OverAttr::parse(AsmParser &p, Type) {
  OverAttr window;
  return p.parseLess() || parseOver(p, window) || p.parseGreater() ? Attribute() : window;
}

void OverAttr::print(AsmPrinter &p) const { p << "<" << overText(*this) << ">"; }

//===--- what it may be asked for --------------------------------------------------------------------===//

/// Why there is no `over` over `input`, or empty.
static std::string whyNoOver(Value input) {
  if (std::string why = whyOnlyInserts("over", input); !why.empty())
    return why;
  if (!cast<StreamType>(input.getType()).getTimed())
    return whyNotTimed("`over` goes by event time, and this stream has none", input);
  return whyTimeMayLack("over", input);
}

/// Why the window cannot have this function, or empty.
static std::string whyNoPlace(OverAttr window, AggregateAttr aggregate) {
  if (aggregate.getFiltered() && expr::isPlace(aggregate.getFn()))
    return ("`" + aggregate.getFn() +
            "` tells of one record, so there is no `where`; a `filter` before `over` chooses "
            "the records of all windows")
        .str();
  if (aggregate.getFn() == "rank" && window.getKind() == OverKind::All)
    return "`rank` compares a record with all of its window, which `all` would have to keep for ever; write `last 1 h` "
           "or `last 1000 rows`";
  if (aggregate.getFn() == "lag" && window.getKind() == OverKind::Rows && offsetOf(aggregate) >= window.getAmount())
    return "`lag` looks " + std::to_string(offsetOf(aggregate)) + " rows back, but a window of `" + overText(window) +
           "` begins " + std::to_string(window.getAmount() - 1) + " before its record; write `last " +
           std::to_string(offsetOf(aggregate) + 1) + " rows`";
  if (aggregate.getFn() == "lag" && offsetOf(aggregate) > kMostRows)
    return "`lag` looks back " + std::to_string(kMostRows) + " rows at most";
  return "";
}

int64_t stream::offsetOf(AggregateAttr lag) {
  auto offset = lag.getOptions().getAs<IntegerAttr>("offset");
  return offset ? offset.getInt() : 1;
}

/// A field that goes on has to wait, which a list does not.
static std::string whyNotPassed(StreamType in, StringRef name) {
  Type type = in.lookup(name);
  if (!type || expr::isScalar(type) || isa<expr::InvalidType>(expr::stripNull(type)))
    return "";
  return ("`" + name + "` is " + typeText(type) +
          ", which cannot go through `over`; take it apart with flat_map before")
      .str();
}

//===--- the op --------------------------------------------------------------------------------------===//

namespace {
/// Reads the fields that go on, which stand before the functions.
class PassedReader {
public:
  PassedReader(OpAsmParser &p, StreamType in, Aggregates &all) : p(p), in(in), all(all) {}

  /// Nothing: the next item is no field.
  OptionalParseResult readItem() {
    SMLoc loc = p.getCurrentLocation();
    if (succeeded(p.parseOptionalStar())) {
      for (StringRef name : in.fieldNames())
        add(loc, name.str());
      return finish(loc);
    }
    const char *behind = peek(p) == '"' ? nullptr : skipBlanks(textAt(p) + nextWord(p).size());
    if (nextWord(p) == "let" || (behind && *behind == '=') || nextWord(p).empty())
      return {};
    return readName();
  }

  ParseResult readName() {
    SMLoc loc = p.getCurrentLocation();
    if (peek(p) == '*')
      return *readItem();
    std::string name;
    if (parseField(p, in, name))
      return failure();
    add(loc, name);
    return finish(loc);
  }

  SmallVector<std::string> names;

private:
  void add(SMLoc loc, const std::string &name) {
    if (std::string why = whyNotPassed(in, name); !why.empty()) {
      errorAt(p, loc) << why;
      all.bad = true;
    }
    names.push_back(name);
  }
  ParseResult finish(SMLoc loc) {
    if (!all.names.empty())
      return errorAt(p, loc) << "fields that go on stand before what is computed, as in `{ *, mean = avg(price) }`";
    return guardComma(p);
  }

  OpAsmParser &p;
  StreamType in;
  Aggregates &all;
};
} // namespace

ParseResult OverOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  OverAttr window;
  Aggregates all;
  Region *body = result.addRegion();
  SMLoc loc = p.getCurrentLocation();
  if (parseInput(p, result, in))
    return failure();
  if (std::string why = whyNoOver(result.operands.back()); !why.empty()) {
    errorAt(p, loc) << why;
    all.bad = true;
  }
  loc = p.getCurrentLocation();
  if (parseOver(p, window) || (nextWord(p) != "keep" && refuseClauses(p, "over")))
    return failure();
  PassedReader passed(p, in, all);
  all.parseOther = [&] { return passed.readItem(); };
  if (nextWord(p) == "keep") // written out
    if (p.parseKeyword("keep") ||
        p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] { return passed.readName(); }))
      return failure();
  SMLoc functions = p.getCurrentLocation();
  if (parseAggregates(p, in, /*neverEmpty=*/true, *body, all))
    return failure();
  if (all.names.empty())
    return errorAt(p, functions) << "expected something to compute of each record's window, as in `{ *, mean = "
                                    "avg(price) }`";
  for (Attribute attr : all.attrs)
    if (std::string why = whyNoPlace(window, cast<AggregateAttr>(attr)); !why.empty()) {
      errorAt(p, functions) << why;
      all.bad = true;
    }
  SmallVector<Type> types;
  for (const std::string &name : passed.names)
    types.push_back(in.lookup(name));
  StreamType out = aggregatedStream(p, loc, passed.names, types, in.getTimed(), all,
                                    [](StringRef) { return "the input's field of that name goes on"; });
  if (!out)
    return failure();
  if (all.bad)
    markInvalid(p, result);
  SmallVector<StringRef> kept(passed.names.begin(), passed.names.end());
  result.addAttribute("window", window);
  result.addAttribute("passed", p.getBuilder().getStrArrayAttr(kept));
  result.addAttribute("fields", all.fields);
  result.addAttribute("aggregates", p.getBuilder().getArrayAttr(all.attrs));
  result.addTypes(out);
  return finishStatement(p, result);
}

void OverOp::print(OpAsmPrinter &p) {
  p << " " << getInput() << " " << overText(getWindow());
  SmallVector<std::string> others;
  ArrayRef<StringAttr> all = getInput().getType().getNames();
  if (llvm::equal(getPassed(), all, [](Attribute a, StringAttr b) { return a == b; }))
    others.push_back("*");
  else
    for (auto name : getPassed().getAsRange<StringAttr>())
      others.push_back(nameText(name));
  printAggregates(p, *this, getBody(), getOutput().getType(), others);
  printRest(p, *this, {"window", "passed", "fields", "aggregates"});
}

LogicalResult OverOp::verify() {
  if (isReported(*this))
    return failure();
  StreamType in = getInput().getType();
  if (std::string why = whyNoOver(getInput()); !why.empty())
    return emitOpError() << why;
  auto yield = verifyRegion(*this, getBody());
  if (failed(yield) || failed(verifyReads(*this, getBody(), in, getFields())))
    return failure();
  SmallVector<std::string> names;
  SmallVector<Type> types;
  for (auto name : getPassed().getAsRange<StringAttr>()) {
    if (in.indexOf(name) < 0)
      return emitOpError("hands on `") << name.getValue() << "`, which is no field of its input";
    if (std::string why = whyNotPassed(in, name); !why.empty())
      return emitOpError() << why;
    names.push_back(name.str());
    types.push_back(in.lookup(name));
  }
  for (Attribute attr : getAggregates())
    if (auto aggregate = dyn_cast<AggregateAttr>(attr))
      if (std::string why = whyNoPlace(getWindow(), aggregate); !why.empty())
        return emitOpError() << why;
  if (failed(verifyAggregates(*this, getAggregates(), *yield, /*neverEmpty=*/true, types)) ||
      failed(verifyAggregated(*this, names, types, {}, in.getTimed(), getOutput().getType())))
    return failure();
  return verifyLabels(*this);
}
