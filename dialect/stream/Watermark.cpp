//===- Watermark.cpp - watermarks as they are written -------------------------===//
//
//   watermark EXPR (bounded D | ascending | punctuated where C [as EXPR] | none)
//     [idle D [hold | clock]] [align D] [max_future (D [drop | keep] | none)]
//
// As an attribute, `punctuated` stands alone: its condition and its expression
// are a region of the source.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

//===--- reading -------------------------------------------------------------------------===//

namespace {
/// What is written of a watermark, as far as it is read.
struct Written {
  WatermarkKind kind = WatermarkKind::None;
  int64_t bound = 0, idle = 0, align = 0, maxFuture = 0;
  IdlePolicy idlePolicy = IdlePolicy::Hold;
  FuturePolicy futurePolicy = FuturePolicy::Drop;

  WatermarkAttr attr(MLIRContext *context) const {
    return WatermarkAttr::get(context, kind, bound, idle, idlePolicy, align, maxFuture, futurePolicy);
  }
};
} // namespace

static ParseResult parseKind(AsmParser &p, Written &written) {
  SMLoc loc = missingAt(p);
  static const StringRef kinds[] = {"bounded", "ascending", "punctuated", "none"};
  StringRef word;
  bool here = loc == p.getCurrentLocation(); // else the next statement begins
  auto kind = here && succeeded(p.parseOptionalKeyword(&word)) ? symbolizeWatermarkKind(word) : std::nullopt;
  if (!kind) {
    auto diag = errorAt(p, loc)
                << "expected `bounded DURATION`, `ascending`, `punctuated where ...` or `none` behind the event time";
    if (llvm::is_contained({"idle", "align", "max_future"}, word))
      return diag << "; `" << word << "` stands behind that";
    return suggest(diag, word, kinds);
  }
  written.kind = *kind;
  return *kind == WatermarkKind::Bounded ? parseDuration(p, written.bound) : success();
}

/// A duration behind `clause` that is more than nothing.
static ParseResult parsePositive(AsmParser &p, StringRef clause, int64_t &micros) {
  SMLoc loc = p.getCurrentLocation();
  if (parseDuration(p, micros))
    return failure();
  if (micros > 0)
    return success();
  return errorAt(p, loc) << "`" << clause << "` needs a duration that is more than nothing";
}

/// `idle …`, `align …`, `max_future …`, in any order, each once.
static ParseResult parsePolicies(AsmParser &p, Written &written) {
  while (true) {
    SMLoc loc = p.getCurrentLocation();
    StringRef word = nextWord(p);
    auto twice = [&] { return errorAt(p, loc) << "`" << word << "` is written twice"; };
    if (written.kind == WatermarkKind::None && llvm::is_contained({"idle", "align", "max_future"}, word))
      return errorAt(p, loc) << "`" << word << "` needs a watermark that moves; `none` has only the end of input";
    if (succeeded(p.parseOptionalKeyword("idle"))) {
      if (written.idle)
        return twice();
      if (parsePositive(p, "idle", written.idle))
        return failure();
      if (succeeded(p.parseOptionalKeyword("clock")))
        written.idlePolicy = IdlePolicy::Clock;
      else
        (void)p.parseOptionalKeyword("hold");
    } else if (succeeded(p.parseOptionalKeyword("align"))) {
      if (written.align)
        return twice();
      if (parsePositive(p, "align", written.align))
        return failure();
    } else if (succeeded(p.parseOptionalKeyword("max_future"))) {
      if (written.maxFuture)
        return twice();
      if (succeeded(p.parseOptionalKeyword("none"))) {
        written.maxFuture = INT64_MAX;
        continue;
      }
      if (parsePositive(p, "max_future", written.maxFuture))
        return failure();
      if (succeeded(p.parseOptionalKeyword("keep")))
        written.futurePolicy = FuturePolicy::Keep;
      else
        (void)p.parseOptionalKeyword("drop");
    } else {
      return success();
    }
  }
}

/// Reports if `type` is not what a watermark is.
static bool checkWatermark(OpAsmParser &p, SMLoc loc, Type type) {
  if (isa<expr::InvalidType, expr::TimestampType>(type))
    return true;
  auto diag = errorAt(p, loc) << "a watermark must be a timestamp, but this is " << typeText(type);
  if (isa<expr::TimestampType>(expr::stripNull(type)))
    diag << "; write what it is without one, as in `coalesce(x, y)`";
  return false;
}

/// `where CONDITION [as EXPR]`, or both as a region, `(%a = a) { … yield %holds, %watermark }`.
static ParseResult parsePunctuation(OpAsmParser &p, OperationState &result, StreamType type, Region &region) {
  ArrayAttr fields;
  if (peek(p) == '(') {
    if (parseWrittenRegion(p, type, region, fields))
      return failure();
  } else {
    if (nextWord(p) != "where")
      return errorAt(p, missingAt(p)) << "expected `where` and the condition under which a record moves the watermark";
    region.emplaceBlock();
    expr::ExprBuilder build(p, region.front(), scopeOf(type));
    expr::ExprParser parser(p, build);
    expr::Expr condition, watermark;
    if (guardToken(p) || p.parseKeyword("where") || parser.parse(condition))
      return failure();
    SmallVector<Value> values = {build.condition(condition)};
    if (succeeded(p.parseOptionalKeyword("as"))) {
      SMLoc loc = p.getCurrentLocation();
      if (parser.parse(watermark))
        return failure();
      values.push_back(build.value(watermark));
      if (!checkWatermark(p, loc, values.back().getType()))
        markInvalid(p, result);
    }
    if (llvm::any_of(values, [](Value v) { return isa<expr::InvalidType>(v.getType()); }))
      markInvalid(p, result);
    buildYield(p, build, condition.loc, values);
    fields = build.fieldsRead();
  }
  result.addAttribute("punctuation_fields", fields);
  return success();
}

ParseResult stream::parseWatermark(OpAsmParser &p, OperationState &result, StreamType type, Region &punctuation) {
  Written written;
  if (parseKind(p, written))
    return failure();
  if (written.kind == WatermarkKind::Punctuated && parsePunctuation(p, result, type, punctuation))
    return failure();
  if (parsePolicies(p, written))
    return failure();
  result.addAttribute("watermark", written.attr(p.getContext()));
  return success();
}

//===--- writing -------------------------------------------------------------------------===//

static std::string kindText(WatermarkAttr watermark) {
  std::string text = stringifyWatermarkKind(watermark.getKind()).str();
  return watermark.getKind() == WatermarkKind::Bounded ? text + " " + durationText(watermark.getBound()) : text;
}

/// With a blank before each clause.
static std::string policiesText(WatermarkAttr watermark) {
  std::string text;
  if (watermark.getIdle())
    text += " idle " + durationText(watermark.getIdle());
  if (watermark.getIdlePolicy() != IdlePolicy::Hold)
    text += " " + stringifyIdlePolicy(watermark.getIdlePolicy()).str();
  if (watermark.getAlign())
    text += " align " + durationText(watermark.getAlign());
  if (watermark.getMaxFuture() == INT64_MAX)
    return text + " max_future none";
  if (watermark.getMaxFuture())
    text += " max_future " + durationText(watermark.getMaxFuture());
  if (watermark.getFuturePolicy() != FuturePolicy::Drop)
    text += " " + stringifyFuturePolicy(watermark.getFuturePolicy()).str();
  return text;
}

std::string stream::watermarkText(WatermarkAttr watermark) { return kindText(watermark) + policiesText(watermark); }

void stream::printWatermark(OpAsmPrinter &p, SourceOp source) {
  WatermarkAttr watermark = *source.getWatermark();
  p << " " << kindText(watermark);
  if (watermark.getKind() == WatermarkKind::Punctuated && !source.getPunctuation().empty()) {
    Block &block = source.getPunctuation().front();
    auto outside = [&](Value v) { return operandText(p, v); };
    ArrayAttr fields = source.getPunctuationFieldsAttr();
    expr::ExprPrinter text(block, fieldTexts(fields), outside);
    if (text.ok() && text.lets().empty()) {
      ValueRange values = block.getTerminator()->getOperands();
      p << " where " << text.text(values[0]);
      if (values.size() > 1)
        p << " as " << text.text(values[1]);
    } else {
      printFieldArguments(p, block.getArguments(), fields);
      p << " ";
      p.printRegion(source.getPunctuation(), /*printEntryBlockArgs=*/false);
    }
  }
  p << policiesText(watermark);
}

//===--- the attribute ---------------------------------------------------------------------===//

Attribute WatermarkAttr::parse(AsmParser &p, Type) {
  Written written;
  if (p.parseLess() || parseKind(p, written) || parsePolicies(p, written) || p.parseGreater())
    return {};
  return written.attr(p.getContext());
}
void WatermarkAttr::print(AsmPrinter &p) const { p << "<" << watermarkText(*this) << ">"; }

LogicalResult WatermarkAttr::verify(function_ref<InFlightDiagnostic()> emitError, WatermarkKind kind, int64_t bound,
                                    int64_t idle, IdlePolicy idlePolicy, int64_t align, int64_t maxFuture,
                                    FuturePolicy futurePolicy) {
  if (bound < 0 || (bound && kind != WatermarkKind::Bounded))
    return emitError() << "only a bounded watermark has a bound, and it is not negative";
  if (idle < 0 || align < 0 || maxFuture < 0)
    return emitError() << "durations of a watermark are not negative";
  if (kind == WatermarkKind::None && (idle || align || maxFuture))
    return emitError() << "a watermark that never moves has no `idle`, `align` and `max_future`";
  if (idlePolicy != IdlePolicy::Hold && !idle)
    return emitError() << "`clock` is what the watermark does when all inputs are idle: it needs `idle`";
  if (futurePolicy != FuturePolicy::Drop && (!maxFuture || maxFuture == INT64_MAX))
    return emitError() << "`keep` is for records beyond `max_future`: it needs one";
  return success();
}

//===--- the source's region ------------------------------------------------------------------===//

LogicalResult SourceOp::verifyPunctuation() {
  bool punctuated = getWatermark() && getWatermark()->getKind() == WatermarkKind::Punctuated;
  if (punctuated == getPunctuation().empty() || punctuated != bool(getPunctuationFields()))
    return emitOpError("has a punctuation if and only if its watermark is punctuated");
  if (!punctuated)
    return success();
  auto yield = verifyRegion(*this, getPunctuation(), -1);
  if (failed(yield))
    return failure();
  TypeRange types = yield->getValues().getTypes();
  if (types.empty() || types.size() > 2)
    return emitOpError("needs a punctuation that yields a condition and perhaps a watermark, but it yields ")
           << types.size() << " values";
  if (!expr::isBool(expr::stripNull(types[0])))
    return emitOpError("needs a condition, but its punctuation yields ") << typeText(types[0]);
  if (types.size() == 2 && !isa<expr::TimestampType>(types[1]))
    return emitOpError("needs a watermark that is a timestamp, but it is ") << typeText(types[1]);
  return verifyReads(*this, getPunctuation(), getOutput().getType(), *getPunctuationFields());
}
