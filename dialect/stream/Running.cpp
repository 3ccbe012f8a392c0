//===- Running.cpp - aggregates so far, as an upsert stream -------------------===//
//
//   %totals = running %by_net [ttl 1 h [delete on expiry]] { n = count(), worst = max(mag) where mag > 1.0 }
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/stream/Aggregates.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

/// The fields before the aggregates: the keys.
static void addKeys(StreamType in, SmallVectorImpl<std::string> &names, SmallVectorImpl<Type> &types) {
  for (StringAttr key : in.getKeys()) {
    names.push_back(key.str());
    types.push_back(in.lookup(key));
  }
}

/// `[ttl D [delete on expiry]]`, up to the aggregates. Goes on after a mistake that leaves the rest readable (`bad`).
static ParseResult parseTimeToLive(OpAsmParser &p, OperationState &result, StreamType in, bool &bad) {
  SMLoc loc = p.getCurrentLocation();
  bool lives = succeeded(p.parseOptionalKeyword("ttl"));
  if (lives) {
    int64_t ttl = 0;
    if (parseDuration(p, ttl))
      return failure();
    if (std::string why = whyNoTimeToLive("ttl", ttl, result.operands.back()); !why.empty()) {
      errorAt(p, loc) << why;
      bad = true;
    }
    result.addAttribute("ttl", p.getBuilder().getI64IntegerAttr(ttl));
  }
  loc = p.getCurrentLocation();
  if (succeeded(p.parseOptionalKeyword("delete"))) {
    if (failed(p.parseOptionalKeyword("on")) || failed(p.parseOptionalKeyword("expiry")))
      return errorAt(p, loc) << "expected `delete on expiry`";
    if (!lives)
      return errorAt(p, loc) << "`delete on expiry` needs a time to live before it, as in `ttl 1 h delete on expiry`";
    result.addAttribute("delete_on_expiry", p.getBuilder().getUnitAttr());
  }
  StringRef word = nextWord(p);
  if (word.empty() || missingAt(p) != p.getCurrentLocation()) // what is missing is said where the aggregates are read
    return success();
  loc = p.getCurrentLocation();
  if (word == "within")
    return errorAt(p, loc) << "`within` is a clause of deduplicate; here it is `ttl`";
  static const StringRef clauses[] = {"ttl", "delete"};
  auto diag = errorAt(p, loc) << "expected " << (lives ? "`delete on expiry`" : "`ttl DURATION`")
                              << " or the aggregates, `{ name = count(), ... }`";
  return suggest(diag, word, clauses);
}

ParseResult RunningOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  Aggregates all;
  Region *body = result.addRegion();
  SMLoc loc = p.getCurrentLocation();
  if (parseInput(p, result, in))
    return failure();
  if (std::string why = whyNoState("running", result.operands.back()); !why.empty()) {
    errorAt(p, loc) << why;
    all.bad = true;
  }
  if (parseTimeToLive(p, result, in, all.bad))
    return failure();
  loc = p.getCurrentLocation();
  if (parseAggregates(p, in, /*neverEmpty=*/true, *body, all))
    return failure();
  SmallVector<std::string> names;
  SmallVector<Type> types;
  addKeys(in, names, types);
  StreamType out = aggregatedStream(p, loc, names, types, in.getTimed(), all,
                                    [](StringRef) { return "each row has the keys, and this is one"; });
  if (!out)
    return failure();
  if (all.bad)
    markInvalid(p, result);
  result.addAttribute("fields", all.fields);
  result.addAttribute("aggregates", p.getBuilder().getArrayAttr(all.attrs));
  result.addTypes(in.isKeyed() ? out.withChanges(Changes::Upsert, in.getKeys()) : out);
  return finishStatement(p, result);
}

void RunningOp::print(OpAsmPrinter &p) {
  p << " " << getInput();
  if (std::optional<uint64_t> ttl = getTtl())
    p << " ttl " << durationText(*ttl);
  if (getDeleteOnExpiry())
    p << " delete on expiry";
  printAggregates(p, *this, getBody(), getOutput().getType());
  printRest(p, *this, {"ttl", "delete_on_expiry", "fields", "aggregates"});
}

LogicalResult RunningOp::verify() {
  if (isReported(*this))
    return failure();
  StreamType in = getInput().getType();
  if (std::string why = whyNoState("running", getInput()); !why.empty())
    return emitOpError() << why;
  if (std::optional<uint64_t> ttl = getTtl())
    if (std::string why = whyNoTimeToLive("ttl", int64_t(*ttl), getInput()); !why.empty())
      return emitOpError() << why;
  if (getTtl())
    if (std::string why = whyTimeMayLack("ttl", getInput()); !why.empty())
      return emitOpError() << why;
  if (getDeleteOnExpiry() && !getTtl())
    return emitOpError("`delete on expiry` needs a time to live before it, as in `ttl 1 h delete on expiry`");
  auto yield = verifyRegion(*this, getBody());
  if (failed(yield) || failed(verifyReads(*this, getBody(), in, getFields())))
    return failure();
  SmallVector<std::string> names;
  SmallVector<Type> types;
  addKeys(in, names, types);
  if (failed(verifyAggregates(*this, getAggregates(), *yield, /*neverEmpty=*/true, types)) ||
      failed(verifyAggregated(*this, names, types, in.getKeys(), in.getTimed(), getOutput().getType())))
    return failure();
  return verifyLabels(*this);
}
