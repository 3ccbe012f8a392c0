//===- Window.cpp - aggregates over windows -----------------------------------===//
//
//   %hourly[, %late] = window %by_net tumbling 1 h [offset D] [in processing_time] [lateness D] [emit every D] [fill] {
//     n = count(), worst = max(mag), slow = count() where ms > 2000
//   }
//
// The kinds of windows are in WindowClause.cpp, how often they fire in Firing.cpp.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/expr/ExprPrinter.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Types.h"
#include "dialect/stream/Aggregates.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/Firing.h"
#include "dialect/stream/MisplacedClauses.h"
#include "dialect/stream/Same.h"
#include "dialect/stream/Zones.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

//===--- types -----------------------------------------------------------------------------------===//

/// Does each result have at least one record? A global window without a key fires over empty input too (rule 18).
static bool isNeverEmpty(StreamType in, WindowAttr window, FiringAttr firing, bool fill) {
  bool mayRowsBeEmpty = fill || (firing && firing.mayBeEmpty());
  return !mayRowsBeEmpty && (in.isKeyed() || window.getKind() != WindowKind::Global);
}

/// Why a window cannot give rows where there are no records (rule 12), or empty.
static std::string whyNoFill(WindowAttr window) {
  bool isGrid = window.getKind() == WindowKind::Tumbling || window.getKind() == WindowKind::Sliding ||
                window.getKind() == WindowKind::Cumulate || window.getKind() == WindowKind::Calendar;
  if (!isGrid || window.isInProcessingTime())
    return "`fill` is for windows that lie side by side in event time: tumbling, sliding, cumulate or calendar";
  return {};
}

/// The fields before the aggregates: the keys, the window, how it fired.
static void addWindowFields(StreamType in, WindowAttr window, FiringAttr firing, SmallVectorImpl<std::string> &names,
                            SmallVectorImpl<Type> &types) {
  MLIRContext *ctx = in.getContext();
  for (StringAttr key : in.getKeys()) {
    names.push_back(key.str());
    types.push_back(in.lookup(key));
  }
  for (StringRef name : {"window_start", "window_end"})
    if (window.isInTime()) {
      names.push_back(name.str());
      types.push_back(expr::TimestampType::get(ctx));
    }
  if (hasPanes(firing)) {
    names.push_back("pane");
    types.push_back(IntegerType::get(ctx, 64));
  }
  if (hasPanes(firing) || window.isInProcessingTime()) {
    names.push_back("timing");
    types.push_back(expr::StringType::get(ctx));
  }
}

/// Why each row has the field `name` of those.
static std::string whyThere(StringRef name, StreamType in) {
  if (llvm::is_contained(in.getKeys(), StringAttr::get(in.getContext(), name)))
    return "each row has the keys, and this is one";
  return name == "pane"     ? "rows of a window that may fire more than once have it, as which of them they are"
         : name == "timing" ? "rows of a window that may fire before its end or behind it have it, as when they came"
                            : "each row says with it which window it is of";
}

/// A window that is no interval of time has only the event time of its records to give.
static bool isResultTimed(StreamType in, WindowAttr window) { return window.isInTime() || in.getTimed(); }

/// The remedy where there is no event time; only some kinds can do without.
static std::string withoutEventTime(WindowAttr window) {
  bool canDoWithout = window.getKind() == WindowKind::Tumbling || window.getKind() == WindowKind::Sliding ||
                      window.getKind() == WindowKind::Cumulate || window.getKind() == WindowKind::Calendar;
  return canDoWithout ? ", or `in processing_time` here" : "";
}

/// Why a window that fires so cannot stand over `input`, or empty. `hasLate`: its late records are asked for.
static std::string whyNoWindow(Value input, WindowAttr window, FiringAttr firing, bool hasLate) {
  if (std::string why = whyOnlyInserts("window", input); !why.empty())
    return why;
  if (std::string why = whyNoZone(window.getZone()); !why.empty())
    return why;
  if (std::string why = window.getKind() == WindowKind::Same ? whyNotSame("window", input) : ""; !why.empty())
    return why;
  auto in = cast<StreamType>(input.getType());
  if (window.isInEventTime() && !in.getTimed())
    return whyNotTimed("a window in event time needs a stream with event time", input) + withoutEventTime(window);
  if (std::string why = whyNoFiring(window, firing, input); !why.empty())
    return why;
  return hasLate ? whyNoLate(window, in) : "";
}

//===--- the op ------------------------------------------------------------------------------------===//

/// `(EXPR)`, the gap of a session as each record gives it; `(...)` where the region is written out, which yields it.
static ParseResult parseOwnGap(OpAsmParser &p, StreamType in, Region &body, std::optional<expr::ExprBuilder> &build,
                               Aggregates &all) {
  all.behind = 1;
  if (p.parseLParen())
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (succeeded(p.parseOptionalEllipsis()))
    return p.parseRParen();
  body.emplaceBlock();
  build.emplace(p, body.front(), scopeOf(in));
  all.build = &*build;
  expr::Expr gap;
  if (expr::ExprParser(p, *build).parse(gap) || p.parseRParen())
    return failure();
  all.last = build->value(gap);
  Type type = all.last.getType();
  if (!isa<expr::InvalidType, expr::DurationType>(expr::stripNull(type))) {
    auto diag = errorAt(p, loc) << "the gap of a session is a duration, but this is " << expr::typeText(type);
    if (isa<IntegerType>(expr::stripNull(type)))
      diag << "; of a number `n` make one by `1 min * n`";
    all.bad = true;
  }
  all.bad |= isa<expr::InvalidType>(type);
  return success();
}

/// Clauses that are too late; `fill` is the last one.
static ParseResult refuseBehind(OpAsmParser &p, bool fill) {
  StringRef word = nextWord(p);
  if (!fill || word == "fill" || whyMisplaced("window", word, /*near=*/false).empty())
    return refuseClauses(p, "window");
  return errorAt(p, p.getCurrentLocation())
         << "`" << word << "` stands before `fill`, which is the last before the braces";
}

ParseResult WindowOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  WindowAttr window;
  FiringAttr firing;
  Aggregates all;
  Region *body = result.addRegion();
  if (parseInput(p, result, in))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  std::optional<expr::ExprBuilder> build;
  auto parseGap = [&]() -> ParseResult { return parseOwnGap(p, in, *body, build, all); };
  if (parseWindow(p, window, parseGap) || parseFiring(p, firing))
    return failure();
  bool hasLate = p.getNumResults() > 1;
  SMLoc fillAt = p.getCurrentLocation();
  bool fill = succeeded(p.parseOptionalKeyword("fill"));
  if (refuseBehind(p, fill))
    return failure();
  if (std::string why = fill ? whyNoFill(window) : ""; !why.empty()) {
    errorAt(p, fillAt) << why;
    all.bad = true;
  }
  if (std::string why = whyNoWindow(result.operands.back(), window, firing, hasLate); !why.empty()) {
    errorAt(p, loc) << why;
    all.bad = true;
  }
  loc = p.getCurrentLocation();
  if (parseAggregates(p, in, isNeverEmpty(in, window, firing, fill), *body, all))
    return failure();
  SmallVector<std::string> names;
  SmallVector<Type> types;
  addWindowFields(in, window, firing, names, types);
  StreamType out = aggregatedStream(p, loc, names, types, isResultTimed(in, window), all,
                                    [&](StringRef name) { return whyThere(name, in); });
  if (!out)
    return failure();
  if (all.bad)
    markInvalid(p, result);
  SmallVector<StringAttr> upsertKeys = upsertKeysOf(window, firing, in);
  if (!upsertKeys.empty())
    out = out.withChanges(Changes::Upsert, upsertKeys);
  result.addAttribute("window", window);
  if (firing)
    result.addAttribute("firing", firing);
  if (fill)
    result.addAttribute("fill", p.getBuilder().getUnitAttr());
  result.addAttribute("fields", all.fields);
  result.addAttribute("aggregates", p.getBuilder().getArrayAttr(all.attrs));
  result.addTypes(out);
  if (StreamType late = hasLate ? lateType(in) : StreamType())
    result.addTypes(late);
  else if (hasLate) // reported above
    result.addTypes(in);
  return finishStatement(p, result);
}

/// The gap that records give as it is written before the aggregates; empty where it cannot stand there.
static std::string ownGapText(OpAsmPrinter &p, WindowOp op) {
  Value gap = op.getBody().front().getTerminator()->getOperands().back();
  auto outside = [&](Value v) { return operandText(p, v); };
  expr::ExprPrinter printer(op.getBody().front(), fieldTexts(op.getFields()), outside);
  if (!printer.ok())
    return "";
  (void)printer.lets();
  llvm::SetVector<Operation *> from; // what it is made of must have no name among the aggregates
  if (Operation *made = gap.getDefiningOp())
    from.insert(made);
  for (size_t i = 0; i < from.size(); ++i) {
    if (llvm::is_contained(printer.letOps(), from[i]))
      return "";
    for (Value operand : from[i]->getOperands())
      if (Operation *made = operand.getDefiningOp(); made && made->getBlock() == &op.getBody().front())
        from.insert(made);
  }
  return printer.text(gap);
}

void WindowOp::print(OpAsmPrinter &p) {
  std::string gap = hasOwnGap(getWindow()) ? ownGapText(p, *this) : "";
  p << " " << getInput() << " " << windowText(getWindow(), gap.empty() ? "..." : gap);
  if (FiringAttr firing = getFiringAttr())
    p << " " << firingText(firing);
  if (getFill())
    p << " fill";
  printAggregates(p, *this, getBody(), getOutput().getType(), {}, hasOwnGap(getWindow()) && gap.empty());
  printRest(p, *this, {"window", "firing", "fill", "fields", "aggregates"});
}

//===--- constraints -------------------------------------------------------------------------------===//

LogicalResult WindowOp::verify() {
  if (isReported(*this))
    return failure();
  StreamType in = getInput().getType(), out = getOutput().getType();
  if (std::string why = whyNoWindow(getInput(), getWindow(), getFiringAttr(), bool(getLate())); !why.empty())
    return emitOpError() << why;
  if (std::string why = getFill() ? whyNoFill(getWindow()) : ""; !why.empty())
    return emitOpError() << why;
  if (getLate() && !isLateType(getLate().getType(), in))
    return emitOpError("gives late records as ")
           << lateType(in) << ", but its second result is " << getLate().getType();
  auto yield = verifyRegion(*this, getBody());
  if (failed(yield) || failed(verifyReads(*this, getBody(), in, getFields())))
    return failure();
  SmallVector<std::string> names;
  SmallVector<Type> types;
  addWindowFields(in, getWindow(), getFiringAttr(), names, types);
  if (failed(verifyAggregates(*this, getAggregates(), *yield, isNeverEmpty(in, getWindow(), getFiringAttr(), getFill()),
                              types)) ||
      failed(verifyAggregated(*this, names, types, upsertKeysOf(getWindow(), getFiringAttr(), in),
                              isResultTimed(in, getWindow()), out)))
    return failure();
  return verifyLabels(*this);
}
