//===- Options.cpp - options that several subcommands take ----------------===//
#include "Options.h"
#include "Diagnostics.h"

#include "runtime/values/size_text.h"

using namespace llvm;

namespace millrace {

namespace {
struct EmitName {
  const char *name;
  Emit emit;
  Phase phase; ///< whose result it shows
};
} // namespace

static const EmitName kEmits[] = {{"mlir", Emit::Mlir, Phase::Import},         {"exec", Emit::Exec, Phase::Optimize},
                                  {"llvm-mlir", Emit::LlvmMlir, Phase::Lower}, {"ll", Emit::LlvmText, Phase::Llvm},
                                  {"bc", Emit::Bitcode, Phase::Llvm},          {"asm", Emit::Assembly, Phase::Object},
                                  {"obj", Emit::Object, Phase::Object}};

std::string joinNames(ArrayRef<StringRef> names) {
  std::string text;
  for (StringRef name : names)
    text += (text.empty() ? "" : ", ") + name.str();
  return text;
}

CLI::Validator oneOf(std::vector<StringRef> names) {
  auto check = [names](std::string &word) -> std::string {
    if (is_contained(names, word))
      return "";
    StringRef near = nearMiss(word, names);
    std::string hint = near.empty() ? "it can be " + joinNames(names) : "did you mean `" + near.str() + "`?";
    return "`" + word + "` is not known; " + hint;
  };
  return CLI::Validator(check, "");
}

static std::vector<std::pair<StringRef, Phase>> phases(Phase first) {
  std::vector<std::pair<StringRef, Phase>> all;
  for (int i = static_cast<int>(first); i <= static_cast<int>(Phase::Binary); ++i)
    all.emplace_back(kPhaseNames[i], static_cast<Phase>(i));
  return all;
}

/// `FILTER:PERCENT`.
static CLI::Validator passRate() {
  auto check = [](std::string &text) -> std::string {
    auto [name, percent] = StringRef(text).rsplit(':');
    unsigned value;
    bool right = !name.empty() && name.size() < text.size() && !percent.getAsInteger(10, value) && value <= 100;
    return right ? "" : "`" + text + "` is no pass rate; write the filter's name and a percentage, as in `strong:30`";
  };
  return CLI::Validator(check, "");
}

void addPlanOptions(CLI::App &app, TransformOptions &options) {
  std::vector<std::pair<StringRef, StagingMode>> modes;
  for (StagingMode mode :
       {StagingMode::Auto, StagingMode::Fused, StagingMode::Unfused, StagingMode::Staged, StagingMode::BranchFree})
    modes.emplace_back(stagingName(mode), mode);
  addChoice<StagingMode>(app, "--stage-mode", options.staging, modes, "how operators share loops")->group("For tests");
  std::vector<std::pair<StringRef, LayoutMode>> layouts;
  for (LayoutMode mode :
       {LayoutMode::Auto, LayoutMode::Dense, LayoutMode::Packed, LayoutMode::Inline, LayoutMode::ById})
    layouts.emplace_back(layoutName(mode), mode);
  addChoice<LayoutMode>(app, "--layout", options.layout, layouts, "how tables find a key's state")->group("For tests");
  using Forced = std::optional<stream::Algorithm>;
  std::vector<std::pair<StringRef, Forced>> algorithms(algorithmChoices().begin(), algorithmChoices().end());
  addChoice<Forced>(app, "--window-algorithm", options.algorithm, algorithms, algorithmHelp().str())
      ->group("For tests");
  std::vector<std::pair<StringRef, SharingMode>> sharings;
  for (SharingMode mode : {SharingMode::Auto, SharingMode::Off, SharingMode::Always})
    sharings.emplace_back(sharingName(mode), mode);
  addChoice<SharingMode>(app, "--share-slices", options.sharing, sharings,
                         "may windows over the same records be made of the same slices")
      ->group("For tests");
  addChoice<bool>(app, "--share-members", options.shareMembers, {{"auto", true}, {"off", false}},
                  "may aggregates of the same values share what they keep")
      ->group("For tests");
  app.add_flag_callback(
         "--as-written", [&options] { options.optimize = false; }, "do not optimise the plan")
      ->group("For tests");
  app.add_option("--likely", options.likely, "how many records a filter passes; may be repeated")
      ->allow_extra_args(false)
      ->check(passRate())
      ->type_name("FILTER:PERCENT");
}

void addDiagnostics(CLI::App &app, CompileFlags &flags) {
  addChoice<bool>(app, "--diagnostics", flags.listMessages, {{"text", false}, {"json", true}},
                  "the compiler's messages on standard error");
}

void addCompileOptions(CLI::App &app, CompileFlags &flags, const char *cpu) {
  flags.cpu = cpu;
  app.add_option("file", flags.file, "the pipeline; `-` reads standard input")->required()->type_name("FILE");
  std::vector<std::pair<StringRef, Emit>> emits;
  for (const EmitName &each : kEmits)
    emits.emplace_back(each.name, each.emit);
  addChoice<Emit>(app, "--emit", flags.emit, emits, "print this form and stop")->group("Looking inside");
  addChoice<Phase>(app, "--until", flags.until, phases(Phase::Import), "stop after this phase and print its result")
      ->group("Looking inside");
  addChoice<Phase>(app, "--from", flags.from, {{"import", Phase::Import}, {"lower", Phase::Lower}},
                   "what FILE holds, a pipeline or the llvm dialect")
      ->group("Looking inside");
  app.add_flag("--timing", flags.timing, "how long each phase takes")->group("Looking inside");
  app.add_flag("--remarks", flags.remarks, "what the compiler decided, and why")->group("Looking inside");
  addDiagnostics(app, flags);
  app.add_option("--sample", flags.sample, "example input: decoding is made for lines like these")->type_name("FILE");
  app.add_option("--pipeline", flags.pipeline, "which of the file's pipelines")->type_name("NAME");
  addPlanOptions(app, flags.transforms);
  addChoice<bool>(app, "--machine-code", flags.quickCode, {{"full", false}, {"quick", true}},
                  "quick: not optimised, compiled in half the time")
      ->group("For tests");
  app.add_option("--cpu", flags.cpu, "the processor: native, x86-64-v3, or another of LLVM's names")
      ->type_name("NAME")
      ->capture_default_str();
}

void addEngineOptions(CLI::App &app, RunOptions &options) {
  app.add_option("--set", options.settings, "value of a param; may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
  app.add_flag("--json", options.json, "final statistics as JSON, on standard error");
  app.add_flag("--stats", options.stats, "final statistics even if standard error is no terminal");
  app.add_flag("-q,--quiet", options.quiet, "errors only, also of the compiler");
  auto setBudget = [&options](const std::string &text) {
    std::string problem;
    std::optional<uint64_t> bytes = parseMemory(text, problem);
    if (!bytes)
      throw CLI::ValidationError("--memory", problem);
    options.stateBudget = *bytes;
  };
  app.add_option_function<std::string>("--memory", setBudget, kMemoryHelp)->type_name("SIZE");
  app.add_flag("--drain", options.drain,
               "Ctrl-C counts as the end of input: open windows fire (status 130 all the same)");
  addChoice<Progress>(app, "--progress", options.progress,
                      {{"auto", Progress::Auto}, {"always", Progress::Always}, {"never", Progress::Never}},
                      "the live status line");
  app.add_option("--batch", options.batch, "records taken together, 1 to 4096")
      ->check(CLI::Range(1u, kMaxBatch))
      ->type_name("N")
      ->group("For tests");
  app.add_option("--piece", options.piece, "positions of state that a firing goes through between two batches")
      ->check(CLI::Range(1u, ~0u))
      ->type_name("N")
      ->group("For tests");
  addChoice<DecodePath>(app, "--decode", options.decode,
                        {{"auto", DecodePath::Auto},
                         {"generated", DecodePath::Generated},
                         {"learned", DecodePath::Learned},
                         {"general", DecodePath::General}},
                        "how JSON is read")
      ->group("For tests");
  addChoice<Simd>(app, "--simd", options.simd,
                  {{"auto", Simd::Auto}, {"avx512", Simd::Avx512}, {"avx2", Simd::Avx2}, {"portable", Simd::Portable}},
                  "the vector unit")
      ->group("For tests");
  app.add_option("--clock", options.clock, "simulated processing time")->type_name("SPEC")->group("For tests");
}

bool settlePhases(const CLI::App &app, CompileFlags &flags) {
  bool until = app.get_option("--until")->count() > 0;
  if (flags.emit == Emit::None && until) {
    static const Emit results[] = {Emit::Mlir, Emit::Exec, Emit::LlvmMlir, Emit::LlvmText, Emit::Object, Emit::None};
    flags.emit = results[static_cast<int>(flags.until)];
  } else if (flags.emit != Emit::None) {
    const EmitName &form = *find_if(kEmits, [&](const EmitName &each) { return each.emit == flags.emit; });
    if (until && flags.until < form.phase) {
      reportError("--emit=" + Twine(form.name) + " shows what phase `" + phaseName(form.phase) +
                  "` gives, but --until stops before it");
      return false;
    }
    // Streams are still there in the middle of `optimize`; all else stops at the phase that gives it.
    bool planned = flags.emit == Emit::Mlir && until && flags.until > Phase::Import;
    flags.until = planned ? Phase::Optimize : form.phase;
  }
  if (flags.emit != Emit::None && flags.until < flags.from) {
    reportError("--until names a phase before --from");
    return false;
  }
  return true;
}

} // namespace millrace
