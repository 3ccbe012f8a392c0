//===- FiringClause.cpp - how often a window fires, as it is written ----------===//
//
//   [lateness D] [emit every D [in processing_time] | emit every N records]
//   [refire every D] [accumulating | discarding | final]
//
// They are read in any order, and written in this one.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/stream/Firing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

//===--- reading -------------------------------------------------------------------------===//

namespace {
/// The clauses at the cursor.
class FiringReader {
public:
  FiringReader(AsmParser &p) : p(p) {}
  ParseResult read(FiringAttr &firing);

private:
  ParseResult readClause(StringRef word);
  ParseResult readEmit();
  ParseResult readEvery(StringRef clause, StringRef example);
  ParseResult readMode(FiringMode read);
  ParseResult readOnce(StringRef word, bool isThere, SMLoc loc);
  ParseResult readDuration(StringRef what, int64_t &micros);

  AsmParser &p;
  int64_t lateness = 0, emit = 0, refire = 0;
  EmitUnit unit = EmitUnit::None;
  std::optional<FiringMode> mode;
  SMLoc last; ///< of the last clause
};
} // namespace

static const StringRef clauseWords[] = {"lateness", "emit", "refire", "accumulating", "discarding", "final"};

/// How other systems call what is called otherwise here.
static StringRef meantBy(StringRef word) {
  return llvm::StringSwitch<StringRef>(word.lower())
      .Cases({"allowed_lateness", "allowedlateness", "grace"}, "lateness 10 min")
      .Cases({"trigger", "early", "emit_every"}, "emit every 1 min")
      .Cases({"accumulate", "accumulated", "retracting", "upsert"}, "accumulating")
      .Cases({"discard", "delta", "deltas"}, "discarding")
      .Cases({"once", "suppress", "on_close"}, "final")
      .Default("");
}

ParseResult FiringReader::readOnce(StringRef word, bool isThere, SMLoc loc) {
  if (isThere)
    return errorAt(p, loc) << "`" << word << "` is there twice";
  return success();
}

/// A duration above zero, for `what`.
ParseResult FiringReader::readDuration(StringRef what, int64_t &micros) {
  SMLoc loc = p.getCurrentLocation();
  if (parseDuration(p, micros))
    return failure();
  if (micros == 0)
    return errorAt(p, loc) << "expected " << what << " to be above zero, but found 0 s";
  return success();
}

ParseResult FiringReader::readEvery(StringRef clause, StringRef example) {
  if (failed(p.parseOptionalKeyword("every")))
    return errorAt(p, missingAt(p)) << "expected `every` behind `" << clause << "`, as in `" << example << "`";
  return success();
}

/// `every 10 s`, `every 10 s in processing_time`, `every 100 records`.
ParseResult FiringReader::readEmit() {
  if (readEvery("emit", "emit every 1 min"))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  const char *behind = textAt(p);
  while (llvm::isDigit(*behind))
    ++behind;
  if (behind != textAt(p) && wordAt(skipBlanks(behind)).starts_with("record")) {
    if (guardToken(p) || p.parseInteger(emit))
      return failure();
    if (failed(p.parseOptionalKeyword("records")) && p.parseKeyword("record"))
      return failure();
    if (emit <= 0)
      return errorAt(p, loc) << "expected a row for every record or more of them, but found `every 0 records`";
    unit = EmitUnit::Records;
    return success();
  }
  if (readDuration("the time between two rows", emit))
    return failure();
  unit = EmitUnit::Event;
  if (failed(p.parseOptionalKeyword("in")))
    return success();
  loc = p.getCurrentLocation();
  StringRef word;
  if (succeeded(p.parseOptionalKeyword(&word)) && (word == "processing_time" || word == "event_time")) {
    unit = word == "event_time" ? EmitUnit::Event : EmitUnit::Processing;
    return success();
  }
  static const StringRef domains[] = {"processing_time", "event_time"};
  auto diag = errorAt(p, loc) << "expected `processing_time` or `event_time` after `in`";
  return suggest(diag, word, domains);
}

ParseResult FiringReader::readMode(FiringMode read) {
  if (mode)
    return errorAt(p, last) << "`" << stringifyFiringMode(*mode) << "` and `" << stringifyFiringMode(read)
                            << "` exclude each other: write one of them";
  mode = read;
  return success();
}

ParseResult FiringReader::readClause(StringRef word) {
  if (std::optional<FiringMode> named = symbolizeFiringMode(word))
    return readMode(*named);
  if (word == "lateness")
    return failure(readOnce(word, lateness, last) || readDuration("the lateness", lateness));
  if (word == "emit")
    return failure(readOnce(word, emit, last) || readEmit());
  return failure(readOnce(word, refire, last) || readEvery("refire", "refire every 5 min") ||
                 readDuration("the time between changes and a row", refire));
}

ParseResult FiringReader::read(FiringAttr &firing) {
  while (true) {
    StringRef word = nextWord(p);
    SMLoc loc = p.getCurrentLocation();
    if (!llvm::is_contained(clauseWords, word)) {
      if (missingAt(p) != loc || word == "fill") // at another line the next statement may begin
        break;
      if (StringRef meant = meantBy(word); !meant.empty())
        return errorAt(p, loc) << "there is no `" << word << "` here; did you mean `" << meant << "`?";
      if (StringRef near = nearest(word, clauseWords); !word.empty() && !near.empty())
        return errorAt(p, loc) << "no `" << word << "` stands in a window; did you mean `" << near << "`?";
      break;
    }
    last = loc;
    if (p.parseKeyword(&word) || readClause(word))
      return failure();
  }
  if (!last.isValid())
    return success();
  firing = FiringAttr::getChecked([&] { return errorAt(p, last); }, p.getContext(), lateness, emit, unit, refire,
                                  mode.value_or(FiringMode::Accumulating));
  return success(bool(firing));
}

ParseResult stream::parseFiring(AsmParser &p, FiringAttr &firing) { return FiringReader(p).read(firing); }

Attribute FiringAttr::parse(AsmParser &p, Type) {
  FiringAttr firing;
  if (p.parseLess() || parseFiring(p, firing))
    return {};
  if (!firing)
    return errorAt(p, p.getCurrentLocation()) << "expected one of " << listed(clauseWords), Attribute();
  return p.parseGreater() ? Attribute() : firing;
}

//===--- writing -------------------------------------------------------------------------===//

std::string stream::firingText(FiringAttr firing) {
  SmallVector<std::string> clauses;
  if (firing.getLateness())
    clauses.push_back("lateness " + durationText(firing.getLateness()));
  if (firing.getEmitUnit() == EmitUnit::Records)
    clauses.push_back("emit every " + std::to_string(firing.getEmit()) + " records");
  else if (firing.getEmit())
    clauses.push_back("emit every " + durationText(firing.getEmit()) +
                      (firing.getEmitUnit() == EmitUnit::Processing ? " in processing_time" : ""));
  if (firing.getRefire())
    clauses.push_back("refire every " + durationText(firing.getRefire()));
  if (firing.getMode() != FiringMode::Accumulating)
    clauses.push_back(stringifyFiringMode(firing.getMode()).str());
  return llvm::join(clauses, " ");
}

void FiringAttr::print(AsmPrinter &p) const { p << "<" << firingText(*this) << ">"; }
