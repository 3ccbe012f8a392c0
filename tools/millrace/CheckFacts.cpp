//===- CheckFacts.cpp - `millrace check --facts` -------------------------===//
//
// Tries what has to hold of the pipeline's own aggregates, and what they claim, on
// many values. A law whose two ways do not lead to one result is shown with the
// records that it fails for; one of which a way is an error (an overflow) is not
// judged there, but where combining with nothing, or taking away what was added,
// is the error. Where results are floats they may differ by rounding (rule 24); where
// a state has floats and its result is none, what differs is a warning, because
// rounding can be the reason. A law of which no try gave a value was not tried.
//
//===----------------------------------------------------------------------===//
#include "Compilation.h"
#include "FactLaws.h"
#include "FactValues.h"

#include "codegen/Jit.h"
#include "dialect/expr/Types.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <cmath>
#include <fcntl.h>
#include <map>
#include <unistd.h>

using namespace llvm;

namespace millrace {

static constexpr unsigned kTries = 4000;

//===-- trying --------------------------------------------------------------===//

namespace {
/// A folder that goes again.
class Scratch {
public:
  Scratch() { problem = sys::fs::createUniqueDirectory("millrace-facts", path); }
  ~Scratch() {
    if (!problem)
      sys::fs::remove_directories(path);
  }
  SmallString<128> path;
  std::error_code problem;
};

/// What came of a law.
struct Verdict {
  unsigned judged = 0, valued = 0; ///< tries that are no errors; of these, with a result that is not null
  std::string counterexample;      ///< the shortest; empty: it held
  std::string perhapsRounding;     ///< the same, where rounding can be the reason
};
} // namespace

/// Are the results of both ways the same? `isFloat`: but for rounding.
static bool agree(const json::Value *left, const json::Value *right, bool isFloat) {
  if (!left || !right)
    return left == right;
  std::optional<double> a = left->getAsNumber(), b = right->getAsNumber();
  if (!isFloat || !a || !b)
    return *left == *right;
  double scale = std::max({1.0, std::fabs(*a), std::fabs(*b)});
  return std::fabs(*a - *b) <= 1e-9 * scale;
}

/// `r1: x = 1, w = 2; r2: …`, as far as the law is about them.
static std::string recordsText(stream::AggregateOp aggregate, const Law &law, const json::Object &row) {
  std::string text;
  raw_string_ostream os(text);
  for (unsigned record = 1; record <= kLawRecords; ++record) {
    std::string name = "r" + std::to_string(record);
    if (!StringRef(law.left).contains(name))
      continue;
    os << (text.empty() ? "" : "; ") << name << ": ";
    ListSeparator comma;
    for (StringRef parameter : aggregate.getParameters().getAsValueRange<mlir::StringAttr>())
      if (const json::Value *value = row.get((parameter + "_" + Twine(record)).str()))
        os << comma << parameter << " = " << *value;
  }
  return text;
}

/// The result of a way.
static std::string shown(const json::Object &row, StringRef way) {
  if (row.getBoolean((way + "_failed").str()).value_or(false))
    return "an error";
  std::string text;
  const json::Value *value = row.get(way);
  raw_string_ostream(text) << (value ? *value : json::Value(nullptr));
  return text;
}

static void keepShortest(std::string &kept, std::string text) {
  if (kept.empty() || text.size() < kept.size())
    kept = std::move(text);
}

/// Is it no matter of the law that a way is an error, as where an overflow depends on the order?
static bool isErrorAnyway(const Law &law, const json::Object &row) {
  auto is = [&](StringRef field) { return row.getBoolean(field).value_or(false); };
  if (is("other_failed") || is("right_failed"))
    return true;
  return is("left_failed") && law.kind != Law::Identity && law.kind != Law::Inverse;
}

/// Reads what the sink of a law wrote.
static Expected<Verdict> judge(stream::AggregateOp aggregate, const Law &law, StringRef path) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return errorCodeToError(buffer.getError());
  bool isFloat = expr::isFloat(expr::stripNull(aggregate.getSignature().getResult(0)));
  bool hasFloats = any_of(aggregate.stateTypes(), [](mlir::Type type) { return expr::isFloat(expr::stripNull(type)); });
  bool exact = law.kind == Law::Inverse;
  Verdict verdict;
  SmallVector<StringRef> lines;
  (*buffer)->getBuffer().split(lines, '\n', -1, /*KeepEmpty=*/false);
  for (StringRef line : lines) {
    auto row = json::parse(line);
    if (!row)
      return row.takeError();
    const json::Object &object = *row->getAsObject();
    if (isErrorAnyway(law, object))
      continue;
    ++verdict.judged;
    const json::Value *left = object.get("left"), *right = object.get("right");
    auto isNull = [](const json::Value *value) { return !value || value->kind() == json::Value::Null; };
    bool failed = object.getBoolean("left_failed").value_or(false);
    verdict.valued += failed || !isNull(left) || !isNull(right);
    if (!failed && agree(left, right, isFloat && !exact))
      continue;
    std::string example = "of " + recordsText(aggregate, law, object) + " the result of " + law.left + " is " +
                          shown(object, "left") + ", that of " + law.right + " is " + shown(object, "right");
    bool mayRound = hasFloats && !isFloat && !failed && !exact;
    keepShortest(mayRound ? verdict.perhapsRounding : verdict.counterexample, std::move(example));
  }
  return verdict;
}

/// Compiles the laws and runs them into `folder`.
static int runLaws(stream::AggregateOp aggregate, const std::vector<Law> &laws, StringRef folder) {
  CompileFlags flags;
  flags.file = "the laws of an aggregate";
  flags.text = pipelineOfLaws(aggregate, laws, folder);
  flags.cpu = "native";
  std::unique_ptr<codegen::Jit> jit;
  {
    Compilation compilation(flags);
    if (int code = compilation.runTo(Phase::Import))
      return code;
    fillLaws(*compilation.module().getOps<stream::PipelineOp>().begin(), laws);
    if (int code = compilation.runTo(Phase::Object))
      return code;
    auto loaded = codegen::Jit::load(compilation.object());
    if (!loaded) {
      reportError("internal error: " + toString(loaded.takeError()));
      return kWrong;
    }
    jit = std::make_unique<codegen::Jit>(std::move(*loaded));
  }
  std::string room(kPadding, ' '), values = room + valuesFor(aggregate, kTries) + room; // which the decoder may look at
  RunOptions options;
  options.quiet = true;
  options.memory = {
      {"values", reinterpret_cast<const uint8_t *>(values.data()) + kPadding, values.size() - 2 * kPadding}};
  return runPipeline(*jit->entry()(), options);
}

/// Says what came of all laws.
static int tell(stream::AggregateOp aggregate, const std::map<Law::Kind, Verdict> &verdicts) {
  std::string name = ("%" + cast<mlir::StringAttr>((*aggregate.getLabels())[0]).getValue()).str();
  int code = kDone;
  unsigned judged = kTries, valued = kTries;
  std::string held;
  for (const auto &[kind, verdict] : verdicts) {
    if (!verdict.counterexample.empty()) {
      aggregate.emitError("`") << name << "`: " << faultOf(kind) << ": " << verdict.counterexample;
      code = kWrong;
    } else if (!verdict.valued) {
      aggregate.emitError("`") << name << "`: " << textOf(kind) << " could not be tried: all of " << kTries
                               << " tries gave null or were errors (" << kTries - verdict.judged << ")";
      code = kWrong;
    } else if (!verdict.perhapsRounding.empty()) {
      aggregate.emitWarning("`") << name << "`: " << faultOf(kind)
                                 << ", unless it is the rounding of floats in its state: " << verdict.perhapsRounding;
    } else {
      held += (held.empty() ? "" : ", ") + textOf(kind).str();
      judged = std::min(judged, verdict.judged);
      valued = std::min(valued, verdict.valued);
    }
  }
  if (code || held.empty())
    return code;
  outs() << name << ": nothing found against " << held << " in " << judged << " tries";
  if (judged < kTries)
    outs() << " (the other " << kTries - judged << " were errors)";
  if (valued < judged)
    outs() << ", of which " << valued << " gave a value";
  outs() << "\n";
  return kDone;
}

/// Tries one aggregate and says what came of it.
static int tryFacts(stream::AggregateOp aggregate) {
  StringRef name = cast<mlir::StringAttr>((*aggregate.getLabels())[0]).getValue();
  if (any_of(aggregate.getSignature().getInputs(), [](mlir::Type type) { return mlir::isa<expr::BytesType>(type); })) {
    outs() << "%" << name << ": not tried, because it takes bytes\n";
    return kDone;
  }
  std::vector<Law> laws = lawsOf(aggregate);
  Scratch scratch;
  if (scratch.problem) {
    reportError("cannot make a folder for what is tried: " + problemText(scratch.problem));
    return kEnvironment;
  }
  if (int code = runLaws(aggregate, laws, scratch.path))
    return code;
  std::map<Law::Kind, Verdict> verdicts; // of all laws of a kind
  for (auto [i, law] : enumerate(laws)) {
    SmallString<128> path = scratch.path;
    sys::path::append(path, "law" + Twine(i));
    Expected<Verdict> verdict = judge(aggregate, law, path);
    if (!verdict) {
      reportError("cannot read what was tried: " + toString(verdict.takeError()));
      return kEnvironment;
    }
    Verdict &whole = verdicts.try_emplace(law.kind, *verdict).first->second;
    whole.judged = std::max(whole.judged, verdict->judged);
    whole.valued = std::max(whole.valued, verdict->valued);
    if (whole.counterexample.empty())
      whole.counterexample = verdict->counterexample;
    if (whole.perhapsRounding.empty())
      whole.perhapsRounding = verdict->perhapsRounding;
  }
  return tell(aggregate, verdicts);
}

int checkFacts(const CompileFlags &flags) {
  Compilation compilation(flags);
  if (int code = compilation.runTo(Phase::Import))
    return code;
  if (int code = compilation.requirePipelines())
    return code;
  unsigned count = 0;
  int worst = kDone;
  for (auto pipeline : compilation.module().getOps<stream::PipelineOp>())
    for (auto aggregate : pipeline.getOps<stream::AggregateOp>()) {
      ++count;
      worst = std::max(worst, tryFacts(aggregate));
    }
  if (!count)
    outs() << flags.file << " has no aggregates of its own, so there is nothing to try\n";
  return worst;
}

} // namespace millrace
