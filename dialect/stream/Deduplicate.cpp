//===- Deduplicate.cpp - one record for each key ------------------------------===//
//
//   %once   = deduplicate %by_id keep first [within 10 min]
//   %newest = deduplicate %by_id keep last [within 1 d]
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/stream/OpSyntax.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static StreamType resultOf(StreamType in, Kept kept) {
  bool upserts = kept == Kept::Last && in.isKeyed();
  return StreamType::get(in.getContext(), in.getNames(), in.getTypes(), {}, upserts ? Changes::Upsert : Changes::Insert,
                         upserts ? in.getKeys() : ArrayRef<StringAttr>(), in.getTimed());
}

static ParseResult parseKept(OpAsmParser &p, Kept &kept) {
  static const StringRef words[] = {"first", "last"};
  SMLoc loc = missingAt(p);
  if (loc != p.getCurrentLocation() || failed(p.parseOptionalKeyword("keep")))
    return errorAt(p, loc) << "expected `keep first` or `keep last`";
  loc = p.getCurrentLocation();
  StringRef word;
  if (parseWordOrCompletion(p, word))
    return failure();
  if (word.empty())
    offerCompletion(p, words);
  std::optional<Kept> known = symbolizeKept(word);
  if (!known) {
    auto diag = errorAt(p, loc) << "expected `first` or `last` behind `keep`";
    return suggest(diag, word, words);
  }
  kept = *known;
  return success();
}

/// `[within D]`. The words that may follow an op on its line are no ops, so a wrong one is told at once.
static ParseResult parseWithin(OpAsmParser &p, OperationState &result, StreamType in) {
  SMLoc loc = p.getCurrentLocation();
  bool here = missingAt(p) == loc; // else the next statement begins
  StringRef word = here ? nextWord(p) : StringRef();
  if (word == "ttl")
    return errorAt(p, loc) << "`ttl` is a clause of running; here it is `within`";
  if (here && llvm::isDigit(peek(p)))
    return errorAt(p, loc) << "expected `within` before the duration, as in `within 10 min`";
  if (failed(p.parseOptionalKeyword("within"))) {
    if (!word.empty() && !nearest(word, {"within"}).empty())
      return errorAt(p, loc) << "expected `within DURATION` or the end of the line; did you mean `within`?";
    return success();
  }
  int64_t within = 0;
  if (parseDuration(p, within))
    return failure();
  if (std::string why = whyNoTimeToLive("within", within, result.operands.back()); !why.empty()) {
    errorAt(p, loc) << why;
    markInvalid(p, result);
  }
  result.addAttribute("within", p.getBuilder().getI64IntegerAttr(within));
  return success();
}

ParseResult DeduplicateOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  Kept kept;
  SMLoc loc = p.getCurrentLocation();
  if (parseInput(p, result, in))
    return failure();
  if (std::string why = whyNoState("deduplicate", result.operands.back()); !why.empty()) {
    errorAt(p, loc) << why;
    markInvalid(p, result);
  }
  if (parseKept(p, kept) || parseWithin(p, result, in))
    return failure();
  result.addAttribute("kept", KeptAttr::get(p.getContext(), kept));
  result.addTypes(resultOf(in, kept));
  return finishStatement(p, result);
}

void DeduplicateOp::print(OpAsmPrinter &p) {
  p << " " << getInput() << " keep " << stringifyKept(getKept());
  if (std::optional<uint64_t> within = getWithin())
    p << " within " << durationText(*within);
  printRest(p, *this, {"kept", "within"});
}

LogicalResult DeduplicateOp::verify() {
  if (isReported(*this))
    return failure();
  StreamType in = getInput().getType();
  if (std::string why = whyNoState("deduplicate", getInput()); !why.empty())
    return emitOpError() << why;
  if (std::optional<uint64_t> within = getWithin())
    if (std::string why = whyNoTimeToLive("within", int64_t(*within), getInput()); !why.empty())
      return emitOpError() << why;
  if (getWithin() || getKept() == Kept::Last)
    if (std::string why = whyTimeMayLack(getWithin() ? "within" : "keep last", getInput()); !why.empty())
      return emitOpError() << why;
  if (StreamType out = resultOf(in, getKept()); getOutput().getType() != out)
    return emitOpError("gives a stream ") << out << ", but its result is " << getOutput().getType();
  return verifyLabels(*this);
}
